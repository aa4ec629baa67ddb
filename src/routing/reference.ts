import type { AgentSetup, DeviceFailure, DeviceState, ForgottenTalk, Presence, QueueContact, Skills } from './model.js'
import type { AgentResult, Ref, Result } from './reference-lookup.js'
import { promiseRef, refuse, reservationOf } from './reference-moves.js'
import { ReferenceParts } from './reference-parts.js'
import { alarms, isBusy, positionOf, type RefAgent, type RefContact, rings } from './reference-state.js'

/**
 * The specification of the routing core: the same rule by brute force. In memory, one thing at a time, no routes and no
 * indexes: agents have skills, queues have requirements, and whoever fits is found by looking at everybody. The property
 * test drives this and the Redis core through the same histories; they must agree in every answer, state and event.
 */
export class ReferenceCore extends ReferenceParts {
  #kept: { at: number; graceMs: number; slackMs: number } | undefined

  queueContact(q: Omit<QueueContact, 'routes'>, now: number): Result & { position: number; waiting: number } {
    this.begin(now)
    const known = this.contacts.get(q.contactId)
    const waiting = (): number => this.waitingIn(q.queue).length
    if (known !== undefined) {
      const same = known.queue === q.queue && known.enqueuedAt === q.enqueuedAt && known.priority === q.priority
      if (!same || (known.state !== 'queued' && known.state !== 'reserved')) return refuse('CTI_ERR_CONTACT_EXISTS')
      if (known.state === 'reserved') return { reservations: [reservationOf(known)], position: 0, waiting: waiting() }
      return { reservations: [], position: positionOf(known, this.contacts.values()), waiting: waiting() }
    }
    if (q.created !== undefined) {
      const { time, data } = q.created
      this.emit('contact.created', `contact:${q.contactId}`, q.contactId, 1, data, time)
    }
    if (q.limit !== undefined && waiting() >= q.limit) return refuse('CTI_ERR_QUEUE_FULL')
    const c: RefContact = {
      id: q.contactId,
      queue: q.queue,
      priority: q.priority,
      enqueuedAt: q.enqueuedAt,
      node: q.node,
      stages: this.stagesOf(q),
      active: 0,
      apart: new Map((q.excluded ?? []).map((agent) => [agent, Number.POSITIVE_INFINITY])),
      ringMs: q.ringMs,
      rejectMs: q.rejectMs,
      endOfWait: q.maxWaitMs === undefined ? undefined : q.enqueuedAt + q.maxWaitMs,
      state: 'queued',
      attempts: 0,
      version: 0,
    }
    this.contacts.set(c.id, c)
    const position = this.startWaiting(c, {
      ...(q.preferredAgent === undefined ? {} : { preferredAgent: q.preferredAgent }),
      ...(q.facts === undefined ? {} : { facts: q.facts }),
    })
    c.pop = q.pop
    const promised = this.offerContact(c)
    delete c.pop
    return { reservations: this.made, position: promised ? 0 : position, waiting: waiting() }
  }

  leaveQueue(contactId: string, reason: string, now: number): Result & { state: string; waitedMs: number } {
    this.begin(now)
    const c = this.contactOf(contactId)
    if (c.state !== 'queued' && c.state !== 'reserved') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const state = c.state
    const waitedMs = this.leave(c, reason)
    return { reservations: this.made, state, waitedMs }
  }

  connectContact(p: Ref, now: number): { waitedMs: number } {
    this.begin(now)
    const { c, promise } = this.live(p)
    const waited = (): number => Math.max(c.connectedAt! - c.enqueuedAt, 0)
    if (c.state === 'connected') return { waitedMs: waited() }
    if (c.state !== 'reserved') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (promise.state === 'pending') this.promiseEvent(c, 'accepted', 2, { by: 'device' })
    promise.state = 'accepted'
    c.state = 'connected'
    c.connectedAt = now
    this.contactEvent(c, 'connected', { ...promiseRef(c), waitedMs: waited(), enqueuedAt: c.enqueuedAt })
    this.work(promise.agent, 'talking', c)
    return { waitedMs: waited() }
  }

  holdContact(contactId: string, now: number): void {
    this.#hold(contactId, 'holding', 'held', now)
  }

  resumeContact(contactId: string, now: number): void {
    this.#hold(contactId, 'talking', 'resumed', now)
  }

  parkContact(contactId: string, now: number): void {
    this.begin(now)
    const c = this.contactOf(contactId)
    if (c.state !== 'connected') refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (c.parkedAt !== undefined) return
    this.contactEvent(c, 'parked', { agentId: c.promise!.agent.id, queue: c.queue, parkedAt: now })
    c.parkedAt = now
  }

