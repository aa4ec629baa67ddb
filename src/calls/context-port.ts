import type { CallbackAbout } from './outbound/dialling-port.js'

/** What a call may ask about its caller. Implemented by context/ over PostgreSQL; every answer may fail or be late, the call goes on without. */

/** Short facts that decide the routing of a caller. */
export interface CallerBrief {
  /** Agent of the last contact within 24 h while a matter is open (sticky), unless that agent asked to be kept apart. */
  readonly stickyAgent?: string
  /** Agents who must not get this caller. */
  readonly keptApart: readonly string[]
  /** Restriction in force (never blocks a queue of priority < 20). */
  readonly restricted: boolean
  /** Consented vulnerable person: priority 30. */
  readonly vulnerable: boolean
  /** The same number left a queue or was cut within 10 minutes: priority 20. */
  readonly droppedRecently: boolean
  /** Open call-backs of this number, the one due first in front; absent: none. */
  readonly callbacks?: readonly OpenCallback[]
}

/** A promise to phone this caller. Times are epoch ms. */
export interface OpenCallback {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly queue: string
  readonly requestedAt: number
  readonly promisedAt: number
  readonly dueAt: number
  readonly enqueuedAt?: number
  readonly attempts: number
  readonly reason?: string
  readonly ownerAgent?: string
  /** Contact and agent of the try that waits or is under way. */
  readonly contactId?: string
  readonly agentId?: string
  /** The call it came from. */
  readonly sourceContactId?: string
}

export interface PopCitizen {
  readonly id: string
  readonly name: string
  readonly phone: string
  readonly language?: string
  readonly notes?: string
}
export interface PopTicket {
  readonly id: string
  readonly number: string
  readonly subject: string
  readonly status: string
  readonly category?: string
  readonly department?: string
  readonly dueAt?: string
}
export interface PopContact {
  readonly id: string
  readonly startedAt: string
  readonly queue?: string
  readonly agentId?: string
  readonly disposition?: string
  readonly notes?: string
}
export interface PopFlag {
  readonly kind: string
  readonly note?: string
  readonly until?: string
}

/** An open call-back of somebody who rings in. `superseded`: this call is instead of it. Times are epoch ms. */
export interface PopCallback {
  readonly id: string
  readonly kind: string
  readonly queue: string
  readonly superseded: boolean
  readonly requestedAt: number
  readonly promisedAt: number
  readonly attempts: number
  readonly reason?: string
  readonly ownerAgent?: string
}

export interface CallerContext {
  readonly citizen?: PopCitizen
  readonly tickets: readonly PopTicket[]
  readonly contacts: readonly PopContact[]
  readonly flags: readonly PopFlag[]
}

/** All that is known of a caller. */
export interface CallerFacts {
  readonly brief: CallerBrief
  readonly context: CallerContext
}

export interface ContextPort {
  /**
   * @param number normalised (numbers.ts); undefined when withheld: nothing is known
   * @param now epoch ms
   */
  lookUp(number: string | undefined, now: number): Promise<CallerFacts>
}

/** Screen pop as it is written into the journal (unmasked: each reader's view is masked at the edge). */
export interface ScreenPop {
  readonly contactId: string
  readonly reservationId: string
  readonly token: number
  readonly agentId: string
  readonly deadline: number
  readonly queue: string
  readonly queueLabel: { readonly ko: string; readonly en: string }
  readonly dialled: string
  /** Absent when withheld. */
  readonly caller?: string
  readonly callerName?: string
  readonly requirement: Readonly<Record<string, number>>
  readonly waitMs: number
  /** false: context was late or down; screenpop.updated follows when it comes. */
  readonly complete: boolean
  readonly context?: CallerContext
  readonly popTarget?: string
  /** The citizen is to be phoned, for this. */
  readonly callback?: CallbackAbout
  /** The citizen rings in; this is what they were to be phoned for. */
  readonly callbacks?: readonly PopCallback[]
}
