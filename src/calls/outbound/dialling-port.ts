import type { CallbackKind } from '../../callbacks/model.js'

/** What the live path asks about whom we phone. Every answer may fail: then nothing is dialled. */

interface Phoned {
  readonly contactId: string
  readonly queue: string
  readonly priority: number
  /** epoch ms, the place in the queue */
  readonly enqueuedAt: number
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
  /** Normalised number to dial. */
  readonly number: string
}

/** A promise in PostgreSQL; implemented by callbacks/. */
export interface CallbackOrder extends Phoned {
  readonly what: 'callback'
  readonly callbackId: string
  readonly kind: CallbackKind
  /** It is the person's second number. */
  readonly second: boolean
  /** What the agent is shown. */
  readonly about: CallbackAbout
}

/** An agent who is called by another. */
export interface Colleague {
  readonly agentId: string
  readonly device: string
  /** PBX node of the phone. */
  readonly node?: string
}

/** A call that an agent places; it is kept in Redis for as long as it may ring (call-outs.ts). */
export interface CallOutOrder extends Phoned {
  readonly what: 'call_out'
  readonly agentId: string
  /** An internal call: no number is dialled then. */
  readonly colleague?: Colleague
}

export type OutboundOrder = CallbackOrder | CallOutOrder

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

export interface DiallingPort<O extends OutboundOrder = OutboundOrder> {
  /** What is behind a virtual contact; undefined: nobody is to be phoned for it (any more). @throws while the store is away */
  order(contactId: string): Promise<O | undefined>
  /** Before dialling, once (of a call-back: CallbackStore.claim). @throws while the store is away; then nothing may be dialled */
  claim(order: O, agentId: string, node: string): Promise<ClaimAnswer>
}

/** Why somebody is phoned, when it was promised. PURE. */
export function aboutOf(order: OutboundOrder): CallbackAbout | undefined {
  return order.what === 'callback' ? order.about : undefined
}