  endTalk(contactId: string, wrapMs: number, endedBy: string, now: number): Result {
    this.begin(now)
    const c = this.contactOf(contactId)
    if (c.state === 'wrapping') return { reservations: [] }
    if (c.state !== 'connected') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const agent = c.promise!.agent
    this.contactEvent(c, 'wrapping', { ...promiseRef(c), endedBy, wrapUntil: now + wrapMs })
    c.state = 'wrapping'
    c.promise!.state = 'wrapping'
    if (wrapMs === 0) this.finish(c, 'no_wrap')
    else {
      agent.wrapUntil = now + wrapMs
      this.work(agent, 'wrapping', c, { wrapUntil: agent.wrapUntil })
    }
    return { reservations: this.made }
  }

  acceptReservation(p: Ref, agentId: string, now: number): AgentResult {
    this.begin(now)
    const side = this.sideOf(p, agentId)?.side
    if (side !== undefined) {
      if (side.state === 'pending') {
        if (now >= side.deadline) return refuse('CTI_ERR_RESERVATION_EXPIRED')
        this.sideEvent(this.agentOf(agentId), 'accepted', 2, { by: 'client' })
        side.state = 'accepted'
        this.agentOf(agentId).version += 1
      }
      return this.agentResult(agentId)
    }
    const { c, promise } = this.live(p, agentId)
    if (promise.state === 'pending') {
      if (now >= promise.deadline) return refuse('CTI_ERR_RESERVATION_EXPIRED')
      promise.state = 'accepted'
      promise.deadline = Math.max(promise.deadline, now + c.ringMs)
      promise.agent.version += 1
      this.promiseEvent(c, 'accepted', 2, { by: 'client' })
    }
    return this.agentResult(agentId)
  }

  rejectReservation(p: Ref, agentId: string, now: number): AgentResult {
    this.begin(now)
    const beside = this.sideOf(p, agentId)
    if (beside !== undefined) {
      if (!rings(beside)) return refuse('CTI_ERR_CONTACT_WRONG_STATE')
      this.dropSide(beside, 'rejected', '')
      return this.agentResult(agentId)
    }
    if (this.endedAs(p, 'rejected', agentId)) return this.agentResult(agentId)
    const { c, promise } = this.live(p, agentId)
    if (c.state !== 'reserved') return refuse('CTI_ERR_CONTACT_WRONG_STATE')
    this.fallThrough(c, 'rejected')
    this.settle(promise.agent, 'idle', '', now)
    return this.agentResult(agentId)
  }

  keepReservation(p: Ref, deadline: number, answered: boolean, now: number): void {
    this.begin(now)
    const { c, promise } = this.live(p)
    if (c.state !== 'reserved') refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (promise.state === 'pending' && answered) {
      this.promiseEvent(c, 'accepted', 2, { by: 'device' })
      promise.state = 'accepted'
    }
    promise.deadline = deadline
    promise.agent.version += 1
  }

  markRinging(p: Ref, now: number): void {
    this.begin(now)
    const beside = this.sideOf(p)
    if (beside !== undefined) {
      if (!rings(beside)) refuse('CTI_ERR_CONTACT_WRONG_STATE')
      if (beside.work === 'reserved') this.sideWork(beside, 'ringing')
      return
    }
    const { c, promise } = this.live(p)
    if (c.state !== 'reserved') refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (promise.agent.work === 'reserved') this.work(promise.agent, 'ringing', c)
  }

  timeOutReservation(p: Ref, now: number, force = false): Result {
    return this.#drop(p, 'timed_out', 'no_answer', now, force)
  }

  failReservation(p: Ref, failure: DeviceFailure, now: number): Result {
    return this.#drop(p, 'failed', failure, now, true)
  }

  rescindReservation(p: Ref, reason: string, now: number): Result {
    return this.#drop(p, 'rescinded', reason, now, true)
  }

  setUpAgent(setup: Omit<AgentSetup, 'routes'> & { skills: Skills }, now: number): Result {
    this.begin(now)
    const a = this.agents.get(setup.agentId)
    if (a === undefined) {
      this.agents.set(setup.agentId, {
        id: setup.agentId,
        skills: setup.skills,
        configVersion: setup.configVersion,
        presence: 'offline',
        breakReason: '',
        work: 'idle',
        workReason: '',
        device: 'down',
        deviceNodes: [],
        presenceSince: now,
        workSince: now,
        removed: false,
        version: 1,
      })
      const { presence = 'offline', breakReason = '' } = setup.presence ?? {}
      if (presence !== 'offline') this.presence(this.agents.get(setup.agentId)!, presence, breakReason)
    } else if (setup.configVersion >= a.configVersion) {
      Object.assign(a, { skills: setup.skills, configVersion: setup.configVersion, removed: false })
      this.offerAgent(a)
    }
    return { reservations: this.made }
  }

