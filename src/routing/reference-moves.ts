import { RoutingError } from './errors.js'
import type { Presence, Reservation, RoutingErrorCode, Work } from './model.js'
import {
  bestAgent,
  bestContact,
  isFree,
  positionOf,
  type RefAgent,
  type RefContact,
  type RefPromise,
  type Stage,
} from './reference-state.js'

/** One journal event as the reference writes it. */
export interface RefEvent {
  readonly seq: number
  readonly type: string
  readonly time: number
  readonly subject: string
  readonly contactId: string
  readonly version: number
  readonly data: Readonly<Record<string, unknown>>
}

/** What is remembered of a promise that ended. */
export interface Tombstone {
  readonly state: string
  readonly token: number
  readonly agentId: string
}

/** @throws RoutingError always */
export function refuse(code: RoutingErrorCode): never {
  throw new RoutingError(code)
}

export function promiseRef(c: RefContact): Record<string, unknown> {
  const { id, agent, token } = c.promise!
  return { reservationId: id, agentId: agent.id, queue: c.queue, token }
}

export function reservationOf(c: RefContact): Reservation {
  const { id, agent, token, route, createdAt, deadline, deviceNode } = c.promise!
  const node = deviceNode === undefined ? {} : { deviceNode }
  const popped = c.pop === undefined ? {} : { popped: true as const }
  const { id: contactId, queue } = c
  return { id, contactId, agentId: agent.id, queue, route, token, createdAt, deadline, ...node, ...popped }
}

const PROMISE_VERSION = { pending: 1, accepted: 2, wrapping: 3 }

/** The moves that the reference's commands are made of: promising, falling through, ending work, and their events. */
export class ReferenceMoves {
  readonly agents = new Map<string, RefAgent>()
  readonly contacts = new Map<string, RefContact>()
  readonly journal: RefEvent[] = []
  protected readonly ended = new Map<string, Tombstone>()
  protected now = 0
  protected made: Reservation[] = []

  protected begin(now: number): void {
    this.now = now
    this.made = []
  }

  protected emit(
    type: string,
    subject: string,
    contactId: string,
    version: number,
    data: Readonly<Record<string, unknown>>,
    time = this.now,
  ): void {
    this.journal.push({ seq: this.journal.length + 1, type, time, subject, contactId, version, data })
  }

  protected contactEvent(c: RefContact, name: string, data: Record<string, unknown>): void {
    c.version += 1
    this.emit(`contact.${name}`, `contact:${c.id}`, c.id, c.version, data)
  }

  protected promiseEvent(c: RefContact, name: string, version: number, more: Record<string, unknown> = {}): void {
    this.emit(`reservation.${name}`, `reservation:${c.promise!.id}`, c.id, version, { ...promiseRef(c), ...more })
  }

  /** Changes the agent's work; `c` is the contact it is about. */
  protected work(a: RefAgent, work: Work, c?: RefContact, more: Record<string, unknown> = {}, since = this.now): void {
    a.version += 1
    const about = c === undefined ? {} : { contactId: c.id, reservationId: c.promise!.id }
    const data = { agentId: a.id, work, previous: a.work, since, ...about, ...more }
    this.emit('agent.work_changed', `agent:${a.id}`, c?.id ?? '', a.version, data)
    a.work = work
    a.workSince = since
    a.contact = c
    a.side = undefined
  }

  /** Changes the work of an agent whose part in a contact goes on or begins. */
  protected sideWork(a: RefAgent, work: Work, more: Record<string, unknown> = {}, since = this.now): void {
    const { contactId, id: reservationId, part } = a.side!
    a.version += 1
    // Whom a supervisor listens to is not told to the whole floor.
    const about = part === 'supervision' ? {} : { contactId, reservationId }
    const data = { agentId: a.id, work, previous: a.work, since, ...about, ...more }
    this.emit('agent.work_changed', `agent:${a.id}`, about.contactId ?? '', a.version, data)
    a.work = work
    a.workSince = since
    a.contact = undefined
  }

  protected sideEvent(a: RefAgent, name: string, version: number, more: Record<string, unknown> = {}): void {
    const { id: reservationId, queue, token, contactId, part } = a.side!
    // Of a contact that has just been left behind without wrap-up it was the agent's own until now.
    const beside = part === 'after' && a.side!.state === 'accepted' ? {} : { part }
    const data = { reservationId, agentId: a.id, queue, token, ...beside, ...more }
    this.emit(`reservation.${name}`, `reservation:${reservationId}`, contactId, version, data)
  }

