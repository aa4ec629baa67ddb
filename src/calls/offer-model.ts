/** Words that the contact's machine and its parts share. PURE: types only. */

/** Where and how a contact waits; made by intake.ts from the centre file. */
export interface WaitPlan {
  readonly queue: string
  readonly priority: number
  readonly music: string
  readonly wrapMs: number
  readonly announceFirstMs: number
  readonly announceEveryMs: number
  /** Tried when the wait limit is reached or the queue refuses; absent: closing prompt. */
  readonly overflow?: WaitPlan
}

/** The promise a contact is under, and what became of the agent's leg. */
export interface Offer {
  readonly reservationId: string
  readonly token: number
  readonly agentId: string
  readonly deadline: number
  /** PBX node at which the agent's phone is; absent: the caller's own. */
  readonly deviceNode?: string
  readonly channelId: string
  readonly bridgeId: string
  /** The device is rung, and answers by itself, only when the agent takes the call in the client: waited for, or taken already. */
  readonly byClient?: 'waits' | 'taken'
  readonly leg: 'none' | 'dialled' | 'ringing' | 'answered' | 'gone'
}
