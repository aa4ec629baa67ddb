/**
 * Words of the routing core (docs/architecture.md "Routing core"). PURE: types and constants only.
 *
 * All times are epoch milliseconds, all durations milliseconds unless a name says otherwise.
 */

/** Levels a skill may have; 5 is the best (domain.md section 2). */
export type SkillLevel = 1 | 2 | 3 | 4 | 5
/** What an agent can do: skill code -> level. */
export type Skills = Readonly<Record<string, number>>
/** What a contact needs: every skill at its minimum level. */
export type Requirement = Readonly<Record<string, number>>

/** One step of a queue's requirement: after `afterMs` of waiting this (usually wider) requirement counts too. */
export interface RelaxationStep {
  readonly afterMs: number
  readonly requirement: Requirement
}

/** What routing has to know of a queue. `steps[0].afterMs` is 0; later steps are in rising order. */
export interface QueuePolicy {
  readonly id: string
  readonly channel: Channel
  readonly steps: readonly RelaxationStep[]
}

/** Kinds of work that take one of an agent's slots. */
export type Channel = 'voice'

/** (queue, requirement at one relaxation step) as one string: `<queue>/<step>`; an agent's personal route is `@<agent>`. */
export type RouteId = string

/** A route a contact waits in from `afterMs` after it was enqueued. Several routes may share one delay. */
export interface ContactRoute {
  readonly route: RouteId
  readonly afterMs: number
}

/** A route an agent serves with the rank there: sum of the agent's levels of the required skills; higher is better. */
export interface AgentRoute {
  readonly route: RouteId
  readonly rank: number
}

export type Presence = 'offline' | 'available' | 'break'
export type Work = 'idle' | 'reserved' | 'ringing' | 'talking' | 'holding' | 'wrapping' | 'not_responding'
/** `busy`: in a call that is not of this server (the PBX's fallback queue, one the agent dialled), so not to be rung. */
export type DeviceState = 'up' | 'busy' | 'down'

export type ReservationState =
  | 'pending'
  | 'accepted'
  | 'rejected'
  | 'timed_out'
  | 'cancelled'
  | 'rescinded'
  | 'failed'
  | 'wrapping'
  | 'completed'

/** Why the device made a reservation fail. `pbx_away`: the PBX that should have rung it could not be asked; the agent stays free. */
export type DeviceFailure = 'busy' | 'unreachable' | 'unregistered' | 'error' | 'pbx_away'

/** A promise of one contact to one agent, as the scripts return it and as `reservation.created` carries it. */
export interface Reservation {
  readonly id: string
  readonly contactId: string
  readonly agentId: string
  readonly queue: string
  readonly route: RouteId
  /** Fencing token: rises with every reservation of the centre; a command with another token changes nothing. */
  readonly token: number
  readonly createdAt: number
  /** Until when the agent has to answer. */
  readonly deadline: number
  /** PBX node at which the agent's phone is up; absent: nobody said where. */
  readonly deviceNode?: string
  /** The screen pop was written in the same step (QueueContact.pop). */
  readonly popped?: true
}

