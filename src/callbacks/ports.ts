import type { CallbackMove } from './machine.js'
import type {
  AttemptResult,
  Callback,
  CallbackAttempt,
  CallbackChange,
  CallbackKind,
  CallbackState,
  ChecklistItem,
} from './model.js'

/** A promise to be made; what is left out follows from the kind's policy. */
export interface NewCallback {
  readonly kind: CallbackKind
  readonly queue: string
  readonly number: string
  readonly secondNumber?: string
  readonly callerId: string
  readonly citizenId?: string
  readonly ticketId?: string
  readonly sourceContactId?: string
  readonly reason?: string
  readonly ownerAgent?: string
  readonly ownerUntil?: number
  readonly priority: number
  /** Virtual hold: the caller's own place. */
  readonly enqueuedAt?: number
  readonly dueAt: number
  readonly promisedAt: number
  readonly expiresAt?: number
  readonly maxAttempts: number
  readonly slotAt?: number
  readonly scheduleId?: string
  readonly checklist?: readonly ChecklistItem[]
  /** SHA-256 of the token in the citizen's link. */
  readonly linkHash?: Buffer
  /** The same key again gives the same promise. */
  readonly requestKey?: string
  readonly createdBy: string
}

/** `created` false: one was open for this number and queue (or with this key) already; it is unchanged. */
export interface Created {
  readonly callback: Callback
  readonly created: boolean
}

export interface Change {
  readonly by: string
  readonly reason?: string
  /** If-Match: another version -> CTI_ERR_VERSION_MISMATCH. */
  readonly ifVersion?: number
}

export interface CallbackQuery {
  /** Of these queues, or owned or phoned by these agents. */
  readonly floor?: { readonly queues: ReadonlySet<string>; readonly agents: ReadonlySet<string> }
  readonly kinds?: readonly CallbackKind[]
  readonly states?: readonly CallbackState[]
  readonly queues?: readonly string[]
  readonly ownerAgent?: string
  /** Owned by any of them. */
  readonly ownerAgents?: readonly string[]
  readonly citizenId?: string
  readonly scheduleId?: string
  /** Waits for, was tried in, was promised in, or was superseded by this contact. */
  readonly contactId?: string
  /** Normalised. */
  readonly number?: string
  /** Not tried although the promise is over. */
  readonly overdueAt?: number
  /** Not tried yet and promised before. */
  readonly promisedBefore?: number
  readonly requestedFrom?: number
  readonly requestedTo?: number
  /** Newest request first (default), or earliest promise first. */
  readonly order?: 'requested' | 'promised'
  readonly cursor?: string
  readonly limit: number
}

/**
 * The promises in PostgreSQL. Every method is one transaction; a move locks its row. What changed is told to the journal afterwards
 * (`callback.<state>`), and told again by a sweep when the process died in between. Errors carry a code of the catalogue:
 * CTI_ERR_CALLBACK_NOT_FOUND, CTI_ERR_CALLBACK_WRONG_STATE, CTI_ERR_VERSION_MISMATCH.
 */
export interface CallbackStore {
  create(input: NewCallback, now: number): Promise<Created>
  /** All of them in one transaction, or none. */
  createAll(inputs: readonly NewCallback[], now: number): Promise<readonly Created[]>
  get(id: string): Promise<Callback | undefined>
  getByContact(contactId: string): Promise<Callback | undefined>
  getByLink(hash: Buffer): Promise<Callback | undefined>
  /** Open ones of a number, in any queue. */
  openOf(number: string): Promise<readonly Callback[]>
  list(query: CallbackQuery): Promise<{ readonly items: readonly Callback[]; readonly nextCursor?: string }>
  attempts(id: string): Promise<readonly CallbackAttempt[]>
  changes(id: string): Promise<readonly CallbackChange[]>
  /** Waiting for their time, due before `until`, earliest first. */
  dueBefore(until: number, limit: number): Promise<readonly Callback[]>
  inStates(states: readonly CallbackState[], limit: number): Promise<readonly Callback[]>
  /** Applies a move. @throws CTI_ERR_CALLBACK_WRONG_STATE when the machine has no such move from the row's state */
  move(id: string, move: CallbackMove, now: number, change?: Change): Promise<Callback>
  reassign(id: string, ownerAgent: string | undefined, now: number, change: Change): Promise<Callback>
  /**
   * Claims the next attempt for this contact in the same transaction as the move `dial`. Only who gets `claimed: true` may dial, once: a
   * second claim for the same contact, an ended, cancelled or superseded call-back, or one with an open attempt gets the reason.
   */
  claim(
    contactId: string,
    by: { readonly agentId?: string; readonly node?: string; readonly second?: boolean },
    now: number,
  ): Promise<Claim>
  /** Closes the attempt of this contact; twice is harmless. Moves nothing: the policy decides what follows. */
  endAttempt(contactId: string, result: AttemptResult, now: number): Promise<void>
  /** The agent says afterwards what an answered attempt was; twice is harmless. */
  correctAttempt(contactId: string, result: AttemptResult): Promise<void>
  answered(contactId: string, now: number): Promise<void>
  answerChecklist(id: string, answers: Readonly<Record<string, string>>, now: number, change: Change): Promise<Callback>
}

export type Claim =
  | { readonly claimed: true; readonly callback: Callback; readonly ordinal: number }
  | {
      readonly claimed: false
      readonly why: 'claimed_already' | 'ended' | 'superseded' | 'cancelled' | 'not_found' | 'not_its_turn'
    }

/**
 * Puts a due call-back into the routing core as a virtual contact and moves its row to `queued`. A second time, or for one that is not due
 * any more, or when no PBX node could dial: nothing happens and the answer is false. @throws when PostgreSQL or Redis is away; it is asked again then
 */
export type EnqueueCallback = (callback: Callback, now: number) => Promise<boolean>
