/** Words of the call-back (domain.md sections 2 and 4). PURE: types and constants only. Times are epoch ms. */

export const CALLBACK_KINDS = ['virtual_hold', 'agent_promised', 'abandoned', 'booked', 'welfare'] as const
/**
 * Why somebody is phoned. `virtual_hold`: asked for in the queue, keeps the place; `agent_promised`: an agent set a time; `abandoned`:
 * found in the record, hung up while waiting; `booked`: a slot chosen by web or API; `welfare`: a recurring call (안심콜).
 */
export type CallbackKind = (typeof CALLBACK_KINDS)[number]

export const OPEN_STATES = [
  'requested',
  'scheduled',
  'due',
  'queued',
  'offered',
  'dialing',
  'connected',
  'no_answer',
  'busy',
] as const
export const END_STATES = ['completed', 'exhausted', 'expired', 'cancelled', 'superseded'] as const
export type CallbackState = (typeof OPEN_STATES)[number] | (typeof END_STATES)[number]

export const ATTEMPT_RESULTS = [
  'answered',
  'no_answer',
  'busy',
  'wrong_number',
  'voicemail',
  'failed',
  'agent_gone',
  'superseded',
  'lost',
] as const
/** What became of one attempt. `agent_gone`: the citizen answered and nobody was there; `lost`: the process died and nobody can say. */
export type AttemptResult = (typeof ATTEMPT_RESULTS)[number]

export interface Callback {
  readonly id: string
  readonly kind: CallbackKind
  readonly state: CallbackState
  readonly queue: string
  /** Normalised number that is dialled. */
  readonly number: string
  readonly secondNumber?: string
  /** Number of the centre that the citizen sees. */
  readonly callerId: string
  readonly citizenId?: string
  readonly ticketId?: string
  /** The call it came from. */
  readonly sourceContactId?: string
  readonly reason?: string
  /** Who promised it, or is wanted for it. */
  readonly ownerAgent?: string
  /** Until then only the owner may have it. */
  readonly ownerUntil?: number
  /** Priority band in the queue, lower first. */
  readonly priority: number
  /** Place in the queue: virtual hold keeps the caller's own. */
  readonly enqueuedAt?: number
  readonly requestedAt: number
  /** First attempt by then. */
  readonly promisedAt: number
  readonly firstPromisedAt: number
  /** Not tried before. */
  readonly dueAt: number
  readonly expiresAt?: number
  readonly attempts: number
  readonly maxAttempts: number
  readonly firstAttemptAt?: number
  /** Contact of the attempt that waits or is under way. */
  readonly contactId?: string
  /** Agent of that attempt. */
  readonly agentId?: string
  readonly outcome?: string
  readonly endedAt?: number
  readonly endedReason?: string
  /** Contact by which the citizen rang in again. */
  readonly supersededBy?: string
  readonly slotAt?: number
  readonly scheduleId?: string
  readonly checklist?: readonly ChecklistItem[]
  readonly version: number
  readonly createdBy: string
}

/** A question of a welfare call and its answer. */
export interface ChecklistItem {
  readonly id: string
  readonly label: string
  readonly answer?: string
}

export interface CallbackAttempt {
  readonly ordinal: number
  readonly contactId: string
  readonly agentId?: string
  readonly node?: string
  readonly second: boolean
  readonly claimedAt: number
  readonly answeredAt?: number
  readonly endedAt?: number
  readonly result?: AttemptResult
}

/** One entry of a call-back's history. `by`: a user, an API key, or `system`. */
export interface CallbackChange {
  readonly at: number
  readonly by: string
  readonly change: string
  readonly reason?: string
  readonly before?: unknown
  readonly after?: unknown
}
