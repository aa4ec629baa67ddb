import type { DrawIn, ForgottenPart, PlaceCall, Reservation, TransferContact } from './model.js'
import { type Ref, ReferenceLookup, type Result } from './reference-lookup.js'
import { refuse, reservationOf } from './reference-moves.js'
import { bestAgent, isBusy, isFree, type RefAgent, type RefContact, rings } from './reference-state.js'

/** The reference's commands about contacts that more than one agent has to do with. */
export class ReferenceParts extends ReferenceLookup {
  drawInAgent(
    wish: Omit<DrawIn, 'from'> & { readonly from: { readonly agentId: string } | { readonly queue: string } },
    now: number,
  ): Reservation {
    this.begin(now)
    const { from, part, ringMs, anyPresence, pop } = wish
    const c = this.contactOf(wish.contactId)
    if (c.state !== 'connected') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const { a, route } =
      'agentId' in from ? this.#named(c, from.agentId, anyPresence === true) : this.#of(c, from.queue)
    const token = this.journal.length + 1
    const { queue, enqueuedAt, node } = c
    const deadline = now + ringMs
    a.contact = undefined
    a.side = { id: `r${now}-${token}`, token, contactId: c.id, queue, node, part, deadline, state: 'pending' }
    const [home] = a.deviceNodes
    this.sideEvent(a, 'created', 1, {
      ...{ route, createdAt: now, deadline, enqueuedAt, attempts: 0 },
      ...(home === undefined ? {} : { node: home }),
      ...(pop === undefined ? {} : { popped: true }),
    })
    this.sideWork(a, 'reserved')
    const { id } = a.side
    if (pop !== undefined) {
      const subject = `reservation:${id}`
      const shown = { reservationId: id, token, agentId: a.id, deadline, ...pop }
      this.emit('screenpop.created', subject, c.id, 1, { reservationId: id, agentId: a.id, queue, token, pop: shown })
    }
    const at = home === undefined ? {} : { deviceNode: home }
    const popped = pop === undefined ? {} : { popped: true as const }
    return { id, contactId: c.id, agentId: a.id, queue, route, token, createdAt: now, deadline, ...at, ...popped }
  }

  placeCall(wish: PlaceCall, now: number): Reservation {
    this.begin(now)
    const { contactId: id, agentId, queue, node, ringMs, maxWaitMs, created } = wish
    if (this.contacts.has(id)) return refuse('CTI_ERR_CONTACT_EXISTS')
    const a = this.agentOf(agentId)
    const ready = (a.work === 'idle' || a.work === 'wrapping') && a.device === 'up' && !a.removed
    if (!ready || (a.next?.presence ?? a.presence) === 'offline') return refuse('CTI_ERR_AGENT_WRONG_STATE')
    this.emit('contact.created', `contact:${id}`, id, 1, created)
    if (a.work === 'wrapping') this.#finishUnoffered(a)
    const c: RefContact = {
      ...{ id, queue, node, priority: 50, enqueuedAt: now, ringMs, rejectMs: 0, endOfWait: now + maxWaitMs },
      ...{ stages: [], active: 0, apart: new Map(), state: 'queued', attempts: 0, version: 1 },
    }
    this.contacts.set(id, c)
    this.reserve(c, a, { route: `@${agentId}`, afterMs: 0 })
    return reservationOf(c)
  }

