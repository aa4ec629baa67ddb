import type { Redis } from 'ioredis'
import { ensureEpoch } from '../journal/writer.js'
import { around } from '../platform/fault.js'
import type { Fence } from '../platform/fence.js'
import { keyOf, keyPrefix } from '../platform/keys.js'
import {
  checkContact,
  checkDevice,
  checkId,
  checkInt,
  checkNode,
  checkPresence,
  checkRoute,
  checkText,
} from './check.js'
import type { AgentResult, ChosenBy, ClientWish, IfVersion, Moment, Promised, RoutingCore } from './core-port.js'
import { decodeAgent, decodeContact, decodeQueue, decodeReservations, idOf, type Reply } from './decode.js'
import { RoutingError, routingErrorOf } from './errors.js'
import type {
  AgentSetup,
  AgentSnapshot,
  ContactSnapshot,
  DeviceFailure,
  DeviceState,
  DrawIn,
  ForgottenPart,
  ForgottenTalk,
  Matched,
  PlaceCall,
  Presence,
  QueueContact,
  QueueSnapshot,
  Reservation,
  TransferContact,
} from './model.js'
import { contactScore, personalRoute, rankScore } from './relax.js'
import { loadScripts, runScript, type Script } from './scripts.js'
import { waitArgs } from './wait-args.js'

/** A call that an agent places waits for nobody: the number only has to be one. */
const PLACED_PRIORITY = 50

type Arg = string | number
/** Read from the files once in a process: each term of a PBX node's owner makes a core of its own. */
let shared: ReadonlyMap<string, Script> | undefined
const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The routing core on Redis: each method is one script of lua/ and one round trip. See core-port.ts for the meaning. */
export class RedisRoutingCore implements RoutingCore {
  readonly #redis: Redis
  readonly #centre: string
  readonly #prefix: string
  readonly #scripts: ReadonlyMap<string, Script>
  readonly #fence: Fence | undefined

  /**
   * @param redis stays the caller's; it is not closed here
   * @param fence commands in the name of a PBX node's owner: refused with CTI_ERR_NOT_OWNER once another owns it
   */
  constructor(redis: Redis, centre: string, fence?: Fence) {
    this.#redis = redis
    this.#centre = checkId('centre', centre)
    this.#prefix = keyPrefix(centre)
    this.#scripts = shared ??= loadScripts()
    this.#fence = fence
  }

  async prepare(): Promise<string> {
    for (const script of this.#scripts.values()) await this.#redis.script('LOAD', script.source)
    return ensureEpoch(this.#redis, this.#centre)
  }

  async queueContact(c: QueueContact, now: number): Promise<Matched & { position: number; waiting: number }> {
    checkContact(c)
    const { plan, apart, more } = waitArgs(c)
    const [made, position, waiting] = await this.#run('queue-contact', now, [
      c.contactId,
      c.queue,
      c.priority,
      c.enqueuedAt,
      contactScore(c.priority, c.enqueuedAt),
      plan,
      apart,
      c.limit ?? '',
      more,
      c.created === undefined ? '' : checkInt('created', c.created.time),
      c.created === undefined ? '' : JSON.stringify(c.created.data),
      // The script puts the promise's members before these.
      c.pop === undefined ? '' : JSON.stringify(c.pop).slice(1),
      checkNode(c.node),
    ])
    return { reservations: decodeReservations(made!), position: Number(position), waiting: Number(waiting) }
  }

