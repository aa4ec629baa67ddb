import type {
  AgentSnapshot,
  ContactSnapshot,
  DeviceState,
  Part,
  Presence,
  Requirement,
  RoutedState,
  RouteId,
  Skills,
  Work,
} from './model.js'
import { AGEING_FLOOR, AGEING_STEP_MS } from './model.js'
import { meetsRequirement, rankAgent } from './rank.js'

/** State and matching rule of the reference core: plain objects, no index, every question answered by looking at everybody. */

export interface RefAgent {
  readonly id: string
  skills: Skills
  configVersion: number
  presence: Presence
  /** Of a break, or why the presence is not the agent's choice. */
  breakReason: string
  work: Work
  workReason: string
  device: DeviceState
  /** PBX nodes at which the device is up, newest first. */
  deviceNodes: readonly string[]
  /** The node that said it is busy; null: one without a name. Absent: it is not. */
  busyAt?: string | null
  idleSince?: number
  presenceSince: number
  workSince: number
  next?: { presence: Presence; reason: string; by?: string }
  wrapUntil?: number
  contact?: RefContact
  side?: RefSide
  /** Until when one of the agent's clients has to be back; absent: it had none. */
  clientUntil?: number
  removed: boolean
  version: number
}

/** An agent's part in a contact that is another agent's. */
export interface RefSide {
  readonly id: string
  readonly token: number
  readonly contactId: string
  readonly queue: string
  readonly node?: string
  readonly part: Part
  readonly deadline: number
  state: 'pending' | 'accepted' | 'wrapping'
}

/** A step of a contact's search: everybody who meets a requirement, or one preferred agent. */
export interface Stage {
  readonly route: RouteId
  readonly afterMs: number
  readonly requirement?: Requirement
  readonly agent?: string
}

export interface RefPromise {
  readonly id: string
  readonly token: number
  readonly agent: RefAgent
  readonly route: RouteId
  readonly createdAt: number
  /** Where the agent's device was up. */
  readonly deviceNode?: string
  deadline: number
  state: 'pending' | 'accepted' | 'wrapping'
}

export interface RefContact {
  readonly id: string
  queue: string
  priority: number
  enqueuedAt: number
  readonly node?: string
  stages: readonly Stage[]
  /** How many stages count now. */
  active: number
  /** Agent -> until when apart; Infinity is for ever. */
  apart: Map<string, number>
  ringMs: number
  rejectMs: number
  endOfWait?: number
  state: RoutedState
  promise?: RefPromise
  connectedAt?: number
  parkedAt?: number
  attempts: number
  version: number
  /** Only while the contact is being queued. */
  pop?: Readonly<Record<string, unknown>>
}

export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export function isFree(a: RefAgent): boolean {
  return a.presence === 'available' && a.work === 'idle' && a.device === 'up'
}

export function isBusy(a: RefAgent): boolean {
  return a.work !== 'idle' && a.work !== 'not_responding'
}

export function rings(a: RefAgent): boolean {
  return a.work === 'reserved' || a.work === 'ringing'
}

/** Whether the agent may get the contact in this stage; a preferred agent needs the skills of at least one general stage. */
function fits(a: RefAgent, c: RefContact, stage: Stage): boolean {
  if (stage.requirement !== undefined) return meetsRequirement(a.skills, stage.requirement)
  if (stage.agent !== a.id) return false
  const general = c.stages.filter((s) => s.requirement !== undefined)
  return general.length === 0 || general.some((s) => meetsRequirement(a.skills, s.requirement!))
}

/** The first stage that counts now in which the agent fits, if the two are not kept apart. */
export function commonStage(a: RefAgent, c: RefContact): Stage | undefined {
  if (c.apart.has(a.id)) return undefined
  return c.stages.slice(0, c.active).find((stage) => fits(a, c, stage))
}

/** Whom a contact gets: fewest relaxations, then highest level of the required skills, then longest idle, then id. */
export function bestAgent(c: RefContact, agents: Iterable<RefAgent>): { agent: RefAgent; stage: Stage } | undefined {
  const order = (x: { agent: RefAgent; stage: Stage }): number[] => [
    c.stages.indexOf(x.stage),
    -rankAgent(x.agent.skills, x.stage.requirement ?? {}),
    x.agent.idleSince!,
  ]
  const found = [...agents].filter(isFree).flatMap((agent) => {
    const stage = commonStage(agent, c)
    return stage === undefined ? [] : [{ agent, stage }]
  })
  return found.sort((x, y) => compareLists(order(x), order(y)) || compareIds(x.agent.id, y.agent.id))[0]
}