  restoreTalk(talk: ForgottenTalk, now: number): void {
    this.begin(now)
    const { contactId, queue, priority, enqueuedAt, reservationId: id, token } = talk
    const known = this.contacts.get(contactId)
    if (known?.state === 'connected' && known.promise?.id === id) return
    const ended = this.ended.get(id)?.state
    if (known !== undefined || (this.isKnown(id) && ended !== 'completed')) refuse('CTI_ERR_CONTACT_EXISTS')
    this.ended.delete(id)
    const agent = this.agentOf(talk.agentId)
    if (isBusy(agent)) refuse('CTI_ERR_AGENT_WRONG_STATE')
    const createdAt = Number(/^r(\d+)-/.exec(id)?.[1] ?? now)
    const c: RefContact = {
      ...{
        id: contactId,
        queue,
        priority,
        enqueuedAt,
        node: talk.node,
        stages: [],
        active: 0,
        apart: new Map(),
        ringMs: 0,
        rejectMs: 0,
      },
      ...{ state: 'connected', attempts: 0, version: 0, connectedAt: createdAt },
      promise: { id, token, agent, route: '', createdAt, deadline: 0, state: 'accepted' },
    }
    this.contacts.set(c.id, c)
    const waitedMs = Math.max(createdAt - enqueuedAt, 0)
    this.contactEvent(c, 'connected', { ...promiseRef(c), waitedMs, enqueuedAt })
    this.work(agent, 'talking', c)
    agent.workReason = ''
  }

  stopOffers(agentId: string, reason: string, now: number): void {
    this.begin(now)
    const a = this.agentOf(agentId)
    if (isBusy(a)) refuse('CTI_ERR_AGENT_WRONG_STATE')
    if (a.work === 'not_responding') return
    this.work(a, 'not_responding', undefined, { reason })
    a.workReason = reason
    a.idleSince = undefined
  }

  removeAgent(agentId: string, now: number): void {
    this.begin(now)
    const a = this.agents.get(agentId)
    if (a === undefined) return
    if (isBusy(a)) a.removed = true
    else this.forgetAgent(a)
  }

  setPresence(
    agentId: string,
    presence: Presence,
    breakReason: string | undefined,
    now: number,
    ifVersion?: number,
    by?: string,
  ): AgentResult {
    this.begin(now)
    const a = this.agentOf(agentId, ifVersion)
    const reason = presence === 'break' ? (breakReason ?? '') : ''
    const same = a.presence === presence && a.breakReason === reason
    if (a.work === 'not_responding') {
      a.next = { presence, reason, by }
      this.settle(a, 'idle', '', now)
    } else if (isBusy(a)) {
      const plan = same ? undefined : { presence, reason, by }
      if (plan?.presence !== a.next?.presence || plan?.reason !== a.next?.reason) {
        a.next = plan
        a.version += 1
      }
    } else if (!same) {
      this.presence(a, presence, reason, by)
      this.offerAgent(a)
    }
    return this.agentResult(agentId)
  }

  setDevice(agentId: string, report: DeviceState, now: number, node?: string): AgentResult {
    this.begin(now)
    const a = this.agentOf(agentId)
    const [before] = a.deviceNodes
    if (report === 'down') a.deviceNodes = node === undefined ? [] : a.deviceNodes.filter((each) => each !== node)
    else if (node !== undefined && !a.deviceNodes.includes(node)) a.deviceNodes = [node, ...a.deviceNodes]
    const [home] = a.deviceNodes
    const tag = node ?? null
    if (report === 'busy') a.busyAt = tag
    else if (a.busyAt === tag || (report === 'down' && node === undefined)) a.busyAt = undefined
    const device = report === 'down' && home === undefined ? 'down' : a.busyAt === undefined ? 'up' : 'busy'
    if (a.device !== device || home !== before) {
      a.device = device
      a.version += 1
      const at = home === undefined ? {} : { node: home }
      this.emit('agent.device_changed', `agent:${a.id}`, '', a.version, { agentId, device, ...at, since: now })
    }
    const fault = a.workReason === 'unregistered' || a.workReason === 'unreachable'
    if (report !== 'down' && a.work === 'not_responding' && fault) this.settle(a, 'idle', '', now)
    else this.offerAgent(a)
    return this.agentResult(agentId)
  }

  finishWrapUp(agentId: string, now: number, ifVersion?: number): AgentResult {
    this.begin(now)
    const a = this.agentOf(agentId, ifVersion)
    if (a.work === 'wrapping') this.#finishWrapUp(a, 'finished')
    else if (a.work !== 'idle') return refuse('CTI_ERR_AGENT_WRONG_STATE')
    return this.agentResult(agentId)
  }