  protected endSide(a: RefAgent, state: string, more: Record<string, unknown> = {}): void {
    const side = a.side!
    this.sideEvent(a, state, PROMISE_VERSION[side.state] + 1, more)
    this.ended.set(side.id, { state, token: side.token, agentId: a.id })
  }

  /** A part ends before it was joined. */
  protected dropSide(a: RefAgent, state: string, reason: string): void {
    this.endSide(a, state, state === 'timed_out' || reason === '' ? {} : { reason })
    if (state === 'rejected') this.settle(a, 'idle', '', this.now)
    else if (state === 'cancelled' || reason === 'pbx_away') this.settle(a, 'idle', '', a.idleSince)
    else this.settle(a, 'not_responding', reason)
  }

  protected finishSide(a: RefAgent): void {
    this.endSide(a, 'completed')
    this.settle(a, 'idle', '', this.now)
  }

  /** The contact went on without its agent. `promise`, `queue`: as it had them. */
  protected leaveBehind(c: RefContact, promise: RefPromise, queue: string, wrapMs: number): void {
    const { agent, id, token } = promise
    agent.contact = undefined
    agent.side = {
      id,
      token,
      contactId: c.id,
      queue,
      node: c.node,
      part: 'after',
      deadline: promise.deadline,
      state: wrapMs === 0 ? 'accepted' : 'wrapping',
    }
    if (wrapMs > 0) {
      agent.wrapUntil = this.now + wrapMs
      this.sideWork(agent, 'wrapping', { wrapUntil: agent.wrapUntil })
    } else this.finishSide(agent)
  }

  protected presence(a: RefAgent, presence: Presence, reason: string, by?: string): void {
    a.next = undefined
    if (presence === a.presence && reason === a.breakReason) return
    a.version += 1
    this.emit('agent.presence_changed', `agent:${a.id}`, '', a.version, {
      agentId: a.id,
      presence,
      previous: a.presence,
      since: this.now,
      ...(reason === '' ? {} : presence === 'break' ? { breakReason: reason } : { reason }),
      ...(by === undefined ? {} : { by }),
    })
    if (presence !== a.presence) a.idleSince = presence === 'available' ? this.now : undefined
    a.presence = presence
    a.breakReason = reason
    a.presenceSince = this.now
  }

  protected reserve(c: RefContact, a: RefAgent, stage: Stage): void {
    const token = this.journal.length + 1
    const [createdAt, deadline] = [this.now, this.now + c.ringMs]
    c.promise = {
      id: `r${createdAt}-${token}`,
      token,
      agent: a,
      route: stage.route,
      createdAt,
      deadline,
      deviceNode: a.deviceNodes[0],
      state: 'pending',
    }
    c.state = 'reserved'
    c.version += 1
    this.promiseEvent(c, 'created', 1, {
      route: stage.route,
      createdAt,
      deadline,
      enqueuedAt: c.enqueuedAt,
      attempts: c.attempts,
      ...(a.deviceNodes.length === 0 ? {} : { node: a.deviceNodes[0] }),
      ...(c.pop === undefined ? {} : { popped: true }),
    })
    this.work(a, 'reserved', c)
    if (c.pop !== undefined) {
      const { id: reservationId } = c.promise
      const pop = { reservationId, token, agentId: a.id, deadline, ...c.pop }
      this.emit('screenpop.created', `reservation:${reservationId}`, c.id, 1, { ...promiseRef(c), pop })
    }
    a.workReason = ''
    this.made.push(reservationOf(c))
  }

  protected offerContact(c: RefContact): boolean {
    const found = bestAgent(c, this.agents.values())
    if (found !== undefined) this.reserve(c, found.agent, found.stage)
    return found !== undefined
  }

  protected offerAgent(a: RefAgent): boolean {
    const found = isFree(a) ? bestContact(a, this.contacts.values()) : undefined
    if (found !== undefined) this.reserve(found.contact, a, found.stage)
    return found !== undefined
  }

  /** Begins (or begins again) to wait at the old place; returns the position. */
  protected startWaiting(c: RefContact, more: Record<string, unknown> = {}): number {
    c.state = 'queued'
    c.active = c.stages.filter((stage) => stage.afterMs <= this.now - c.enqueuedAt).length
    const position = positionOf(c, this.contacts.values())
    const { queue, priority, enqueuedAt, attempts } = c
    this.contactEvent(c, 'queued', { queue, priority, enqueuedAt, attempts, position, ...more })
    return position
  }

