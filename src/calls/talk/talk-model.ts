import type { DeviceFailure } from '../../routing/model.js'
import type { Help } from '../help/help-model.js'
import type { Offer, WaitPlan } from '../offer-model.js'
import type { Supervision } from '../supervision/supervision-model.js'

/** Words of what goes on inside a talk (talk.ts). PURE: types only. */

/** Most parties beside caller and agent. */
export const MOST_PARTIES = 6

/** Somebody beside caller and agent. */
export interface Party {
  /** `p1`, `p2` … within the contact. */
  readonly id: string
  readonly kind: 'agent' | 'outside'
  readonly agentId?: string
  /** The agent's part in the routing core. */
  readonly reservationId?: string
  readonly token?: number
  readonly deviceNode?: string
  /** Of the centre file, when its number was dialled. */
  readonly department?: string
  readonly channelId: string
  readonly leg: 'dialled' | 'ringing' | 'answered'
  /** What happens at the answer: the agent asks first, all talk together, or the caller is theirs. */
  readonly joins: 'consult' | 'conference' | 'transfer'
  /** Of a transfer: what the record calls it. */
  readonly how?: TransferKind
  /** Hears music, outside the bridge. */
  readonly aside: boolean
  readonly muted: boolean
}

export type TransferKind = 'attended' | 'blind' | 'conference' | 'taken_over' | 'picked_up'

/** What the agent dialled at the phone beside the talk: the phone holds one call and talks in the other. */
export interface SecondCall {
  readonly channelId: string
  /** Its phone has asked to connect both calls (SIP REFER with Replaces): from now on it may end without taking the consulted party with it. */
  readonly connects?: true
}

/** What is going on in a talk beyond two people talking. */
export interface Talk {
  /** Rises with every change: the ETag of call commands. */
  readonly version: number
  /** The caller hears music, outside the bridge. */
  readonly callerAside: boolean
  readonly callerMuted: boolean
  /** By command; the phone's own hold leaves the caller in the bridge. */
  readonly held: boolean
  readonly heldByPhone: boolean
  /** The agent's microphone. */
  readonly muted: boolean
  /** The agent has no leg, and gets one again by picking up. */
  readonly parked: boolean
  /** The agent hung up while somebody's phone still rings: whoever answers gets the caller. */
  readonly agentLeft: boolean
  /** The routing core is being asked to let the contact wait again, like this. */
  readonly moving?: { readonly plan: WaitPlan; readonly enqueuedAt: number }
  /** The agent consults by a second call of its own phone. */
  readonly second?: SecondCall
  /** Parties so far. */
  readonly count: number
  readonly parties: readonly Party[]
  /** Who listens to the agent; never in the talk's bridge. */
  readonly supervisions: readonly Supervision[]
  /** The agent has asked for a supervisor. */
  readonly help?: Help
}

export const QUIET: Talk = {
  version: 0,
  callerAside: false,
  callerMuted: false,
  held: false,
  heldByPhone: false,
  muted: false,
  parked: false,
  agentLeft: false,
  count: 0,
  parties: [],
  supervisions: [],
}

/** Commands that only change the talk itself. */
export type TalkMove =
  | { readonly do: 'hold' | 'resume' | 'mute' | 'unmute' | 'swap' | 'cancel' | 'merge' | 'park' }
  | { readonly do: 'party_mute' | 'party_unmute' | 'party_drop'; readonly party: string }
  /** `deadline`: until when the phone may ring, epoch ms. */
  | { readonly do: 'pick_up'; readonly deadline: number }
  /** The consulted party does not answer yet and is to have the caller when it does. */
  | { readonly do: 'let_have' }

export type TalkEvent =
  | { readonly type: 'command'; readonly move: TalkMove }
  /** `second`: channel of the agent's second call, by which the party is consulted. */
  | { readonly type: 'invited'; readonly party: Party; readonly number?: string; readonly second?: string }
  /** The phone asks to connect its two calls; or (`on` false) that was refused. */
  | { readonly type: 'second_connects'; readonly on: boolean }
  | { readonly type: 'joined' | 'join_refused'; readonly party: string }
  | { readonly type: 'handed_over'; readonly party: Party }
  | { readonly type: 'hand_over_refused'; readonly party: string }
  /** The agent's part is over; caller and party outside talk on. */
  | { readonly type: 'forwarded' }
  | { readonly type: 'moving'; readonly plan: WaitPlan; readonly enqueuedAt: number }
  | { readonly type: 'moved' | 'move_refused' }
  | { readonly type: 'park_limit'; readonly deadline: number }

export type TalkEffect =
  /** Out of the bridge, music. */
  | { readonly do: 'set_aside'; readonly channelId: string; readonly bridgeId: string; readonly music: string }
  /** Music off, into the bridge. */
  | { readonly do: 'bring_in'; readonly channelId: string; readonly bridgeId: string }
  | { readonly do: 'mute' | 'unmute' | 'answer'; readonly channelId: string }
  | { readonly do: 'invite'; readonly party: Party; readonly number?: string }
  | { readonly do: 'mark_party_ringing' | 'join'; readonly party: Party }
  | { readonly do: 'leave_part'; readonly party: Party; readonly reason: string }
  | {
      readonly do: 'part_failed'
      readonly party: Party
      readonly how: 'rejected' | 'timed_out' | DeviceFailure
    }
  /** The caller becomes this party's: a colleague's, or somebody's outside. */
  | { readonly do: 'hand_over'; readonly party: Party; readonly kind: TransferKind }
  /** Nobody took the caller, and the agent has left: back to the queue, the same agent first. */
  | { readonly do: 'return_to_queue' }
  /** Everybody in one new bridge. */
  | { readonly do: 'bridge_all'; readonly offer: Offer; readonly channelIds: readonly string[] }
  /** The agent's phone is rung for its parked call. */
  | { readonly do: 'ring_back'; readonly offer: Offer }
  /** The routing core, and with it every screen, knows that the call waits to be picked up. */
  | { readonly do: 'park' }
  | { readonly do: 'park_limit_in'; readonly ms: number }
  /** State on the caller's channel, for whoever goes on with the call. */
  | { readonly do: 'keep_talk' | 'mark_wait' | 'tell_forward_end' }
  /** Everybody's screens; `left`: who is not there any more, and why. */
  | { readonly do: 'tell_call'; readonly left?: { readonly party: string; readonly why: string } }
