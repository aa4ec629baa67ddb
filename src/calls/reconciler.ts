import { around } from '../platform/fault.js'
import type { CallWorld } from './call-world.js'
import { takeTry } from './outbound/outbound-recovery.js'
import type { OutboundRunner } from './outbound/outbound-runner.js'
import type { Drift, Repair, RepairKind, Seen } from './reconcile-model.js'
import { confirm, findDrift } from './reconcile-plan.js'
import type { Recovery } from './recovery.js'
import { contactsAt } from './recovery-plan.js'
import type { CallRunner } from './runner.js'

/** Between two rounds, ms: also the least age of a difference that is mended. */
export const RECONCILE_EVERY_MS = 5_000
/** When the centre file does not say (maxTalkMinutes). */
const DEFAULT_MAX_TALK_MINUTES = 180

export interface ReconcilerOptions {
  readonly world: CallWorld
  readonly runner: CallRunner
  readonly outbound: OutboundRunner
  readonly recovery: Recovery
  /** Whether the PBX link is up and the stores can be asked. */
  readonly ready: () => boolean
  /** Told about each repair, for a metric. */
  readonly onRepair: (kind: RepairKind) => void
  /** ms, default RECONCILE_EVERY_MS */
  readonly everyMs?: number
}

/**
 * Compares Asterisk, the routing core and the live calls of this process every few seconds and mends what two rounds in a row have
 * found different. Events make the system right; this is for the event that never came. On a healthy system it changes nothing.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  #timer: NodeJS.Timeout | undefined
  #running = false
  #before: ReadonlySet<string> = new Set()

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#turn(), this.#options.everyMs ?? RECONCILE_EVERY_MS)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Nothing may be mended while a comparison after a cut is due or under way, nor after `close`. */
  get #mayAct(): boolean {
    const { ready, recovery } = this.#options
    return this.#timer !== undefined && ready() && recovery.done
  }

  async #turn(): Promise<void> {
    // Redis away: a round waits until it is back, and no second one beside it.
    if (this.#running) return
    this.#running = true
    try {
      await this.#round()
    } catch (error) {
      this.#before = new Set()
      this.#options.world.logger.warn({ err: error }, 'Asterisk and routing core could not be compared')
    } finally {
      this.#running = false
    }
  }

  async #round(): Promise<void> {
    const seen = this.#mayAct ? await this.#look() : undefined
    // What was seen across a cut says nothing.
    if (!seen || !this.#mayAct) {
      this.#before = new Set()
      return
    }
    const { repairs, remember } = confirm(this.#before, findDrift(seen))
    this.#before = remember
    for (const drift of repairs) {
      if (!this.#mayAct) return
      await this.#mend(drift)
    }
  }

  async #look(): Promise<Seen> {
    const { world, runner, outbound } = this.#options
    const { telephony, routing, clock, centre } = world
    const [channels, bridges, moment] = await Promise.all([
      telephony.listChannels(),
      telephony.listBridges(),
      routing.snapshot([]),
    ])
    const minutes = centre.current().file.centre.maxTalkMinutes ?? DEFAULT_MAX_TALK_MINUTES
    // Other nodes' calls are their owners' business: here their channels are not seen.
    const contacts = contactsAt(telephony.node, moment.contacts)
    const agents = moment.agents.filter(({ contactNode = telephony.node }) => contactNode === telephony.node)
    const live = runner.states()
    const tries = outbound.states()
    return { now: clock(), channels, bridges, contacts, agents, live, tries, maxTalkMs: minutes * 60_000 }
  }

  async #mend(drift: Drift): Promise<void> {
    const { world, onRepair } = this.#options
    const { kind, why, contactId, channelId, agentId, repair } = drift
    onRepair(kind)
    world.logger.warn({ kind, why, contactId, channelId, agentId, repair: repair.do }, 'repair')
    await around('repair', kind, () => this.#carryOut(repair)).catch((error: unknown) =>
      world.logger.warn({ err: error, kind, contactId, channelId, agentId }, 'repair failed, tried again'),
    )
  }

  async #carryOut(repair: Repair): Promise<void> {
    const { world, runner, outbound, recovery } = this.#options
    const { telephony, routing, clock } = world
    switch (repair.do) {
      case 'recover':
        return recovery.take(repair.step)
      case 'tell':
        return runner.post(repair.contactId, repair.event)
      case 'tell_try':
        return outbound.post(repair.contactId, repair.event)
      case 'recover_try':
        return takeTry(outbound, repair.step)
      case 'remember_talk':
        return routing.restoreTalk({ ...repair.talk, node: telephony.node }, clock())
      case 'end_and_requeue':
        await routing.endTalk(repair.contactId, 0, 'system', clock())
        return runner.post(repair.contactId, { type: 'place_lost' })
      case 'rejoin':
        return telephony.bridge(repair.offer.bridgeId, repair.channelIds)
      case 'destroy_bridge':
        return telephony.destroyBridge(repair.bridgeId)
      case 'time_out':
        await routing.timeOutReservation(repair, clock(), true)
        return
      case 'release_agent':
        await routing.releaseAgent(repair.agentId, clock())
        return
      case 'finish_wrap_up':
        await routing.finishWrapUp(repair.agentId, clock())
    }
  }
}
