import { around } from '../platform/fault.js'
import type { CallWorld } from './call-world.js'
import { rememberTalk } from './forgotten-talk.js'
import { planForQueue } from './intake.js'
import { planTries, splitTries } from './outbound/outbound-plan.js'
import { takeTries } from './outbound/outbound-recovery.js'
import type { OutboundRunner } from './outbound/outbound-runner.js'
import { contactsAt, planRecovery, type RecoveryStep } from './recovery-plan.js'
import { restoreContact } from './restore.js'
import type { CallRunner } from './runner.js'
import type { ListedChannel } from './telephony-port.js'

/** Between two tries when the PBX or Redis cannot be asked, ms. */
const RETRY_MS = 1_000

/**
 * Brings PBX and routing core together again after every (re)connect: at the start of the process, after a cut, after a restart
 * of Asterisk. Events that come meanwhile wait and are fed through the same calls afterwards.
 */
export class Recovery {
  readonly #world: CallWorld
  readonly #runner: CallRunner
  readonly #outbound: OutboundRunner
  readonly #onStep: (step: RecoveryStep['do']) => void
  #running = false
  #again = false
  #closed = false
  #loops: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #done = false

  /** @param onStep told about each repair, for a metric */
  constructor(
    world: CallWorld,
    runner: CallRunner,
    outbound: OutboundRunner,
    onStep: (step: RecoveryStep['do']) => void,
  ) {
    this.#world = world
    this.#runner = runner
    this.#outbound = outbound
    this.#onStep = onStep
  }

