import type { AgentSnapshot, ContactSnapshot, QueueSnapshot, Reservation } from './model.js'

/** What scripts answer: numbers, text and nested lists of them. */
export type Reply = string | number | null | Reply[]

const text = (value: unknown): string => String(value)
const number = (value: unknown): number | undefined => (value === '' || value == null ? undefined : Number(value))
const filled = <T>(value: string | undefined): T | undefined => (value === '' ? undefined : (value as T | undefined))

function fieldsOf(reply: Reply): Record<string, string> {
  const flat = reply as string[]
  const fields: Record<string, string> = {}
  for (let i = 0; i < flat.length; i += 2) fields[flat[i]!] = flat[i + 1]!
  return fields
}

/** Leaves out what is absent, so that snapshots compare and serialise cleanly. */
function compact<T extends object>(value: T): T {
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key]
  return value
}

/** include/reserve.lua `made`. */
export function decodeReservations(reply: Reply): Reservation[] {
  return (reply as Reply[][]).map(
    ([id, contactId, agentId, queue, route, token, createdAt, deadline, node, popped]) => ({
      id: text(id),
      contactId: text(contactId),
      agentId: text(agentId),
      queue: text(queue),
      route: text(route),
      token: Number(token),
      createdAt: Number(createdAt),
      deadline: Number(deadline),
      ...(node === '' ? {} : { deviceNode: text(node) }),
      ...(popped === undefined ? {} : { popped: true as const }),
    }),
  )
}

/** An agent's hash (fields of an earlier work stay in it; the work says which count); without fields (it left the centre as its work ended) an offline one of version 0. */
export function decodeAgent(agentId: string, reply: Reply): AgentSnapshot {
  const f = fieldsOf(reply)
  const busy = f.work !== undefined && f.work !== 'idle' && f.work !== 'not_responding'
  const offered = f.work === 'reserved' || f.work === 'ringing'
  return compact({
    agentId,
    presence: filled<AgentSnapshot['presence']>(f.presence) ?? 'offline',
    breakReason: f.presence === 'break' ? filled<string>(f.breakReason) : undefined,
    presenceReason: f.presence === 'break' ? undefined : filled<string>(f.breakReason),
    work: filled<AgentSnapshot['work']>(f.work) ?? 'idle',
    workReason: filled<string>(f.workReason),
    part: busy ? filled<AgentSnapshot['part']>(f.part) : undefined,
    device: filled<AgentSnapshot['device']>(f.device) ?? 'down',
    deviceNodes: filled<string>(f.deviceNodes)?.split(' '),
    idleSince: number(f.idleSince),
    presenceSince: number(f.presenceSince) ?? 0,
    workSince: number(f.workSince) ?? 0,
    reservationId: busy ? f.reservationId : undefined,
    contactId: busy ? f.contactId : undefined,
    contactNode: busy ? filled<string>(f.contactNode) : undefined,
    token: busy ? number(f.token) : undefined,
    deadline: offered ? number(f.deadline) : undefined,
    wrapUntil: f.work === 'wrapping' ? number(f.wrapUntil) : undefined,
    nextPresence: filled<AgentSnapshot['presence']>(f.nextPresence),
    nextBreakReason: f.nextPresence === 'break' ? filled<string>(f.nextBreakReason) : undefined,
    version: number(f.version) ?? 0,
  })
}

export function decodeContact(contactId: string, reply: Reply): ContactSnapshot {
  const f = fieldsOf(reply)
  const promised = f.state !== 'queued'
  return compact({
    contactId,
    state: f.state as ContactSnapshot['state'],
    queue: f.queue!,
    priority: Number(f.priority),
    enqueuedAt: Number(f.enqueuedAt),
    node: filled<string>(f.node),
    deviceNode: promised ? filled<string>(f.deviceNode) : undefined,
    agentId: promised ? f.agentId : undefined,
    reservationId: promised ? f.reservationId : undefined,
    token: promised ? number(f.token) : undefined,
    deadline: f.state === 'reserved' ? number(f.deadline) : undefined,
    connectedAt: f.state === 'connected' ? number(f.connectedAt) : undefined,
    parkedAt: f.state === 'connected' ? number(f.parkedAt) : undefined,
    attempts: Number(f.attempts ?? 0),
    version: Number(f.version),
  })
}

/** The id of a hash that read-moment.lua returned. */
export function idOf(reply: Reply): string {
  return text((reply as Reply[]).at(-1))
}

export function decodeQueue(reply: Reply): QueueSnapshot {
  const [queue, waiting, oldest, free] = reply as Reply[]
  return compact({ queue: text(queue), waiting: Number(waiting), oldest: number(oldest), free: Number(free) })
}
