/** What a webhook is, for the whole room. */

export interface Filter {
  /** `contact.queued`, `contact.*`, `*`. */
  readonly types: readonly string[]
  /** Empty: all. */
  readonly queues: readonly string[]
  /** Empty: all. */
  readonly teams: readonly string[]
}

export interface Subscription extends Filter {
  readonly id: string
  readonly name: string
  readonly url: string
  /** Numbers and names in full. */
  readonly unmasked: boolean
  /** false: nothing is sent, and what happens meanwhile is not kept for it. */
  readonly enabled: boolean
  readonly version: number
  readonly createdBy: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Last event of the journal that was looked at for a subscription; `time` is the event's, epoch ms. */
export interface Place {
  readonly epoch: string
  readonly seq: number
  readonly time: number
}

export type MessageState = 'pending' | 'delivered' | 'dead'
export const MESSAGE_STATES = ['pending', 'delivered', 'dead'] as const

/** One event on its way to one subscription, as people see it: without what it says. */
export interface Message {
  readonly id: string
  readonly ordinal: number
  readonly eventId: string
  readonly eventTime: Date
  readonly type: string
  readonly subject: string
  readonly state: MessageState
  readonly attempts: number
  /** When it is tried next; undefined: after an earlier one of the same subject. */
  readonly dueAt?: Date
  readonly lastStatus?: number
  /** A stable word: see src/webhooks/send.ts. */
  readonly lastError?: string
  readonly endedAt?: Date
}

/** A message taken for sending. */
export interface Taken {
  readonly id: string
  readonly subject: string
  readonly body: Buffer
  readonly attempts: number
  readonly giveUpAt: number
}

/** What an attempt came to. */
export type Outcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly status?: number; readonly error: string }
