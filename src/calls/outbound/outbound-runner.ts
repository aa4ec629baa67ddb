import { citizenLegId, isOutboundContact } from '../../callbacks/contact-id.js'
import type { AnyJournalEvent } from '../../journal/events.js'
import { createLiveCall } from '../arrival.js'
import type { CallWorld } from '../call-world.js'
import { createContact } from '../contact.js'
import type { Offer } from '../contact-model.js'
import { planForQueue } from '../intake.js'
import type { CallRunner } from '../runner.js'
import type { CallOrder, OrderResult } from '../talk/call-order.js'
import { viewCall } from '../talk/call-view.js'
import type { TelephonyEvent } from '../telephony-port.js'
import { aboutOf, type DiallingPort, type OutboundOrder } from './dialling-port.js'
import { handOver } from './hand-over.js'
import { createOutbound, decideOutbound } from './outbound.js'
import { type OutboundCall, startOutbound } from './outbound-effects.js'
import type { OutboundDecision, OutboundEffect, OutboundEvent, OutboundState } from './outbound-model.js'
import { offerOf } from './promise-offer.js'

/**
 * The tries of call-backs that this instance carries, from the promise of an agent until citizen and agent talk; then the call runner has
 * them. Works like the call runner: decisions are synchronous, effects are started, results come back as events.
 */
export class OutboundRunner {
  readonly #calls = new Map<string, OutboundCall>()
  readonly #byChannel = new Map<string, string>()
  #held: (() => void)[] | undefined

  constructor(
    readonly world: CallWorld,
    readonly promises: DiallingPort,
    private readonly runner: CallRunner,
  ) {}

  get size(): number {
    return this.#calls.size
  }

  get(contactId: string): OutboundCall | undefined {
    return this.#calls.get(contactId)
  }

