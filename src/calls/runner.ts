import { isOutboundContact } from '../callbacks/contact-id.js'
import type { AnyJournalEvent } from '../journal/events.js'
import { newId } from '../platform/ids.js'
import { LATE, within } from '../platform/within.js'
import { type Arrival, callFacts, createLiveCall, receive } from './arrival.js'
import type { CallWorld } from './call-world.js'
import { beginOffer } from './callback-effects.js'
import { createContact, decide } from './contact.js'
import type { ContactEvent, ContactState, Decision, Effect } from './contact-model.js'
import { carryOut } from './effects.js'
import { admitCaller, planForQueue } from './intake.js'
import { journalToContact } from './journal-to-contact.js'
import type { LiveCall } from './live-call.js'
import type { CallbackAbout } from './outbound/dialling-port.js'
import { restoreArrival } from './restore.js'
import type { CallOrder, OrderedBy, OrderResult } from './talk/call-order.js'
import { obey } from './talk/obey.js'
import { consultByPhone } from './talk/phone-dials.js'
import { transferByPhone } from './talk/refer.js'
import { partyLegs } from './talk/talk-advance.js'
import { hasPart } from './talk/talk-check.js'
import type { ListedChannel, TelephonyEvent } from './telephony-port.js'

/** The look-up of the caller may take so long (ms); then the call goes on without it. */
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
  #held: (() => void)[] | undefined

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

  /** State of every live call, as it is now. */
  states(): ContactState[] {
    return [...this.#calls.values()].map(({ state }) => state)
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === 'call_announced') this.#expect(event.channelId, event.callerNumber)
    else if (this.#held) this.#held.push(() => this.#hear(event))
    else this.#hear(event)
  }

  onJournal(event: AnyJournalEvent): void {
    if (this.#held) this.#held.push(() => this.#read(event))
    else this.#read(event)
  }

  /** Lets events wait until the returned function is called (recovery compares the world meanwhile). */
  hold(): () => void {
    const held: (() => void)[] = []
    this.#held = held
    return () => {
      if (this.#held !== held) return
      this.#held = undefined
      for (const deliver of held) deliver()
    }
  }

  #hear(event: TelephonyEvent): void {
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
      case 'transfer_asked':
        this.#transferByPhone(event)
        break
      case 'phone_dials':
        consultByPhone(
          this.#world,
          event,
          (agentId) => [...this.#calls.values()].filter(({ state }) => hasPart(state, agentId)),
          (...asked) => this.order(...asked),
          (...said) => this.post(...said),
        ).catch((error: unknown) => this.#world.logger.warn({ err: error }, 'a call at the phone went wrong'))
        break
      case 'dtmf':
        this.#postToChannel(event.channelId, { type: 'key', channelId: event.channelId, digit: event.digit })
        break
      case 'playback_ended':
        this.#postToChannel(event.channelId, { type: 'playback_ended', playbackId: event.playbackId, now: event.at })
        break
    }
  }

  #transferByPhone(event: Extract<TelephonyEvent, { type: 'transfer_asked' }>): void {
    const call = this.#calls.get(this.#byChannel.get(event.channelId) ?? '')
    transferByPhone(
      this.#world,
      call,
      event,
      (...asked) => this.order(...asked),
      (...said) => this.post(...said),
    ).catch((error: unknown) =>
      this.#world.logger.warn({ contactId: call?.contactId, err: error }, 'a transfer at the phone went wrong'),
    )
  }

  /** A call is on its way to us: its caller is looked up meanwhile. */
  #expect(channelId: string, callerNumber: string | undefined): void {
    const { lookUps, normaliseNumber, clock } = this.#world
    lookUps.begin(channelId, normaliseNumber(callerNumber), clock())
  }

  #read(event: AnyJournalEvent): void {
    if (!event.contactId || !this.#calls.has(event.contactId)) return
    const said = journalToContact(event)
    if (said?.type === 'popped') this.post(event.contactId, { ...said, byClient: this.#ringsOnAccept(event) })
    else if (said) this.post(event.contactId, said)
  }

  /** The agent's device answers by itself, once the agent has said so. */
  #ringsOnAccept({ data }: AnyJournalEvent): boolean {
    const { agentId } = data as { agentId?: string }
    return this.#world.centre.current().file.agents.find(({ id }) => id === agentId)?.autoAnswer === 'accept'
  }

  /** Hands an event to a contact's state machine and starts what it decides. */
  post(contactId: string, event: ContactEvent): void {
    const call = this.#calls.get(contactId)
    if (!call) return
    const { state, effects } = decide(call.state, event)
    call.state = state
    this.#follow(call)
    this.#carryOut(call, effects)
  }

  /**
   * Something is asked of a call; after what was asked of it before. Hanging up waits for nothing.
   * @returns undefined when the call is not carried here
   */
  order(contactId: string, order: CallOrder, by: OrderedBy): Promise<OrderResult> | undefined {
    const call = this.#calls.get(contactId)
    if (!call) return undefined
    const run = () => obey(this.#world, call, order, by, (event) => this.post(contactId, event))
    if (order.do === 'hang_up') return run()
    const result = call.orders.then(run)
    call.orders = result.catch(() => undefined)
    return result
  }

  /** Legs that came into the call. */
  #follow({ contactId, state, legs }: LiveCall): void {
    for (const channelId of [...(state.offer ? [state.offer.channelId] : []), ...partyLegs(state)]) {
      if (legs.has(channelId)) continue
      legs.add(channelId)
      this.#byChannel.set(channelId, contactId)
    }
  }

  #carryOut(call: LiveCall, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === 'forget') this.#forget(call)
      else carryOut(this.#world, call, effect, (next) => this.post(call.contactId, next))
    }
  }

  /**
   * Forgets every call, and what waits for a recovery, without a word to anybody: another process, or `Recovery` here, goes on with them.
   */
  close(): void {
    this.#held = undefined
    for (const call of [...this.#calls.values()]) this.#forget(call)
  }

  /** Forgets one call without a word to anybody: its end is known already. */
  drop(contactId: string): void {
    const call = this.#calls.get(contactId)
    if (call) this.#forget(call)
  }

  /** Goes on with a contact that another process, or an earlier life of this one, carried. */
  adopt(caller: ListedChannel, dialled: string, restored: Decision, callback?: CallbackAbout): void {
    const call = this.#carry(callFacts(caller, dialled, this.#world.clock()), restored.state, true, callback)
    this.#carryOut(call, restored.effects)
    if (isOutboundContact(call.contactId)) return
    if (restored.state.state === 'queued' && restored.state.plan)
      beginOffer(this.#world, call, restored.state.plan, (next) => this.post(call.contactId, next))
    // A look-up that fails leaves a call-back open that is superseded in truth: an agent phones somebody who was served.
    void call.facts.then(
      ({ brief: { callbacks } }) => {
        if (callbacks) this.post(call.contactId, { type: 'callbacks_known', callbacks, now: this.#world.clock() })
      },
      () => undefined,
    )
  }

  /** Legs of a call that was taken over, which the PBX does not have any more. @param here channels that it has */
  missLegs(contactId: string, here: ReadonlySet<string | undefined>): void {
    const state = this.#calls.get(contactId)?.state
    if (!state) return
    for (const channelId of partyLegs(state))
      if (!here.has(channelId)) this.post(contactId, { type: 'leg_ended', channelId, failure: 'cancelled' })
  }

  /** A caller of ours whom the core does not know: decided about anew, under the same contact id, at the old place. */
  async readmit(caller: ListedChannel, dialled: string): Promise<void> {
    if (this.#byChannel.has(caller.id)) return
    const facts = callFacts(caller, dialled, this.#world.clock())
    if (caller.variables.CTI_CONTACT === undefined) return this.#arrive({ ...facts, channelId: caller.id })
    const { CTI_CONTACT: contactId, CTI_ENQUEUED_AT: enqueuedAt } = caller.variables
    const waitedSince = enqueuedAt === undefined ? undefined : Number(enqueuedAt)
    const { state, effects } = restoreArrival(contactId, caller, waitedSince)
    const call = this.#carry(facts, state, true)
    // Redis may have lost the first telling before it was recorded; told twice it does no harm.
    call.told = false
    this.#carryOut(call, effects)
    const { CTI_QUEUE: queue = '', CTI_PRIORITY: priority = '50' } = caller.variables
    const now = this.#world.clock()
    // Somebody we have phoned did not dial a number that could decide.
    const plan = isOutboundContact(contactId)
      ? planForQueue(this.#world.centre.current().file, queue, Number(priority), now)
      : undefined
    if (plan) this.post(contactId, { type: 'admitted', admission: { kind: 'wait', prompts: [], plan }, now })
    else await this.#admit(call)
  }

  #arrive(arrival: Arrival): void {
    if (this.#byChannel.has(arrival.channelId)) return
    const contactId = newId()
    const call = this.#carry(arrival, createContact(contactId, arrival.channelId), false)
    this.#world.metrics.arrived()
    this.#admit(call).catch((error: unknown) => this.#world.logger.warn({ contactId, err: error }, 'intake failed'))
    receive(this.#world, call)
    // Writing a line takes longer than all of the above together.
    setImmediate(() => this.#world.logger.info({ contactId, channelId: call.channelId }, 'call arrived'))
  }

  #carry(arrival: Arrival, state: ContactState, adopted: boolean, callback?: CallbackAbout): LiveCall {
    const call = createLiveCall(this.#world, arrival, state, adopted, callback)
    this.#calls.set(call.contactId, call)
    this.#byChannel.set(call.channelId, call.contactId)
    this.#follow(call)
    this.#world.deadMan.watch(call.channelId)
    return call
  }

  async #admit(call: LiveCall): Promise<void> {
    const facts = await within(call.facts, BRIEF_LIMIT_MS).catch((error: unknown): typeof LATE => {
      this.#world.logger.warn({ contactId: call.contactId, err: error }, 'caller look-up failed, going on without')
      return LATE
    })
    if (facts === LATE) this.#world.metrics.lookUpLate()
    else {
      call.brief = facts.brief
      call.context = facts.context
    }
    const now = this.#world.clock()
    const { floor, centre } = this.#world
    const admission = admitCaller(
      centre.current().file,
      call.dialled,
      call.brief,
      (queue) => floor.signedIn(queue),
      now,
      call.contactId,
    )
    this.post(call.contactId, { type: 'admitted', admission, now })
  }

  #postToChannel(channelId: string, event: ContactEvent): void {
    const contactId = this.#byChannel.get(channelId)
    if (contactId) this.post(contactId, event)
  }

  #forget(call: LiveCall): void {
    clearTimeout(call.announceTimer)
    clearTimeout(call.offerTimer)
    clearTimeout(call.parkTimer)
    call.later.forget()
    this.#calls.delete(call.contactId)
    this.#byChannel.delete(call.channelId)
    for (const channelId of call.legs) this.#byChannel.delete(channelId)
    this.#world.deadMan.forget(call.channelId)
  }
}
