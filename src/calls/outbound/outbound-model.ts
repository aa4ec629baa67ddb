import type { DeviceFailure } from '../../routing/model.js'
import type { Offer } from '../contact-model.js'
import type { RingFailure } from '../telephony-port.js'

/** Words of a call-back's try until the two talk (outbound.ts). PURE: types only. */

/** How a try ended without a talk; also the reason with which its contact leaves the routing core. */
export type MissedAs = 'no_answer' | 'busy' | 'failed' | 'agent_gone' | 'cancelled' | 'superseded' | 'lost'

export interface OutboundState {
  readonly id: string
  readonly first: 'agent' | 'citizen'
  readonly state: 'reserved' | 'offered' | 'claiming' | 'dialing' | 'connecting' | 'returning' | 'handed_over' | 'ended'
  /** An agent's own call: nobody takes that agent's place, and no place is kept. */
  readonly once: boolean
  /** Absent: citizen first, and the agent who was kept free is not any more. */
  readonly offer?: Offer
  readonly citizen: { readonly channelId: string; readonly leg: 'none' | 'dialled' | 'answered' | 'gone' }
}

export type OutboundEvent =
  | { readonly type: 'popped'; readonly reservationId: string }
  | { readonly type: 'reserved'; readonly offer: Offer }
  | { readonly type: 'leg_ringing' | 'leg_answered'; readonly channelId: string }
  | { readonly type: 'leg_ended'; readonly channelId: string; readonly failure: RingFailure }
  | { readonly type: 'claimed' }
  | { readonly type: 'claim_refused'; readonly why: MissedAs }
  /** The promises cannot be asked: nothing was dialled. */
  | { readonly type: 'claim_failed' }
  | { readonly type: 'ring_limit' }
  | { readonly type: 'connected' | 'connect_refused'; readonly reservationId: string }
  | { readonly type: 'offer_over'; readonly reservationId: string }
  /** The routing core has let the contact go: cancelled, superseded, or its node was lost. */
  | { readonly type: 'core_left' }
  | { readonly type: 'hang_up' }

export type OutboundEffect =
  | { readonly do: 'pop' | 'ring' | 'mark_ringing' | 'reject' | 'time_out' | 'connect'; readonly offer: Offer }
  | { readonly do: 'fail'; readonly offer: Offer; readonly failure: DeviceFailure }
  /** The promise holds while the citizen is dialled. */
  | { readonly do: 'keep'; readonly offer: Offer; readonly answered: boolean }
  | { readonly do: 'claim'; readonly offer: Offer }
  | { readonly do: 'dial' }
  | { readonly do: 'start_ringing' | 'stop_ringing'; readonly channelId: string }
  | { readonly do: 'hang_up'; readonly channelId: string }
  | { readonly do: 'leave'; readonly as: MissedAs }
  | { readonly do: 'end_talk'; readonly endedBy: 'caller' | 'agent' }
  /** The citizen goes through the dialplan to be able to wait. */
  | { readonly do: 'let_wait' }
  /** From here on it is a call like any other: `talk`: both are on the line, `wait`: the citizen waits for an agent. */
  | { readonly do: 'hand_over'; readonly as: 'talk' | 'wait'; readonly offer?: Offer }
  | { readonly do: 'forget' }

export interface OutboundDecision {
  readonly state: OutboundState
  readonly effects: readonly OutboundEffect[]
}