  extendWrapUp(agentId: string, byMs: number, now: number, ifVersion?: number): AgentResult {
    this.begin(now)
    const a = this.agentOf(agentId, ifVersion)
    if (a.work !== 'wrapping') return refuse('CTI_ERR_AGENT_WRONG_STATE')
    a.wrapUntil! += byMs
    if (a.side === undefined) this.work(a, 'wrapping', a.contact!, { wrapUntil: a.wrapUntil }, a.workSince)
    else this.sideWork(a, 'wrapping', { wrapUntil: a.wrapUntil }, a.workSince)
    return this.agentResult(agentId)
  }

  /** In this core no work is ever about nothing; a part may be, as far as it knows. */
  releaseAgent(agentId: string, now: number): AgentResult {
    this.begin(now)
    const a = this.agentOf(agentId)
    if (a.side !== undefined && a.side.part !== 'after') {
      this.endSide(a, rings(a) ? 'cancelled' : 'completed')
      this.settle(a, 'idle', '', now)
    } else if (isBusy(a)) return refuse('CTI_ERR_AGENT_WRONG_STATE')
    return this.agentResult(agentId)
  }

  keepClients(agentIds: readonly string[], graceMs: number, slackMs: number, now: number): void {
    this.begin(now)
    const away = this.#kept !== undefined && now - this.#kept.at > slackMs
    this.#kept = { at: Math.max(now, this.#kept?.at ?? 0), graceMs, slackMs }
    for (const a of this.agents.values()) {
      const here = agentIds.includes(a.id)
      if (here || (away && a.clientUntil !== undefined))
        a.clientUntil = Math.max(a.clientUntil ?? 0, now + graceMs + slackMs)
      if (!here || a.next?.reason !== 'client_lost') continue
      a.next = a.presence === 'available' ? undefined : { presence: 'available', reason: '' }
      a.version += 1
    }
  }

  sweep(now: number, limit = 100): Result & { done: number; next?: number } {
    this.begin(now)
    const due = (): Array<[number, string]> => alarms(this.agents.values(), this.contacts.values())
    let done = 0
    for (const [, member] of due()
      .filter(([at]) => at <= now)
      .slice(0, limit)) {
      if (!due().some(([at, m]) => m === member && at <= now)) continue
      this.#ringOut(member)
      done += 1
    }
    const coming = due()[0]
    return { reservations: this.made, done, ...(coming === undefined ? {} : { next: coming[0] }) }
  }

  #missClient(a: RefAgent): void {
    const kept = this.#kept!
    a.clientUntil = undefined
    if (this.now - kept.at > kept.slackMs) a.clientUntil = this.now + Math.max(kept.graceMs, 1000)
    else this.loseClient(a)
  }

  #hold(contactId: string, work: 'holding' | 'talking', event: string, now: number): void {
    this.begin(now)
    const c = this.contactOf(contactId)
    if (c.state !== 'connected') refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const agent = c.promise!.agent
    if (agent.work === work) return
    this.contactEvent(c, event, { agentId: agent.id, queue: c.queue })
    if (work === 'talking') c.parkedAt = undefined
    this.work(agent, work, c)
  }

  #finishWrapUp(a: RefAgent, how: string): void {
    if (a.side === undefined) this.finish(a.contact!, how)
    else this.finishSide(a)
  }

  #drop(p: Ref, state: string, reason: string, now: number, force: boolean): Result {
    this.begin(now)
    const beside = this.sideOf(p)
    if (beside !== undefined) {
      if (!rings(beside)) refuse('CTI_ERR_CONTACT_WRONG_STATE')
      if (!force && now < beside.side!.deadline) refuse('CTI_ERR_NOT_YET_DUE')
      this.dropSide(beside, state, reason)
      return { reservations: this.made }
    }
    if (this.endedAs(p, state)) return { reservations: [] }
    const { c, promise } = this.live(p)
    if (c.state !== 'reserved') refuse('CTI_ERR_CONTACT_WRONG_STATE')
    if (!force && now < promise.deadline) refuse('CTI_ERR_NOT_YET_DUE')
    this.dropPromise(c, state, reason)
    return { reservations: this.made }
  }

  /** What an alarm does; it is due and the state still calls for it. */
  #ringOut(member: string): void {
    const id = member.slice(member.indexOf(':') + 1)
    const c = this.contacts.get(id)
    if (member.startsWith('ring:')) {
      const beside = [...this.agents.values()].find((a) => a.side?.id === id)
      const promised = [...this.contacts.values()].find((other) => other.promise?.id === id)!
      if (beside === undefined) this.dropPromise(promised, 'timed_out', 'no_answer')
      else this.dropSide(beside, 'timed_out', 'no_answer')
    } else if (member.startsWith('relax:')) this.relax(c!)
    else if (member.startsWith('unblock:')) this.unblock(c!)
    else if (member.startsWith('wait:')) this.leave(c!, 'timed_out')
    else if (member.startsWith('client:')) this.#missClient(this.agents.get(id)!)
    else this.#finishWrapUp(this.agents.get(id)!, 'wrap_timeout')
  }
}
