import type { AgentSnapshot, ContactSnapshot, ForgottenTalk } from '../routing/model.js'
import type { ContactEvent, ContactState, Offer } from './contact-model.js'
import type { OutboundEvent, OutboundState } from './outbound/outbound-model.js'
import type { TryStep } from './outbound/outbound-plan.js'
import type { RecoveryStep } from './recovery-plan.js'
import type { ListedBridge, ListedChannel } from './telephony-port.js'

/** Words of the reconciler (reconcile-plan.ts). PURE: types only. */

/** Everything that is compared, read one after the other: what changed in between is a race, not a drift. */
export interface Seen {
  /** epoch ms */
  readonly now: number
  readonly channels: readonly ListedChannel[]
  readonly bridges: readonly ListedBridge[]
  readonly contacts: readonly ContactSnapshot[]
  readonly agents: readonly AgentSnapshot[]
  /** Calls that this process carries. */
  readonly live: readonly ContactState[]
  /** Tries of call-backs that this process carries. */
  readonly tries: readonly OutboundState[]
  readonly maxTalkMs: number
}

export type RepairKind =
  /** The caller (or everybody) is gone from Asterisk, the contact goes on. */
  | 'contact_without_channel'
  /** A channel in our application that belongs to no contact. */
  | 'channel_without_contact'
  /** Channel and contact are there, and nobody carries the call. */
  | 'contact_not_carried'
  /** A caller waits or talks here whom the routing core does not know. */
  | 'contact_missing'
  /** The live call and the routing core are in different states. */
  | 'contact_disagrees'
  /** The agent's leg is gone and nobody told us. */
  | 'leg_missing'
  /** An agent is busy with nothing, or wraps up for ever. */
  | 'agent_stuck'
  | 'reservation_overdue'
  | 'bridge_one_leg'
  | 'call_too_long'

export type Repair =
  | { readonly do: 'recover'; readonly step: RecoveryStep }
  /** The event that was lost is told to the call's state machine, which does the rest. */
  | { readonly do: 'tell'; readonly contactId: string; readonly event: ContactEvent }
  | { readonly do: 'tell_try'; readonly contactId: string; readonly event: OutboundEvent }
  | { readonly do: 'recover_try'; readonly step: TryStep }
  | { readonly do: 'remember_talk'; readonly talk: ForgottenTalk }
  /** The core thinks that the two talk, but the caller waits: the talk is ended and the caller waits at the old place. */
  | { readonly do: 'end_and_requeue'; readonly contactId: string }
  | { readonly do: 'rejoin'; readonly offer: Offer; readonly channelIds: readonly string[] }
  | { readonly do: 'destroy_bridge'; readonly bridgeId: string }
  | { readonly do: 'time_out'; readonly reservationId: string; readonly token: number }
  | { readonly do: 'release_agent' | 'finish_wrap_up'; readonly agentId: string }

/** One difference. Two rounds that give the same `key` have seen the same difference. */
export interface Drift {
  readonly kind: RepairKind
  readonly key: string
  /** For the log. */
  readonly why: string
  readonly contactId?: string
  readonly channelId?: string
  readonly agentId?: string
  readonly repair: Repair
}
