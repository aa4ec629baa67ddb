import type { DeviceFailure } from '../routing/model.js'
import type { CallersTurn } from './callers-turn.js'
import type { OpenCallback } from './context-port.js'
import type { HelpEffect, HelpEvent } from './help/help-model.js'
import type { Offer, WaitPlan } from './offer-model.js'
import type { SupervisionEffect, SupervisionEvent } from './supervision/supervision-model.js'
import type { Talk, TalkEffect, TalkEvent } from './talk/talk-model.js'
import type { RingFailure } from './telephony-port.js'

export type { Offer, WaitPlan } from './offer-model.js'

/** Words of the contact state machine (contact.ts). PURE: types only. */

/** How a contact may end without an agent (domain.md section 2). */
export type EndState =
  | 'abandoned'
  | 'timed_out'
  | 'overflowed'
  | 'callback_requested'
  | 'closed_hours'
  | 'queue_full'
  | 'no_agents'
  | 'blocked'
  | 'failed'

/** What intake decided for a caller. */
export type Admission =
  | {
      readonly kind: 'wait'
      readonly prompts: readonly string[]
      readonly plan: WaitPlan
      /** The caller has rung in instead of being phoned. */
      readonly turn?: CallersTurn
    }
  | { readonly kind: 'end'; readonly end: EndState; readonly reason?: string; readonly prompts: readonly string[] }

export interface ContactState {
  readonly id: string
  readonly state: 'created' | 'ivr' | 'queued' | 'reserved' | 'offered' | 'connected' | 'held' | 'forwarded' | 'ended'
  readonly channelId: string
  readonly callerGone: boolean
  readonly plan?: WaitPlan
  /** When it first began to wait, epoch ms. */
  readonly enqueuedAt?: number
  readonly offer?: Offer
  readonly playing?: string
  /** Number of playbacks so far: makes each playback id new (asterisk.md: a second one with the same id plays twice). */
  readonly plays: number
  readonly music: boolean
  /** Set while the closing prompt plays; the caller is hung up after it. */
  readonly closing?: EndState
  /** What the caller was last told: the numbers never rise. */
  readonly told?: { readonly position: number; readonly minutes: number }
  /** What the caller's call-backs mean for this call. */
  readonly turn?: CallersTurn
  /** Being phoned instead of waiting: offered, taken by this key, asked for. */
  readonly callback?: { readonly step: 'offered' | 'asked'; readonly key: string }
  /** Queues tried so far, so that overflow cannot go round in circles. */
  readonly tried: readonly string[]
  /** What goes on in the talk beyond two people talking; absent: nothing has. */
  readonly talk?: Talk
}

export type ContactEvent =
  | { readonly type: 'admitted'; readonly admission: Admission; readonly now: number }
  | { readonly type: 'playback_ended'; readonly playbackId: string; readonly now: number }
  | { readonly type: 'queue_refused'; readonly code: string }
  | { readonly type: 'wait_limit' }
  | { readonly type: 'place_told'; readonly position: number; readonly expectedWaitMs?: number }
  | {
      readonly type: 'reserved'
      readonly reservationId: string
      readonly token: number
      readonly agentId: string
      readonly deadline: number
      readonly deviceNode?: string
      /** The pop is in the journal already. */
      readonly popped?: boolean
    }
  /** `byClient`: the phone is rung only when the agent takes the call there. */
  | { readonly type: 'popped'; readonly reservationId: string; readonly byClient?: boolean }
  /** The agent took it in the client. */
  | { readonly type: 'taken'; readonly reservationId: string }
  | { readonly type: 'offer_over'; readonly reservationId: string }
  | { readonly type: 'leg_ringing' | 'leg_answered' | 'leg_held' | 'leg_unheld'; readonly channelId: string }
  | { readonly type: 'leg_ended'; readonly channelId: string; readonly failure: RingFailure }
  | { readonly type: 'connected' | 'connect_refused'; readonly reservationId: string }
  | { readonly type: 'hang_up'; readonly by: 'agent' | 'system' }
  | { readonly type: 'bridge_failed'; readonly reservationId: string }
  /** The routing core does not know any more that this caller waits. */
  | { readonly type: 'place_lost' }
  | { readonly type: 'key'; readonly channelId: string; readonly digit: string }
  /** The caller has waited so long that being phoned may be offered. */
  | { readonly type: 'callback_offer_due'; readonly key: string }
  /** The promise stands and the core has let the caller go; or nothing was promised. */
  | { readonly type: 'callback_promised' | 'callback_refused' }
  /** What PostgreSQL has of a caller whom another process carried before. */
  | { readonly type: 'callbacks_known'; readonly callbacks: readonly OpenCallback[]; readonly now: number }
  | TalkEvent
  | SupervisionEvent
  | HelpEvent

/** What the runner has to do, in this order; none is awaited, results come back as events. */
export type Effect =
  | { readonly do: 'play'; readonly playbackId: string; readonly prompts: readonly string[] }
  | { readonly do: 'stop_playback'; readonly playbackId: string }
  | { readonly do: 'start_music'; readonly music: string }
  | { readonly do: 'stop_music' }
  | { readonly do: 'queue'; readonly plan: WaitPlan; readonly enqueuedAt: number }
  | { readonly do: 'leave'; readonly reason: string }
  | { readonly do: 'announce_in'; readonly ms: number }
  | {
      readonly do: 'pop' | 'ring' | 'mark_ringing' | 'connect' | 'bridge' | 'reject' | 'time_out'
      readonly offer: Offer
    }
  | { readonly do: 'fail'; readonly offer: Offer; readonly failure: DeviceFailure }
  | { readonly do: 'end_talk'; readonly wrapMs: number; readonly endedBy: 'caller' | 'agent' | 'system' }
  | { readonly do: 'unbridge'; readonly bridgeId: string }
  | { readonly do: 'hold' | 'resume' | 'watch' | 'unwatch' | 'fall_back' | 'forget' }
  | {
      readonly do: 'hang_up'
      readonly channelId: string
      readonly why: 'normal' | 'busy' | 'congestion' | 'answered_elsewhere'
    }
  | { readonly do: 'request_callback'; readonly plan: WaitPlan; readonly enqueuedAt: number }
  | { readonly do: 'supersede'; readonly callbacks: readonly OpenCallback[] }
  | TalkEffect
  | SupervisionEffect
  | HelpEffect
  | { readonly do: 'tell_ivr'; readonly prompts: readonly string[] }
  | { readonly do: 'tell_place'; readonly position: number; readonly expectedWaitMs?: number }
  | { readonly do: 'tell_end'; readonly end: EndState; readonly reason?: string }

export interface Decision {
  readonly state: ContactState
  readonly effects: readonly Effect[]
}