  states(): OutboundState[] {
    return [...this.#calls.values()].map(({ state }) => state)
  }

  /** Lets events wait until the returned function is called, as CallRunner.hold. */
  hold(): () => void {
    const held: (() => void)[] = []
    this.#held = held
    return () => {
      if (this.#held !== held) return
      this.#held = undefined
      for (const deliver of held) deliver()
    }
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type !== 'leg_ringing' && event.type !== 'leg_answered' && event.type !== 'leg_ended') return
    this.#soon(() => {
      const contactId = this.#byChannel.get(event.channelId)
      if (contactId === undefined) return
      const { type, channelId } = event
      this.post(contactId, type === 'leg_ended' ? { type, channelId, failure: event.failure } : { type, channelId })
    })
  }

  onJournal(event: AnyJournalEvent): void {
    if (isOutboundContact(event.contactId)) this.#soon(() => this.#read(event))
  }

  /** A call-back that is being dialled can only be ended. */
  order(contactId: string, order: CallOrder): Promise<OrderResult> | undefined {
    const out = this.#calls.get(contactId)
    if (!out) return undefined
    if (order.do !== 'hang_up') return Promise.resolve({ ok: false, code: 'CTI_ERR_CONTACT_WRONG_STATE' })
    this.post(contactId, { type: 'hang_up' })
    return Promise.resolve({ ok: true, changed: true, call: viewCall(out.call.state), supervisions: [] })
  }

  #soon(work: () => void): void {
    if (this.#held) this.#held.push(work)
    else work()
  }

  #read(event: AnyJournalEvent): void {
    const contactId = event.contactId!
    switch (event.type) {
      case 'reservation.created':
        this.#promised(contactId, offerOf(event.data))
        break
      case 'screenpop.created':
        this.post(contactId, { type: 'popped', reservationId: event.data.reservationId })
        break
      case 'reservation.rejected':
      case 'reservation.timed_out':
      case 'reservation.rescinded':
      case 'reservation.failed':
        this.post(contactId, { type: 'offer_over', reservationId: event.data.reservationId })
        break
      case 'contact.abandoned':
        this.post(contactId, { type: 'core_left' })
    }
  }

  #promised(contactId: string, offer: Offer): void {
    if (this.#calls.has(contactId)) {
      this.post(contactId, { type: 'reserved', offer })
      return
    }
    // A citizen who waits on the line already is the call runner's.
    if (this.runner.get(contactId)) return
    this.#begin(contactId, offer).catch((error: unknown) =>
      this.world.logger.warn({ contactId, err: error }, 'a call-back could not be begun'),
    )
  }

  /** Whoever owns the node of the virtual contact carries it. */
  async #begin(contactId: string, offer: Offer): Promise<void> {
    const { routing, telephony, clock } = this.world
    const contact = await routing.getContact(contactId)
    if (contact?.node !== telephony.node || contact.reservationId !== offer.reservationId) return
    let order: OutboundOrder | undefined
    try {
      order = await this.promises.order(contactId)
    } catch (error) {
      // PostgreSQL is away: no phone is to blame, the place is kept.
      await routing.failReservation(offer, 'pbx_away', clock())
      throw error
    }
    if (this.#calls.has(contactId)) return
    if (!order || order.claimed) {
      await routing.leaveQueue(contactId, order ? 'lost' : 'cancelled', clock())
      return
    }
    const state = createOutbound(contactId, order.first, offer, citizenLegId(contactId), order.what === 'call_out')
    this.carry(order, { state, effects: [{ do: 'pop', offer }] })
  }

  /** Goes on with a try in this state. */
  carry(order: OutboundOrder, { state, effects }: OutboundDecision): void {
    const { world } = this
    const { contactId, callerId, number, queue, priority } = order
    const plan = planForQueue(world.centre.current().file, queue, priority, world.clock())
    const contact = {
      ...createContact(contactId, state.citizen.channelId),
      plan,
      enqueuedAt: order.enqueuedAt,
      offer: state.offer,
    }
    const arrival = { channelId: state.citizen.channelId, dialled: callerId, callerNumber: number, at: world.clock() }
    const call = createLiveCall(world, arrival, contact, true, aboutOf(order))
    const out: OutboundCall = { order, call, state }
    this.#calls.set(contactId, out)
    this.#byChannel.set(state.citizen.channelId, contactId)
    if (state.offer) this.#byChannel.set(state.offer.channelId, contactId)
    if (state.state === 'dialing')
      out.ringTimer = setTimeout(() => this.post(contactId, { type: 'ring_limit' }), order.ringMs)
    this.#carryOut(out, effects)
  }

  post(contactId: string, event: OutboundEvent): void {
    const out = this.#calls.get(contactId)
    if (!out) return
    const { state, effects } = decideOutbound(out.state, event as OutboundEvent)
    out.state = state
    out.call.state = { ...out.call.state, offer: state.offer }
    if (state.offer) this.#byChannel.set(state.offer.channelId, contactId)
    this.#carryOut(out, effects)
  }

  #carryOut(out: OutboundCall, effects: readonly OutboundEffect[]): void {
    for (const effect of effects) {
      if (effect.do === 'forget') this.#forget(out)
      else if (effect.do === 'hand_over') this.#handOver(out, effect)
      else startOutbound(this.world, this.promises, out, effect, (event) => this.post(out.order.contactId, event))
    }
  }

  #handOver(out: OutboundCall, { as, offer }: Extract<OutboundEffect, { do: 'hand_over' }>): void {
    const { contactId } = out.order
    handOver(this.world, this.runner, out, as, offer).catch((error: unknown) =>
      this.world.logger.warn({ contactId, err: error }, 'a call-back could not be handed over'),
    )
  }

  #forget(out: OutboundCall): void {
    clearTimeout(out.ringTimer)
    out.call.later.forget()
    this.#calls.delete(out.order.contactId)
    for (const [channelId, contactId] of this.#byChannel)
      if (contactId === out.order.contactId) this.#byChannel.delete(channelId)
  }

  /** Forgets everything without a word: another process, or recovery here, goes on. */
  close(): void {
    this.#held = undefined
    for (const out of [...this.#calls.values()]) this.#forget(out)
  }
}