  /**
   * The link came up, or Redis lost what it held. A second call while one runs makes one more run after it.
   * @returns settled when no run is left to be made (one that failed is tried again later)
   */
  start(): Promise<void> {
    if (this.#closed) return this.#loops
    this.#done = false
    this.#again = true
    if (!this.#running) this.#loops = this.#loop()
    return this.#loops
  }

  /** The comparison that the last `start` asked for is over and everything was looked at. */
  get done(): boolean {
    return this.#done
  }

  /** Nothing is begun any more; a step that is under way ends by itself. */
  close(): void {
    this.#closed = true
    this.#done = false
    this.#again = false
    clearTimeout(this.#timer)
  }

  async #loop(): Promise<void> {
    this.#running = true
    while (this.#again) {
      this.#again = false
      const releases = [this.#runner.hold(), this.#outbound.hold()]
      try {
        await this.#run()
        this.#done = !this.#again && !this.#closed
      } catch (error) {
        if (this.#closed) break
        this.#world.logger.warn({ err: error }, 'PBX and routing core could not be compared, trying again')
        this.#timer = setTimeout(() => void this.start(), RETRY_MS)
      } finally {
        for (const release of releases) release()
      }
    }
    this.#running = false
  }

  async #run(): Promise<void> {
    const { telephony, routing } = this.#world
    const [channels, everybody] = await Promise.all([telephony.listChannels(), routing.listContacts()])
    const split = splitTries(channels, contactsAt(telephony.node, everybody))
    const steps = planRecovery(split.channels, split.contacts, (contactId) => this.#runner.get(contactId) !== undefined)
    await this.#takeAll(steps)
    if (this.#closed) return
    await takeTries(
      this.#outbound,
      planTries(split, (contactId) => this.#outbound.get(contactId) !== undefined),
    )
  }

  /**
   * The PBX could not be reached for so long that nobody waits there with us any more: what the core has of its calls ends as if its list
   * were empty. Should it come back with a talk after all, that is adopted as one that the core has forgotten.
   * @param stillAway asked before each step
   * @param talksToo false: it may well be that only our link is cut, and pairs talk
   * @throws what the routing core throws
   */
  async giveUp(stillAway: () => boolean, talksToo: boolean): Promise<void> {
    const { telephony, routing, clock, logger } = this.#world
    const contacts = contactsAt(telephony.node, await routing.listContacts())
    // Those who wait first: an agent whose talk ends here must not be offered one of them.
    const waits = (step: RecoveryStep): number => (step.do === 'leave' ? 0 : 1)
    for (const step of planRecovery([], contacts, () => false).sort((a, b) => waits(a) - waits(b))) {
      if (this.#closed || !stillAway()) return
      if (step.do !== 'leave' && (step.do !== 'end_talk' || !talksToo)) continue
      this.#onStep(step.do)
      logger.warn({ step: step.do, contactId: step.contactId }, 'the PBX node is lost, and this contact with it')
      // The PBX is not asked for anything: it would only let us wait.
      if (step.do === 'leave') await routing.leaveQueue(step.contactId, step.reason, clock())
      else await routing.endTalk(step.contactId, 0, step.endedBy, clock())
      this.#runner.drop(step.contactId)
    }
  }

  async #takeAll(steps: readonly RecoveryStep[]): Promise<void> {
    const { logger } = this.#world
    for (const step of steps) {
      if (this.#closed) return
      this.#onStep(step.do)
      logger.info({ step: step.do, contactId: contactOf(step), channelId: channelOf(step) }, 'recovery')
      await around('recovery', step.do, () => this.take(step)).catch((error: unknown) =>
        logger.warn({ err: error, step: step.do, contactId: contactOf(step) }, 'recovery step failed'),
      )
    }
  }

  async #endTalk(contactId: string, endedBy: 'caller' | 'agent' | 'system'): Promise<void> {
    const { routing, telephony, clock } = this.#world
    const reservationId = (await routing.getContact(contactId))?.reservationId
    // No wrap-up: nobody can say when the talk really ended.
    await routing.endTalk(contactId, 0, endedBy, clock())
    // Both may have hung up while nobody was there to clear it away.
    if (reservationId !== undefined) await telephony.destroyBridge(`b-${reservationId}`)
  }

  /** Carries out one step. @throws AriError, RoutingError */
  async take(step: RecoveryStep): Promise<void> {
    const { routing, telephony, clock, centre } = this.#world
    switch (step.do) {
      case 'leave':
        await routing.leaveQueue(step.contactId, step.reason, clock())
        return
      case 'end_talk':
        return this.#endTalk(step.contactId, step.endedBy)
      case 'hang_up':
        return telephony.hangUp(step.channelId)
      case 'readmit':
        return this.#runner.readmit(step.caller, dialledOf(step.caller))
      case 'adopt': {
        const { contact, refused } = step.forgotten
          ? await rememberTalk(this.#world, step.contact, step.caller, step.agent)
          : { contact: step.contact, refused: [] }
        const plan = planForQueue(centre.current().file, contact.queue, contact.priority, clock())
        if (!plan) {
          // The queue left the centre file meanwhile: the number decides anew.
          await routing.leaveQueue(step.contact.contactId, 'overflowed', clock())
          return this.#runner.readmit(step.caller, dialledOf(step.caller))
        }
        this.#runner.adopt(
          step.caller,
          dialledOf(step.caller),
          restoreContact(contact, plan, step.caller, step.agent, step.parties, step.forgotten),
        )
        for (const party of refused) this.#runner.post(contact.contactId, { type: 'join_refused', party })
        // Whose leg is gone is told as any end of a leg.
        this.#runner.missLegs(
          contact.contactId,
          new Set([step.caller, step.agent, ...(step.parties ?? [])].map((c) => c?.id)),
        )
      }
    }
  }
}

/** What was dialled: our own mark on the channel, or else the arguments that it came with. */
function dialledOf(channel: ListedChannel): string {
  return channel.variables.CTI_TO ?? /inbound[:,](\+?[0-9]{1,20})/.exec(channel.appData)?.[1] ?? ''
}

function contactOf(step: RecoveryStep): string | undefined {
  if (step.do === 'adopt') return step.contact.contactId
  if (step.do === 'readmit') return step.caller.variables.CTI_CONTACT
  return step.do === 'hang_up' ? undefined : step.contactId
}

function channelOf(step: RecoveryStep): string | undefined {
  if (step.do === 'adopt' || step.do === 'readmit') return step.caller.id
  return step.do === 'hang_up' ? step.channelId : undefined
}
