import type { CallWorld } from './call-world.js'
import { planForQueue } from './intake.js'
import { planRecovery, type RecoveryStep } from './recovery-plan.js'
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
  readonly #onStep: (step: RecoveryStep['do']) => void
  #running = false
  #again = false
  #timer: NodeJS.Timeout | undefined

  /** @param onStep told about each repair, for a metric */
  constructor(world: CallWorld, runner: CallRunner, onStep: (step: RecoveryStep['do']) => void) {
    this.#world = world
    this.#runner = runner
    this.#onStep = onStep
  }

  /** The link came up. A second call while one runs makes one more run after it. */
  start(): void {
    this.#again = true
    if (!this.#running) void this.#loop()
  }

  close(): void {
    this.#again = false
    clearTimeout(this.#timer)
  }

  async #loop(): Promise<void> {
    this.#running = true
    while (this.#again) {
      this.#again = false
      const release = this.#runner.hold()
      try {
        await this.#run()
      } catch (error) {
        this.#world.logger.warn({ err: error }, 'PBX and routing core could not be compared, trying again')
        this.#timer = setTimeout(() => this.start(), RETRY_MS)
      } finally {
        release()
      }
    }
    this.#running = false
  }

  async #run(): Promise<void> {
    const { telephony, routing, logger } = this.#world
    const [channels, contacts] = await Promise.all([telephony.listChannels(), routing.listContacts()])
    const steps = planRecovery(channels, contacts, (contactId) => this.#runner.get(contactId) !== undefined)
    for (const step of steps) {
      this.#onStep(step.do)
      logger.info({ step: step.do, contactId: contactOf(step), channelId: channelOf(step) }, 'recovery')
      await this.#take(step).catch((error: unknown) =>
        logger.warn({ err: error, step: step.do, contactId: contactOf(step) }, 'recovery step failed'),
      )
    }
  }

  async #take(step: RecoveryStep): Promise<void> {
    const { routing, telephony, clock, centre } = this.#world
    switch (step.do) {
      case 'leave':
        await routing.leaveQueue(step.contactId, step.reason, clock())
        return
      case 'end_talk':
        // No wrap-up: nobody can say when the talk really ended.
        await routing.endTalk(step.contactId, 0, step.endedBy, clock())
        return
      case 'hang_up':
        return telephony.hangUp(step.channelId)
      case 'readmit':
        return this.#runner.readmit(step.caller, dialledOf(step.caller))
      case 'adopt': {
        const plan = planForQueue(centre.current().file, step.contact.queue, step.contact.priority, clock())
        if (!plan) {
          // The queue left the centre file meanwhile: the number decides anew.
          await routing.leaveQueue(step.contact.contactId, 'overflowed', clock())
          return this.#runner.readmit(step.caller, dialledOf(step.caller))
        }
        this.#runner.adopt(
          step.caller,
          dialledOf(step.caller),
          restoreContact(step.contact, plan, step.caller, step.agent),
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
