/**
 * What a call may ask of the call-backs. Implemented by callbacks/ over PostgreSQL; a promise counts only once it stands there. Every answer
 * may fail or be late: then nothing was promised.
 */

/** A caller who wants to be phoned instead of waiting. Times are epoch ms. */
export interface HoldRequest {
  /** The call it comes from: asked twice for the same one, there is one promise. */
  readonly contactId: string
  readonly queue: string
  /** Normalised. */
  readonly number: string
  /** What was dialled; may decide which number is shown. */
  readonly dialled: string
  /** The caller's own place, which is kept. */
  readonly priority: number
  readonly enqueuedAt: number
  readonly citizenId?: string
  /** The caller is on the line until then, hearing that it is done: not to be phoned before. */
  readonly busyUntil: number
}

export interface HoldOffer {
  /** Offered after so much waiting, ms. */
  readonly afterMs: number
  /** The key that takes it. */
  readonly key: string
}

export interface CallbackPort {
  /** Whether a caller of this queue may be offered to be phoned; undefined: not this number, not this queue, not at this hour. */
  offerFor(queue: string, number: string | undefined, now: number): HoldOffer | undefined
  /**
   * Promises the call and lets it wait in the routing core at the caller's place.
   * @returns id of the call-back; undefined: it cannot be promised
   * @throws while PostgreSQL is away
   */
  hold(request: HoldRequest, now: number): Promise<string | undefined>
  /**
   * The citizen is on the line: nobody is phoned for this call-back any more, and what is under way for it stops. One that is over, or in
   * talk, is left alone. @throws while PostgreSQL is away
   */
  supersede(callbackId: string, contactId: string, now: number): Promise<void>
  /** The citizen takes it back (by key). @returns false when it is too late for that. @throws while PostgreSQL is away */
  cancel(callbackId: string, now: number): Promise<boolean>
}
