import type { TelephonyEvent } from '../calls/telephony-port.js'
import type { AriEvent } from './ari/types.js'
import type { LegFacts } from './translate.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Legs of this application that live, with the little that must be known to read their events. Gone with their end. */
export class Legs {
  private readonly known = new Map<string, Mutable<LegFacts>>()

  get(channelId: string | undefined): LegFacts | undefined {
    return channelId === undefined ? undefined : this.known.get(channelId)
  }

  ids(): string[] {
    return [...this.known.keys()]
  }

  /** Before the request that creates it, as its first event may come before the answer. */
  expectAgent(channelId: string): void {
    // A request that is repeated finds its leg as it is.
    if (!this.known.has(channelId))
      this.known.set(channelId, { role: 'agent', rang: false, answered: false, cancelled: false })
  }

  expectCitizen(channelId: string): void {
    if (!this.known.has(channelId))
      this.known.set(channelId, { role: 'citizen', rang: false, answered: false, cancelled: false })
  }

  /** A leg found in Asterisk's own list after a new start of this server. */
  adopt(channelId: string, role: LegFacts['role'], answered: boolean): void {
    if (!this.known.has(channelId))
      this.known.set(channelId, { role, rang: false, answered, cancelled: false, adopted: true })
  }

  /** It leaves the application for a moment and comes back: the end in between is none. */
  markMoving(channelId: string): void {
    const leg = this.known.get(channelId)
    if (leg) leg.moving = true
  }

  markCancelled(channelId: string): void {
    const leg = this.known.get(channelId)
    if (leg) leg.cancelled = true
  }

  forget(channelId: string): void {
    this.known.delete(channelId)
  }

  /** Keeps what `event`, already translated into `told`, says about its leg. */
  observe(event: AriEvent, told: TelephonyEvent | undefined): void {
    if (event.type === 'ChannelHangupRequest' && event.channel) {
      const leg = this.known.get(event.channel.id)
      if (leg) leg.hangingUp = true
      // 32 is Asterisk's own mark for "somebody asked", not a cause of the network.
      if (leg && typeof event.cause === 'number') leg.cause = event.cause === 32 ? 16 : event.cause
    }
    switch (told?.type) {
      case 'call_arrived':
      case 'phone_dials':
        this.known.set(told.channelId, { role: 'caller', rang: false, answered: false, cancelled: false })
        break
      case 'leg_ringing':
        this.change(told.channelId, { rang: true })
        break
      case 'leg_answered':
        this.change(told.channelId, { answered: true, moving: false })
        break
      case 'leg_ended':
        this.known.delete(told.channelId)
        break
    }
  }

  private change(channelId: string, facts: Partial<LegFacts>): void {
    const leg = this.known.get(channelId)
    if (leg) Object.assign(leg, facts)
  }
}
