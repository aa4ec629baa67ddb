import type { RingFailure } from '../calls/telephony-port.js'

/** What is known of a leg besides the event that ends it. */
export interface RingFacts {
  /** The phone said that it rings (180 or 183). */
  readonly rang: boolean
  /** We asked for its end. */
  readonly cancelled: boolean
}

/** SIP answers that say who ended the ringing. */
const bySipAnswer: Readonly<Record<number, RingFailure>> = {
  403: 'declined',
  404: 'unreachable',
  // What another node says of a phone that is not registered there (dialplan/nodes.conf); a phone itself has no reason to.
  410: 'unregistered',
  484: 'unreachable',
  486: 'busy',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
  600: 'busy',
  603: 'declined',
  604: 'unreachable',
}

/** Q.850 causes, for an end without a SIP answer. */
const byCause: Readonly<Record<number, RingFailure>> = {
  1: 'unreachable',
  3: 'unreachable',
  17: 'busy',
  20: 'unreachable',
  21: 'declined',
  27: 'unreachable',
  34: 'unreachable',
}

/**
 * Why an agent's phone was not answered. The table is Asterisk 22's, found by experiment. Its 19 and 480, and 18 and 408, stand
 * for three things: the phone rang and nobody took it, the phone is dead, or it said "temporarily unavailable" by itself;
 * whether it ever rang tells the first from the others.
 * @param cause Q.850 cause of ChannelDestroyed
 * @param techCause the phone's SIP status, when it gave one
 */
export function classifyRingFailure(cause: number, techCause: number | undefined, facts: RingFacts): RingFailure {
  // Only our own request cancels: a leg that somebody else ended (an operator, a stopping PBX) failed.
  if (facts.cancelled) return 'cancelled'
  const sip = techCause || undefined
  if (sip === 480 || sip === 408 || (sip === undefined && (cause === 18 || cause === 19))) {
    return facts.rang ? 'no_answer' : 'unreachable'
  }
  return (sip === undefined ? byCause[cause] : bySipAnswer[sip]) ?? 'error'
}