/** Where a contact stands: its band, then the time it began to wait, moved by its priority. */
function place(c: RefContact): number[] {
  if (c.priority < AGEING_FLOOR) return [c.priority, c.enqueuedAt]
  return [AGEING_FLOOR, c.enqueuedAt + (c.priority - AGEING_FLOOR) * AGEING_STEP_MS]
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  return a.reduce((found, value, i) => found || value - b[i]!, 0)
}

/** Which waiting contact a free agent takes. */
export function bestContact(
  a: RefAgent,
  contacts: Iterable<RefContact>,
): { contact: RefContact; stage: Stage } | undefined {
  const found = [...contacts]
    .filter((c) => c.state === 'queued')
    .flatMap((contact) => {
      const stage = commonStage(a, contact)
      return stage === undefined ? [] : [{ contact, stage }]
    })
  return found.sort(
    (x, y) => compareLists(place(x.contact), place(y.contact)) || compareIds(x.contact.id, y.contact.id),
  )[0]
}

/** How many wait in the same queue and are certain to be taken before. */
export function positionOf(c: RefContact, contacts: Iterable<RefContact>): number {
  return [...contacts].filter(
    (other) =>
      other !== c && other.state === 'queued' && other.queue === c.queue && compareLists(place(other), place(c)) < 0,
  ).length
}

/** Every alarm that the present state calls for: [due time, kind:id]. */
export function alarms(agents: Iterable<RefAgent>, contacts: Iterable<RefContact>): Array<[number, string]> {
  const due: Array<[number, string]> = []
  for (const c of contacts) {
    if (c.state === 'reserved') due.push([c.promise!.deadline, `ring:${c.promise!.id}`])
    if (c.state !== 'queued') continue
    const coming = c.stages[c.active]
    if (coming !== undefined) due.push([c.enqueuedAt + coming.afterMs, `relax:${c.id}`])
    if (c.endOfWait !== undefined) due.push([c.endOfWait, `wait:${c.id}`])
    const unblock = Math.min(...c.apart.values())
    if (Number.isFinite(unblock)) due.push([unblock, `unblock:${c.id}`])
  }
  for (const a of agents) {
    if (a.work === 'wrapping') due.push([a.wrapUntil!, `wrap:${a.id}`])
    if (a.side !== undefined && rings(a)) due.push([a.side.deadline, `ring:${a.side.id}`])
    if (a.clientUntil !== undefined) due.push([a.clientUntil, `client:${a.id}`])
  }
  return due.sort((x, y) => x[0] - y[0] || compareIds(x[1], y[1]))
}

function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined && v !== '')) as T
}

export function agentSnapshot(a: RefAgent): AgentSnapshot {
  const { side, contact } = a
  const promise = side ?? contact?.promise
  return compact({
    agentId: a.id,
    presence: a.presence,
    breakReason: a.presence === 'break' ? a.breakReason : '',
    presenceReason: a.presence === 'break' ? '' : a.breakReason,
    work: a.work,
    workReason: a.workReason,
    device: a.device,
    deviceNodes: a.deviceNodes.length === 0 ? undefined : a.deviceNodes,
    idleSince: a.idleSince,
    presenceSince: a.presenceSince,
    workSince: a.workSince,
    reservationId: promise?.id,
    contactId: side?.contactId ?? contact?.id,
    contactNode: side === undefined ? contact?.node : side.node,
    part: side?.part,
    token: promise?.token,
    deadline: contact?.state === 'reserved' || (side !== undefined && rings(a)) ? promise?.deadline : undefined,
    wrapUntil: a.wrapUntil,
    nextPresence: a.next?.presence,
    nextBreakReason: a.next?.presence === 'break' ? a.next.reason : '',
    version: a.version,
  })
}

export function contactSnapshot(c: RefContact): ContactSnapshot {
  return compact({
    contactId: c.id,
    state: c.state,
    queue: c.queue,
    priority: c.priority,
    enqueuedAt: c.enqueuedAt,
    node: c.node,
    deviceNode: c.promise?.deviceNode,
    agentId: c.promise?.agent.id,
    reservationId: c.promise?.id,
    token: c.promise?.token,
    deadline: c.state === 'reserved' ? c.promise?.deadline : undefined,
    connectedAt: c.state === 'connected' ? c.connectedAt : undefined,
    parkedAt: c.state === 'connected' ? c.parkedAt : undefined,
    attempts: c.attempts,
    version: c.version,
  })
}