/** A contact that starts to wait. */
export interface QueueContact {
  readonly contactId: string
  readonly queue: string
  readonly channel: Channel
  /** 0 is the most urgent (domain.md section 4). */
  readonly priority: number
  /** When it first began to wait; kept through every requeue. */
  readonly enqueuedAt: number
  /** PBX node that has the caller's channel; absent: there is only one. */
  readonly node?: string
  readonly routes: readonly ContactRoute[]
  /** Agent waited for first (sticky, owned call-back): in `@agent` at once; every general route is delayed by `preferMs`. */
  readonly preferredAgent?: string
  readonly preferMs?: number
  /** Agents who never get this contact ("kept apart"). */
  readonly excluded?: readonly string[]
  /** How long an offer may ring. */
  readonly ringMs: number
  /** How long the pair stays apart after the agent rejected, failed or did not answer. */
  readonly rejectMs: number
  /** Ends the wait as `timed_out` when reached; absent: waits for ever. */
  readonly maxWaitMs?: number
  /** Refuse with `CTI_ERR_QUEUE_FULL` when so many wait in this queue already; absent: no limit. */
  readonly limit?: number
  /** Carried unchanged into the journal's contact.queued (never a phone number or name). */
  readonly facts?: Readonly<Record<string, unknown>>
  /** The contact's `contact.created`, when the journal does not have it yet: written first, also when the queue is full. `time`: epoch ms. */
  readonly created?: { readonly time: number; readonly data: Readonly<Record<string, unknown>> }
  /**
   * The screen pop without what only the promise knows (reservationId, token, agentId, deadline). Written as `screenpop.created` when this
   * very call makes a promise: one round trip less until the agent's screen is filled. It is kept nowhere else.
   */
  readonly pop?: Readonly<Record<string, unknown>>
}

/** What every transition returns besides its own result. */
export interface Matched {
  /** Reservations that this transition made (0 or 1; 2 when both sides of a fallen promise match again). */
  readonly reservations: readonly Reservation[]
}

export interface AgentSetup {
  readonly agentId: string
  readonly routes: readonly AgentRoute[]
  /** Version of the centre file the routes come from; an older one than stored changes nothing. */
  readonly configVersion: number
  /** Of an agent that the core does not know (Redis was emptied); absent: offline. One that it knows keeps its own. */
  readonly presence?: { readonly presence: Presence; readonly breakReason?: string }
}

/** A talk as the PBX still knows it. */
export interface ForgottenTalk {
  readonly contactId: string
  readonly queue: string
  readonly priority: number
  readonly enqueuedAt: number
  /** `r<created at>-<token>`, from the leg's name. */
  readonly reservationId: string
  readonly token: number
  readonly agentId: string
  /** PBX node that has the caller's channel. */
  readonly node?: string
}

/**
 * An agent's part in a contact that is another agent's: drawn in beside it (`consult`, `conference`, `supervision`), or wrapping up after
 * it went on to somebody else (`after`).
 */
export type Part = 'consult' | 'conference' | 'supervision' | 'after'

/** An agent who was drawn into a talk that the core has forgotten, and has answered. */
export interface ForgottenPart {
  readonly contactId: string
  readonly part: Exclude<Part, 'after'>
  readonly reservationId: string
  readonly token: number
  readonly agentId: string
}

/** A second agent for a contact in talk. */
export interface DrawIn {
  readonly contactId: string
  /** One agent, or the first free one of a queue's routes. */
  readonly from: { readonly agentId: string } | { readonly routes: readonly RouteId[] }
  readonly part: Exclude<Part, 'after'>
  readonly ringMs: number
  /** Whatever the agent's presence is (supervisors); only with `agentId`. */
  readonly anyPresence?: boolean
  /** As QueueContact.pop. */
  readonly pop?: Readonly<Record<string, unknown>>
}

/** A contact in talk is to wait again. `queueContact`'s fields, of the new queue. */
export interface TransferContact extends Omit<QueueContact, 'created' | 'facts' | 'node' | 'channel'> {
  /** Refuse with CTI_ERR_AGENT_WRONG_STATE unless this agent is free now. */
  readonly mustBeFree?: string
  /** Wrap-up of the agent who had it. */
  readonly wrapMs: number
  /** `blind`, or `returned` when a target outside did not answer. */
  readonly kind: string
}

/** An agent calls out: a contact of its own that is promised to nobody else. */
export interface PlaceCall {
  readonly contactId: string
  readonly agentId: string
  readonly queue: string
  /** PBX node from which it is dialled. */
  readonly node?: string
  /** How long the agent's own phone may ring. */
  readonly ringMs: number
  /** Nobody takes the agent's place: a promise that fell through ends the contact after so long, should nobody say so before. */
  readonly maxWaitMs: number
  /** Data of contact.created. */
  readonly created: Readonly<Record<string, unknown>>
}