  async leaveQueue(
    contactId: string,
    reason: string,
    now: number,
  ): Promise<Matched & { state: string; waitedMs: number }> {
    const [made, state, waited] = await this.#run('leave-queue', now, [
      checkId('contactId', contactId),
      checkText('reason', reason),
    ])
    return { reservations: decodeReservations(made!), state: String(state), waitedMs: Number(waited) }
  }

  async placeCall(wish: PlaceCall, now: number): Promise<Reservation> {
    const plan = [checkInt('ringMs', wish.ringMs, 1), 0, now + checkInt('maxWaitMs', wish.maxWaitMs, 1)]
    const [made] = await this.#run('place-call', now, [
      checkId('contactId', wish.contactId),
      checkId('agentId', wish.agentId),
      checkId('queue', wish.queue),
      PLACED_PRIORITY,
      contactScore(PLACED_PRIORITY, now),
      JSON.stringify(plan),
      checkNode(wish.node),
      JSON.stringify(wish.created),
    ])
    return decodeReservations(made!)[0]!
  }

  async connectContact(p: Promised, now: number): Promise<{ waitedMs: number }> {
    const [waited] = await this.#run('connect-contact', now, this.#promised(p))
    return { waitedMs: Number(waited) }
  }

  async endTalk(contactId: string, wrapMs: number, endedBy: string, now: number): Promise<Matched> {
    return this.#match('end-talk', now, [
      checkId('contactId', contactId),
      checkInt('wrapMs', wrapMs),
      checkText('endedBy', endedBy),
    ])
  }

  async drawInAgent(wish: DrawIn, now: number): Promise<Reservation> {
    const { from } = wish
    const routes = 'agentId' in from ? [personalRoute(checkId('agentId', from.agentId))] : from.routes.map(checkRoute)
    if (routes.length === 0) throw new RoutingError('CTI_ERR_NOBODY_FREE')
    const [made] = await this.#run('draw-in-agent', now, [
      checkId('contactId', wish.contactId),
      JSON.stringify(routes),
      checkId('part', wish.part),
      checkInt('ringMs', wish.ringMs, 1),
      wish.anyPresence === true && 'agentId' in from ? '1' : '',
      wish.pop === undefined ? '' : JSON.stringify(wish.pop).slice(1),
    ])
    return decodeReservations(made!)[0]!
  }

  async joinAgent(p: Promised, now: number): Promise<void> {
    await this.#run('join-agent', now, this.#promised(p))
  }

  async leavePart(p: Promised, reason: string, now: number): Promise<Matched> {
    return this.#match('leave-part', now, [...this.#promised(p), checkText('reason', reason)])
  }

  async handOverContact(contactId: string, p: Promised, wrapMs: number, kind: string, now: number): Promise<Matched> {
    return this.#match('hand-over-contact', now, [
      checkId('contactId', contactId),
      ...this.#promised(p),
      checkInt('wrapMs', wrapMs),
      checkId('kind', kind),
    ])
  }

  async transferContact(transfer: TransferContact, now: number): Promise<Matched> {
    checkContact({ ...transfer, channel: 'voice' })
    const { contactId, queue, priority, enqueuedAt, limit, mustBeFree, wrapMs, kind, pop } = transfer
    const { plan, apart, more } = waitArgs(transfer)
    return this.#match('transfer-contact', now, [
      contactId,
      queue,
      priority,
      enqueuedAt,
      contactScore(priority, enqueuedAt),
      plan,
      apart,
      limit ?? '',
      mustBeFree === undefined ? '' : checkId('mustBeFree', mustBeFree),
      checkInt('wrapMs', wrapMs),
      checkId('kind', kind),
      more,
      pop === undefined ? '' : JSON.stringify(pop).slice(1),
    ])
  }

  async holdContact(contactId: string, now: number): Promise<void> {
    await this.#run('hold-contact', now, [checkId('contactId', contactId), 'hold'])
  }

  async resumeContact(contactId: string, now: number): Promise<void> {
    await this.#run('hold-contact', now, [checkId('contactId', contactId), 'resume'])
  }

  async parkContact(contactId: string, now: number): Promise<void> {
    await this.#run('park-contact', now, [checkId('contactId', contactId)])
  }

  async acceptReservation(p: Promised, agentId: string, now: number): Promise<AgentResult> {
    return this.#agent('accept-reservation', now, agentId, [...this.#promised(p), checkId('agentId', agentId)])
  }

  async rejectReservation(p: Promised, agentId: string, now: number): Promise<AgentResult> {
    return this.#agent('reject-reservation', now, agentId, [...this.#promised(p), checkId('agentId', agentId)])
  }

  async keepReservation(p: Promised, deadline: number, answered: boolean, now: number): Promise<void> {
    await this.#run('keep-reservation', now, [
      ...this.#promised(p),
      checkInt('deadline', deadline),
      answered ? '1' : '',
    ])
  }

  async markRinging(p: Promised, now: number): Promise<void> {
    await this.#run('mark-ringing', now, this.#promised(p))
  }

  async timeOutReservation(p: Promised, now: number, force = false): Promise<Matched> {
    return this.#match('drop-reservation', now, [...this.#promised(p), 'timed_out', 'no_answer', force ? '1' : ''])
  }

  async failReservation(p: Promised, failure: DeviceFailure, now: number): Promise<Matched> {
    return this.#match('drop-reservation', now, [...this.#promised(p), 'failed', checkText('failure', failure), '1'])
  }

  async rescindReservation(p: Promised, reason: string, now: number): Promise<Matched> {
    return this.#match('drop-reservation', now, [...this.#promised(p), 'rescinded', checkText('reason', reason), '1'])
  }

  async setUpAgent(setup: AgentSetup, now: number): Promise<Matched> {
    const routes = setup.routes.flatMap(({ route, rank }) => [
      checkRoute(route),
      rankScore(checkInt('rank', rank, 0, 99)),
    ])
    return this.#match('set-up-agent', now, [
      checkId('agentId', setup.agentId),
      JSON.stringify(routes),
      checkInt('configVersion', setup.configVersion),
      checkPresence(setup.presence?.presence ?? 'offline'),
      checkText('breakReason', setup.presence?.breakReason ?? ''),
    ])
  }

  async stopOffers(agentId: string, reason: string, now: number): Promise<void> {
    await this.#run('stop-offers', now, [checkId('agentId', agentId), checkText('reason', reason)])
  }

  async restoreTalk(talk: ForgottenTalk, now: number): Promise<void> {
    const { contactId, queue, priority, enqueuedAt, reservationId, token, agentId } = talk
    await this.#run('restore-talk', now, [
      checkId('contactId', contactId),
      checkId('queue', queue),
      checkInt('priority', priority, 0, 99),
      checkInt('enqueuedAt', enqueuedAt),
      checkId('reservationId', reservationId),
      checkInt('token', token, 1),
      checkId('agentId', agentId),
      checkNode(talk.node),
    ])
  }

  async restorePart({ contactId, part, reservationId, token, agentId }: ForgottenPart, now: number): Promise<void> {
    await this.#run('restore-part', now, [
      checkId('contactId', contactId),
      part,
      checkId('reservationId', reservationId),
      checkInt('token', token, 1),
      checkId('agentId', agentId),
    ])
  }

  async removeAgent(agentId: string, now: number): Promise<void> {
    await this.#run('remove-agent', now, [checkId('agentId', agentId)])
  }

  async setPresence(
    agentId: string,
    presence: Presence,
    breakReason: string | undefined,
    now: number,
    guard?: IfVersion & ChosenBy,
  ): Promise<AgentResult> {
    const reason = presence === 'break' ? checkText('breakReason', breakReason ?? '') : ''
    return this.#agent('set-presence', now, agentId, [
      checkId('agentId', agentId),
      checkPresence(presence),
      reason,
      guard?.ifVersion ?? '',
      guard?.by === undefined ? '' : checkText('by', guard.by),
    ])
  }

  async setDevice(agentId: string, device: DeviceState, now: number, node?: string): Promise<AgentResult> {
    return this.#agent('set-device', now, agentId, [checkId('agentId', agentId), checkDevice(device), checkNode(node)])
  }

  async finishWrapUp(agentId: string, now: number, guard?: IfVersion): Promise<AgentResult> {
    return this.#agent('finish-wrap-up', now, agentId, [checkId('agentId', agentId), guard?.ifVersion ?? ''])
  }

  async extendWrapUp(agentId: string, byMs: number, now: number, guard?: IfVersion): Promise<AgentResult> {
    return this.#agent('extend-wrap-up', now, agentId, [
      checkId('agentId', agentId),
      checkInt('byMs', byMs, 1),
      guard?.ifVersion ?? '',
    ])
  }

  async releaseAgent(agentId: string, now: number): Promise<AgentResult> {
    return this.#agent('release-agent', now, agentId, [checkId('agentId', agentId)])
  }

  async keepClients(agentIds: readonly string[], graceMs: number, slackMs: number, now: number): Promise<void> {
    await this.#run('keep-clients', now, [
      checkInt('graceMs', graceMs, 1),
      checkInt('slackMs', slackMs, 1),
      ...agentIds.map((id) => checkId('agentId', id)),
    ])
  }

  async chooseClients(
    wishes: readonly ClientWish[],
    lifeMs: number,
    now: number,
  ): Promise<{ seq: number; active: (string | undefined)[] }> {
    const [seq, ...active] = await this.#run('choose-client', now, [
      checkInt('lifeMs', lifeMs, 1),
      ...wishes.flatMap(({ agentId, client, how }) => [checkId('agentId', agentId), checkId('client', client), how]),
    ])
    return { seq: Number(seq), active: active.map((client) => (client === '' ? undefined : String(client))) }
  }

  async activeClient(agentId: string): Promise<string | undefined> {
    const kept = await this.#redis.get(keyOf(this.#centre, 'activeClient', checkId('agentId', agentId)))
    // One that left keeps its place for a moment, and gives no commands (choose-client.lua).
    return kept === null || kept.startsWith('~') ? undefined : kept
  }

  async sweep(now: number, limit = 100): Promise<Matched & { done: number; next?: number }> {
    const [made, done, next] = await this.#run('sweep-deadlines', now, [checkInt('limit', limit, 1, 10_000)])
    const result = { reservations: decodeReservations(made!), done: Number(done) }
    return next === '' ? result : { ...result, next: Number(next) }
  }

  async getAgent(agentId: string): Promise<AgentSnapshot | undefined> {
    const fields = await this.#redis.hgetall(keyOf(this.#centre, 'agent', checkId('agentId', agentId)))
    return fields.version === undefined ? undefined : decodeAgent(agentId, Object.entries(fields).flat())
  }

  async listAgents(): Promise<AgentSnapshot[]> {
    return (await this.#moment('agents', [])).agents
  }

  async getContact(contactId: string): Promise<ContactSnapshot | undefined> {
    const fields = await this.#redis.hgetall(keyOf(this.#centre, 'contact', checkId('contactId', contactId)))
    return fields.state === undefined ? undefined : decodeContact(contactId, Object.entries(fields).flat())
  }

  async listContacts(): Promise<ContactSnapshot[]> {
    return (await this.#moment('contacts', [])).contacts
  }

  async getPosition(contactId: string): Promise<number | undefined> {
    const queue = await this.#redis.hget(keyOf(this.#centre, 'contact', checkId('contactId', contactId)), 'queue')
    if (queue === null) return undefined
    return (await this.#redis.zrank(keyOf(this.#centre, 'queue', queue), contactId)) ?? undefined
  }

  async listQueues(queues: readonly string[]): Promise<QueueSnapshot[]> {
    return (await this.#moment('queues', queues)).queues
  }

  async snapshot(queues: readonly string[]): Promise<Moment> {
    const moment = await this.#moment('all', queues)
    return moment.epoch === '' ? { ...moment, epoch: await ensureEpoch(this.#redis, this.#centre) } : moment
  }

  async #moment(what: string, queues: readonly string[]): Promise<Moment> {
    for (const queue of queues) checkId('queue', queue)
    const [epoch, seq, agents, contacts, states] = await this.#run('read-moment', 0, [what, ...queues])
    return {
      epoch: String(epoch),
      seq: Number(seq),
      agents: (agents as Reply[]).map((a) => decodeAgent(idOf(a), a)).sort((a, b) => byId(a.agentId, b.agentId)),
      contacts: (contacts as Reply[])
        .map((c) => decodeContact(idOf(c), c))
        .sort((a, b) => byId(a.contactId, b.contactId)),
      queues: (states as Reply[]).map(decodeQueue),
    }
  }

  #promised(p: Promised): Arg[] {
    return [checkId('reservationId', p.reservationId), checkInt('token', p.token)]
  }

  async #agent(name: string, now: number, agentId: string, args: Arg[]): Promise<AgentResult> {
    const [made, agent] = await this.#run(name, now, args)
    return { reservations: decodeReservations(made!), agent: decodeAgent(agentId, agent!) }
  }

  async #match(name: string, now: number, args: Arg[]): Promise<Matched> {
    const [made] = await this.#run(name, now, args)
    return { reservations: decodeReservations(made!) }
  }

  async #run(name: string, now: number, args: Arg[]): Promise<Reply[]> {
    const fence = this.#fence
    if (fence?.mayAct() === false) throw new RoutingError('CTI_ERR_NOT_OWNER')
    const script = this.#scripts.get(name)!
    const all = [checkInt('now', now), ...args]
    const reply = await around('script', name, () => runScript(this.#redis, script, this.#prefix, all, fence))
    if (typeof reply === 'number') {
      const error = routingErrorOf(reply)
      if (error.code === 'CTI_ERR_NOT_OWNER') fence?.onRefused()
      throw error
    }
    return reply as Reply[]
  }
}