  protected endPromise(c: RefContact, state: string, more: Record<string, unknown> = {}): RefAgent {
    const promise = c.promise!
    this.promiseEvent(c, state, PROMISE_VERSION[promise.state] + 1, more)
    this.ended.set(promise.id, { state, token: promise.token, agentId: promise.agent.id })
    return promise.agent
  }

  protected fallThrough(
    c: RefContact,
    state: string,
    more: Record<string, unknown> = {},
    apartMs = Number.POSITIVE_INFINITY,
  ): RefAgent {
    const a = this.endPromise(c, state, more)
    c.promise = undefined
    this.dropApart(c)
    if (c.apart.get(a.id) !== Number.POSITIVE_INFINITY) c.apart.set(a.id, this.now + Math.min(c.rejectMs, apartMs))
    c.attempts += 1
    this.startWaiting(c)
    this.offerContact(c)
    return a
  }

  protected dropPromise(c: RefContact, state: string, reason: string): void {
    const a = this.fallThrough(
      c,
      state,
      state === 'timed_out' ? {} : { reason },
      reason === 'pbx_away' ? 5_000 : undefined,
    )
    if (reason === 'pbx_away') this.settle(a, 'idle', '', a.idleSince)
    else this.settle(a, 'not_responding', reason)
  }

  /** Pairs whose time apart is over may meet again. */
  protected dropApart(c: RefContact): void {
    for (const [id, until] of c.apart) if (until <= this.now) c.apart.delete(id)
  }

  /** The agent's work ended; `since`: from when it counts as idle. */
  protected settle(a: RefAgent, work: 'idle' | 'not_responding', reason: string, since?: number): void {
    a.wrapUntil = undefined
    a.idleSince = work === 'idle' && a.presence === 'available' ? since : undefined
    if (a.next !== undefined && !a.removed) this.presence(a, a.next.presence, a.next.reason, a.next.by)
    if (work !== 'idle') a.idleSince = undefined
    const before = a.work
    if (work === 'idle' && !a.removed) {
      // never seen as idle when the next contact is there at once
      a.work = 'idle'
      const found = isFree(a) ? bestContact(a, this.contacts.values()) : undefined
      a.work = before
      if (found !== undefined) {
        this.reserve(found.contact, a, found.stage)
        return
      }
    }
    this.work(a, work, undefined, reason === '' ? {} : { reason })
    a.workReason = reason
    if (a.removed) this.forgetAgent(a)
  }

  protected forgetAgent(a: RefAgent): void {
    this.presence(a, 'offline', '')
    this.agents.delete(a.id)
  }

  protected loseClient(a: RefAgent): void {
    if ((a.next?.presence ?? a.presence) !== 'available') return
    const lost = { presence: 'offline', reason: 'client_lost' } as const
    if (a.work === 'idle') this.presence(a, lost.presence, lost.reason)
    else {
      a.next = lost
      if (a.work === 'not_responding') this.settle(a, 'idle', '')
      else a.version += 1
    }
  }

  protected finish(c: RefContact, how: string): void {
    const a = this.endPromise(c, 'completed')
    this.contactEvent(c, 'completed', { agentId: a.id, queue: c.queue, how })
    this.contacts.delete(c.id)
    this.settle(a, 'idle', '', this.now)
  }

  protected leave(c: RefContact, reason: string): number {
    const waitedMs = Math.max(this.now - c.enqueuedAt, 0)
    const a = c.state === 'reserved' ? this.endPromise(c, 'cancelled', { reason }) : undefined
    this.contactEvent(c, 'abandoned', { queue: c.queue, waitedMs, enqueuedAt: c.enqueuedAt, reason })
    this.contacts.delete(c.id)
    if (a !== undefined) this.settle(a, 'idle', '', a.idleSince)
    return waitedMs
  }

  protected relax(c: RefContact): void {
    while (c.active < c.stages.length && c.stages[c.active]!.afterMs <= this.now - c.enqueuedAt) {
      this.contactEvent(c, 'relaxed', { queue: c.queue, route: c.stages[c.active]!.route })
      c.active += 1
    }
    this.offerContact(c)
  }

  protected unblock(c: RefContact): void {
    this.dropApart(c)
    this.offerContact(c)
  }
}