export interface AgentSnapshot {
  readonly agentId: string
  readonly presence: Presence
  readonly breakReason?: string
  /** Why the presence is not what the agent chose: `client_lost` (the agent's clients were gone for too long). */
  readonly presenceReason?: string
  readonly work: Work
  /** Why the agent is not_responding: `no_answer` or a DeviceFailure. */
  readonly workReason?: string
  /** Absent: the contact is this agent's own. */
  readonly part?: Part
  readonly device: DeviceState
  /** PBX nodes at which it is up, where it came up last first; absent: none, or nobody said where. */
  readonly deviceNodes?: readonly string[]
  readonly idleSince?: number
  readonly presenceSince: number
  readonly workSince: number
  readonly reservationId?: string
  readonly contactId?: string
  /** PBX node of that contact, even when the contact itself is lost. */
  readonly contactNode?: string
  readonly token?: number
  readonly deadline?: number
  /** End of wrap-up while wrapping. */
  readonly wrapUntil?: number
  /** Presence that starts when the present work ends (asked for while busy). */
  readonly nextPresence?: Presence
  readonly nextBreakReason?: string
  /** Rises with every change of this agent: the ETag of agent commands. */
  readonly version: number
}

export type RoutedState = 'queued' | 'reserved' | 'connected' | 'wrapping'

export interface ContactSnapshot {
  readonly contactId: string
  readonly state: RoutedState
  readonly queue: string
  readonly priority: number
  readonly enqueuedAt: number
  /** PBX node that has the caller's channel; absent: written when there was only one. */
  readonly node?: string
  /** PBX node at which the promised agent's phone was up. */
  readonly deviceNode?: string
  readonly agentId?: string
  readonly reservationId?: string
  readonly token?: number
  readonly deadline?: number
  /** When the talk began, while it goes on. */
  readonly connectedAt?: number
  /** When its agent parked it, while it is parked: the caller hears music until somebody picks the call up. */
  readonly parkedAt?: number
  readonly attempts: number
  readonly version: number
}

export interface QueueSnapshot {
  readonly queue: string
  readonly waiting: number
  /** enqueuedAt of the contact that waits longest. */
  readonly oldest?: number
  /** Agents free for any route of this queue now. */
  readonly free: number
}

/** Error codes of the scripts, mapped to names in one place (routing/errors.ts); the API shows the same names. */
export const ROUTING_ERRORS = {
  1: 'CTI_ERR_CONTACT_NOT_FOUND',
  2: 'CTI_ERR_CONTACT_EXISTS',
  3: 'CTI_ERR_CONTACT_WRONG_STATE',
  4: 'CTI_ERR_AGENT_NOT_FOUND',
  5: 'CTI_ERR_AGENT_WRONG_STATE',
  6: 'CTI_ERR_RESERVATION_NOT_FOUND',
  7: 'CTI_ERR_RESERVATION_STALE',
  8: 'CTI_ERR_RESERVATION_EXPIRED',
  9: 'CTI_ERR_RESERVATION_OTHER_AGENT',
  10: 'CTI_ERR_QUEUE_FULL',
  11: 'CTI_ERR_VERSION_MISMATCH',
  12: 'CTI_ERR_NOT_YET_DUE',
  13: 'CTI_ERR_INVALID_ARGUMENT',
  14: 'CTI_ERR_NOT_OWNER',
  15: 'CTI_ERR_NOBODY_FREE',
} as const
export type RoutingErrorCode = (typeof ROUTING_ERRORS)[keyof typeof ROUTING_ERRORS]

/** Priorities below this are bands of their own, always ahead; from here on waiting ages them, 1 step per 6 s (domain.md section 4). */
export const AGEING_FLOOR = 20
export const AGEING_STEP_MS = 6_000
