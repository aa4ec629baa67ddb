import type { AnyJournalEvent } from '../journal/events.js'
import { newId } from '../platform/ids.js'
import { LATE, within } from '../platform/within.js'
import type { CallWorld } from './call-world.js'
import { createContact, decide } from './contact.js'
import type { ContactEvent } from './contact-model.js'
import { carryOut } from './effects.js'
import { admitCaller } from './intake.js'
import { journalToContact } from './journal-to-contact.js'
import { EMPTY_BRIEF, type LiveCall } from './live-call.js'
import type { TelephonyEvent } from './telephony-port.js'

/** The caller's brief may take so long (ms); then the call goes on without it. */
const BRIEF_LIMIT_MS = 150

/**
 * The live calls of this instance: turns what the PBX and the journal say into events of each contact's state machine and
 * carries out what it decides. Decisions are synchronous, in order of arrival; effects are started in order and their
 * results come back as events, so one slow effect never holds up another call.
 */
export class CallRunner {
  readonly #world: CallWorld
  readonly #calls = new Map<string, LiveCall>()
  readonly #byChannel = new Map<string, string>()

  constructor(world: CallWorld) {
    this.#world = world
  }

  /** Number of live calls here. */
  get size(): number {
    return this.#calls.size
  }

  get(contactId: string): LiveCall | undefined {
    return this.#calls.get(contactId)
  }

  onTelephony(event: TelephonyEvent): void {
    switch (event.type) {
      case 'call_arrived':
        this.#arrive(event)
        break
      case 'leg_ringing':
      case 'leg_answered':
      case 'leg_held':
      case 'leg_unheld':
        this.#postToChannel(event.channelId, { type: event.type, channelId: event.channelId })
        break
      case 'leg_ended':
        this.#postToChannel(event.channelId, { type: 'leg_ended', channelId: event.channelId, failure: event.failure })
        break
      case 'playback_ended':
        this.#postToChannel(event.channelId, { type: 'playback_ended', playbackId: event.playbackId, now: event.at })
        break
    }
  }

  onJournal(event: AnyJournalEvent): void {
    if (!event.contactId || !this.#calls.has(event.contactId)) return
    const said = journalToContact(event)
    if (said) this.post(event.contactId, said)
  }

  /** Hands an event to a contact's state machine and starts what it decides. */
  post(contactId: string, event: ContactEvent): void {
    const call = this.#calls.get(contactId)
    if (!call) return
    const before = call.state.offer?.channelId
    const { state, effects } = decide(call.state, event)
    call.state = state
    if (state.offer && state.offer.channelId !== before) this.#byChannel.set(state.offer.channelId, contactId)
    for (const effect of effects) {
      if (effect.do === 'forget') this.#forget(call)
      else carryOut(this.#world, call, effect, (next) => this.post(contactId, next))
    }
  }

  close(): void {
    for (const call of [...this.#calls.values()]) this.#forget(call)
  }

  #arrive(event: Extract<TelephonyEvent, { type: 'call_arrived' }>): void {
    const { context, deadMan, journal, logger, telephony, metrics } = this.#world
    if (this.#byChannel.has(event.channelId)) return
    const contactId = newId()
    const caller = this.#world.normaliseNumber(event.callerNumber)
    const lookedUp = context.lookUp(caller)
    // Nobody may be waiting for it yet when it fails; the pop handles the failure.
    lookedUp.catch(() => undefined)
    const call: LiveCall = {
      contactId,
      channelId: event.channelId,
      dialled: event.dialled,
      caller,
      callerName: caller === undefined ? undefined : event.callerName,
      arrivedAt: event.at,
      state: createContact(contactId, event.channelId),
      brief: EMPTY_BRIEF,
      context: lookedUp,
      contextAt: event.at,
    }
    this.#calls.set(contactId, call)
    this.#byChannel.set(event.channelId, contactId)
    deadMan.watch(event.channelId)
    metrics.arrived()
    logger.info({ contactId, channelId: event.channelId }, 'call arrived')
    const failed = (what: string) => (error: unknown) => logger.warn({ contactId, err: error }, what)
    journal
      .append('contact.created', {
        subject: `contact:${contactId}`,
        contactId,
        time: event.at,
        data: {
          channel: 'voice',
          direction: 'inbound',
          dialled: event.dialled,
          caller,
          node: telephony.node,
          channelId: event.channelId,
        },
      })
      .catch(failed('contact.created could not be written'))
    telephony.answer(event.channelId).catch(failed('answer failed'))
    telephony
      .setVariables(event.channelId, { CTI_CONTACT: contactId, CTI_ROLE: 'caller', CTI_ARRIVED_AT: String(event.at) })
      .catch(failed('variables could not be set'))
    this.#admit(call, within(context.brief(caller, event.at), BRIEF_LIMIT_MS)).catch(failed('intake failed'))
  }

  async #admit(call: LiveCall, asked: ReturnType<typeof within<LiveCall['brief']>>): Promise<void> {
    const brief = await asked.catch((error: unknown): typeof LATE => {
      this.#world.logger.warn({ contactId: call.contactId, err: error }, 'caller brief failed, going on without')
      return LATE
    })
    if (brief === LATE) this.#world.metrics.lookUpLate()
    else call.brief = brief
    const now = this.#world.clock()
    const { floor, centre } = this.#world
    const admission = admitCaller(
      centre.current().file,
      call.dialled,
      call.brief,
      (queue) => floor.signedIn(queue),
      now,
    )
    this.post(call.contactId, { type: 'admitted', admission, now })
  }

  #postToChannel(channelId: string, event: ContactEvent): void {
    const contactId = this.#byChannel.get(channelId)
    if (contactId) this.post(contactId, event)
  }

  #forget(call: LiveCall): void {
    clearTimeout(call.announceTimer)
    this.#calls.delete(call.contactId)
    this.#byChannel.delete(call.channelId)
    if (call.state.offer) this.#byChannel.delete(call.state.offer.channelId)
    this.#world.deadMan.forget(call.channelId)
  }
}