  /** The wrap-up ends without an offer: the agent has something else to do. */
  #finishUnoffered(a: RefAgent): void {
    a.device = 'down'
    if (a.side === undefined) this.finish(a.contact!, 'finished')
    else this.finishSide(a)
    a.device = 'up'
  }

  restorePart({ contactId, part, reservationId: id, token, agentId }: ForgottenPart, now: number): void {
    this.begin(now)
    const c = this.contactOf(contactId)
    if (c.state !== 'connected') refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const a = this.agentOf(agentId)
    if (a.side?.id === id) return
    if (this.isKnown(id) && this.ended.get(id)?.state !== 'completed') refuse('CTI_ERR_CONTACT_EXISTS')
    if (isBusy(a)) refuse('CTI_ERR_AGENT_WRONG_STATE')
    this.ended.delete(id)
    a.side = { id, token, contactId, queue: c.queue, node: c.node, part, deadline: 0, state: 'accepted' }
    this.sideWork(a, 'talking')
    a.workReason = ''
  }

  joinAgent(p: Ref, now: number): void {
    this.begin(now)
    const a = this.requireSide(p)
    if (a.work === 'talking') return
    if (!rings(a)) refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (a.side!.state === 'pending') this.sideEvent(a, 'accepted', 2, { by: 'device' })
    a.side!.state = 'accepted'
    this.sideWork(a, 'talking')
  }

  leavePart(p: Ref, reason: string, now: number): Result {
    this.begin(now)
    const a = this.requireSide(p)
    if (a.side!.part === 'after') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (rings(a)) this.dropSide(a, 'cancelled', reason)
    else this.finishSide(a)
    return { reservations: this.made }
  }

  handOverContact(contactId: string, p: Ref, wrapMs: number, kind: string, now: number): Result {
    this.begin(now)
    const c = this.contactOf(contactId)
    if (c.state !== 'connected') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const was = c.promise!
    if (was.id === p.reservationId && was.token === p.token) return { reservations: [] }
    const a = this.sideOf(p) ?? refuse('CTI_ERR_RESERVATION_NOT_FOUND')
    const { side } = a
    if (side?.contactId !== c.id || a.work !== 'talking') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const from = { agentId: was.agent.id, reservationId: was.id, queue: c.queue }
    this.contactEvent(c, 'transferred', { ...from, kind, toAgent: a.id, toReservation: side.id })
    const { id, token, deadline } = side
    c.parkedAt = undefined
    c.promise = {
      id,
      token,
      agent: a,
      route: '',
      createdAt: 0,
      deadline,
      deviceNode: a.deviceNodes[0],
      state: 'accepted',
    }
    a.contact = c
    a.side = undefined
    // So far nobody was told whose contact it was.
    if (side.part === 'supervision') this.work(a, 'talking', c)
    this.leaveBehind(c, was, c.queue, wrapMs)
    return { reservations: this.made }
  }

  transferContact(transfer: Omit<TransferContact, 'routes'>, now: number): Result {
    this.begin(now)
    const { queue, mustBeFree: to, wrapMs, kind, priority, enqueuedAt, ringMs, rejectMs, maxWaitMs, limit } = transfer
    const c = this.contactOf(transfer.contactId)
    if (c.state !== 'connected') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (to !== undefined && !isFree(this.agentOf(to))) return refuse('CTI_ERR_AGENT_WRONG_STATE')
    if (limit !== undefined && this.waitingIn(queue).length >= limit) return refuse('CTI_ERR_QUEUE_FULL')
    const was = c.promise!
    const from = c.queue
    this.contactEvent(c, 'transferred', {
      ...{ agentId: was.agent.id, reservationId: was.id, queue: from, kind, toQueue: queue },
      ...(to === undefined ? {} : { toAgent: to }),
    })
    const apart = new Map((transfer.excluded ?? []).map((agent) => [agent, Number.POSITIVE_INFINITY]))
    const endOfWait = maxWaitMs === undefined ? undefined : enqueuedAt + maxWaitMs
    const stages = this.stagesOf({ ...transfer, channel: 'voice' })
    Object.assign(c, { queue, priority, enqueuedAt, ringMs, rejectMs, endOfWait, apart, stages, attempts: 0 })
    c.promise = undefined
    c.parkedAt = undefined
    this.startWaiting(c, {
      transferred: true,
      ...(transfer.preferredAgent === undefined ? {} : { preferredAgent: transfer.preferredAgent }),
    })
    c.pop = transfer.pop
    this.offerContact(c)
    delete c.pop
    this.leaveBehind(c, was, from, wrapMs)
    return { reservations: this.made }
  }

  #named(c: RefContact, agentId: string, anyPresence: boolean): { a: RefAgent; route: string } {
    const a = this.agentOf(agentId)
    const apart = !anyPresence && (c.apart.has(a.id) || c.promise!.agent === a)
    const ready = anyPresence ? a.work === 'idle' && a.device === 'up' && !a.removed : isFree(a)
    if (apart || !ready) return refuse('CTI_ERR_AGENT_WRONG_STATE')
    return { a, route: `@${agentId}` }
  }

  /** The best free agent of a queue, whatever step of relaxation that needs. */
  #of(c: RefContact, queue: string): { a: RefAgent; route: string } {
    const stages = this.stagesOf({ ...c, contactId: c.id, queue, channel: 'voice', excluded: [] })
    const apart = new Map([...c.apart, [c.promise!.agent.id, Number.POSITIVE_INFINITY]])
    const found = bestAgent({ ...c, stages, active: stages.length, apart }, this.agents.values())
    if (found === undefined) return refuse('CTI_ERR_NOBODY_FREE')
    return { a: found.agent, route: found.stage.route }
  }
}
