import type { CallbackKind } from '../../callbacks/model.js'

/** What the live path asks of the promises in PostgreSQL; implemented by callbacks/. Every answer may fail: then nothing is dialled. */

export interface CallbackOrder {
  readonly callbackId: string
  readonly contactId: string
  readonly kind: CallbackKind
  readonly queue: string
  readonly priority: number
  /** epoch ms, the place in the queue */
  readonly enqueuedAt: number
  /** Normalised number to dial. */
  readonly number: string
  /** It is the person's second number. */
  readonly second: boolean
  /** Number of the centre that the citizen sees. */
  readonly callerId: string
  /** Who is on the line first. */
  readonly first: 'agent' | 'citizen'
  /** How long the citizen's phone rings. */
  readonly ringMs: number
  /** The citizen is on the line with us until then (epoch ms): not dialled before. */
  readonly notBefore: number
  /** This very contact has claimed its attempt: it must not be dialled again. */
  readonly claimed: boolean
  /** What the agent is shown. */
  readonly about: CallbackAbout
}

/** Why somebody is called, for the screen pop. Times are epoch ms. */
export interface CallbackAbout {
  readonly callbackId: string
  readonly kind: string
  readonly reason?: string
  readonly requestedAt: number
  readonly promisedAt: number
  readonly attempts: number
  readonly maxAttempts: number
  readonly ownerAgent?: string
  readonly createdBy: string
  readonly sourceContactId?: string
  readonly checklist?: readonly { readonly id: string; readonly label: string; readonly answer?: string }[]
}

export type ClaimAnswer = { readonly claimed: true } | { readonly claimed: false; readonly why: string }

export interface DiallingPort {
  /** The call-back behind a virtual contact; undefined: nobody is to be phoned for it (any more). @throws while PostgreSQL is away */
  order(contactId: string): Promise<CallbackOrder | undefined>
  /** Before dialling, once: see CallbackStore.claim. @throws while PostgreSQL is away; then nothing may be dialled */
  claim(order: CallbackOrder, agentId: string, node: string): Promise<ClaimAnswer>
}
