import type { Callback, CallbackState } from './model.js'

/**
 * The call-back as a state machine, the only way to change `state`. PURE: the store applies a move to the locked row.
 *
 *   requested --schedule--> scheduled --fall_due--> due --queue--> queued --offer--> offered --dial--> dialing --connect--> connected
 *       |                       ^                    |                ^  <--decline-----+                 |                     |
 *       |                       |                    +-- schedule     |  <--unqueue (core lost it) ------+                     +--complete--> completed
 *       |                       +----------- retry <---- no_answer | busy <-- miss -----------------------+---------------------+
 *       +-- (any open state but dialing, connected) --cancel--> cancelled, --supersede--> superseded, --expire--> expired
 *           dialing --supersede--> superseded (the citizen rings in while being called); no_answer, busy, due --exhaust--> exhausted
 *           completed --correct--> no_answer | busy | exhausted (the agent says in the wrap-up that nobody was reached)
 */
export type CallbackMove =
  /** Waits for its time (again): first planning, a new time, a retry, or out of the queue because the hours ended. */
  | {
      readonly do: 'schedule'
      readonly dueAt: number
      readonly promisedAt?: number
      readonly expiresAt?: number
      readonly ownerUntil?: number
      /** Booked: the new slot. */
      readonly slotAt?: number
    }
  | { readonly do: 'fall_due' }
  /** A virtual contact with this id waits in the routing core. */
  | { readonly do: 'queue'; readonly contactId: string; readonly enqueuedAt: number }
  /** The core does not hold it any more and nothing was dialled: its turn comes again. */
  | { readonly do: 'unqueue' }
  | { readonly do: 'offer'; readonly agentId: string }
  /** The agent declined, did not answer or is gone: no attempt. */
  | { readonly do: 'decline' }
  /** The attempt row is claimed; from here on the citizen's phone may ring. */
  | { readonly do: 'dial'; readonly agentId?: string }
  | { readonly do: 'connect'; readonly agentId?: string }
  /** The attempt did not reach the citizen; tried again at dueAt. */
  | { readonly do: 'miss'; readonly as: 'no_answer' | 'busy'; readonly dueAt: number }
  | { readonly do: 'exhaust'; readonly reason: string }
  | { readonly do: 'complete'; readonly outcome: string }
  | { readonly do: 'cancel'; readonly reason: string }
  | { readonly do: 'supersede'; readonly by: string }
  | { readonly do: 'expire' }
  /** The agent says afterwards that it was no talk with the citizen (voicemail, a wrong number): what would have followed, follows now. */
  | { readonly do: 'correct'; readonly to: Extract<CallbackMove, { do: 'miss' | 'exhaust' }> }

const WAITING: readonly CallbackState[] = ['requested', 'scheduled', 'due', 'no_answer', 'busy']
const UNDIALLED: readonly CallbackState[] = [...WAITING, 'queued', 'offered']

const FROM: Readonly<Record<CallbackMove['do'], readonly CallbackState[]>> = {
  schedule: UNDIALLED,
  fall_due: ['requested', 'scheduled', 'no_answer', 'busy'],
  queue: ['due'],
  unqueue: ['queued', 'offered'],
  offer: ['queued', 'offered'],
  decline: ['offered'],
  dial: ['queued', 'offered'],
  connect: ['dialing'],
  miss: ['dialing', 'connected'],
  exhaust: [...WAITING, 'dialing', 'connected'],
  complete: ['connected', 'dialing'],
  cancel: UNDIALLED,
  supersede: [...UNDIALLED, 'dialing'],
  expire: UNDIALLED,
  correct: ['completed'],
}

const TO: Readonly<Record<CallbackMove['do'], CallbackState>> = {
  schedule: 'scheduled',
  fall_due: 'due',
  queue: 'queued',
  unqueue: 'due',
  offer: 'offered',
  decline: 'queued',
  dial: 'dialing',
  connect: 'connected',
  miss: 'no_answer',
  exhaust: 'exhausted',
  complete: 'completed',
  cancel: 'cancelled',
  supersede: 'superseded',
  expire: 'expired',
  correct: 'connected',
}

/** The row after a move; undefined: the move has no meaning in this state, nothing changes. */
export function moveCallback(callback: Callback, move: CallbackMove, now: number): Callback | undefined {
  if (!FROM[move.do].includes(callback.state)) return undefined
  const moved: Callback = { ...callback, state: TO[move.do], version: callback.version + 1 }
  const ended = (reason: string): Callback => ({ ...moved, endedAt: now, endedReason: reason })
  switch (move.do) {
    case 'schedule':
      return {
        ...moved,
        dueAt: move.dueAt,
        promisedAt: move.promisedAt ?? callback.promisedAt,
        expiresAt: move.expiresAt ?? callback.expiresAt,
        ownerUntil: move.ownerUntil ?? callback.ownerUntil,
        slotAt: move.slotAt ?? callback.slotAt,
        contactId: undefined,
        agentId: undefined,
      }
    case 'fall_due':
      return { ...moved, enqueuedAt: callback.enqueuedAt ?? callback.dueAt }
    case 'queue':
      return { ...moved, contactId: move.contactId, enqueuedAt: move.enqueuedAt, agentId: undefined }
    case 'unqueue':
      return { ...moved, contactId: undefined, agentId: undefined }
    case 'offer':
      return { ...moved, agentId: move.agentId }
    case 'decline':
      return { ...moved, agentId: undefined }
    case 'dial':
      return {
        ...moved,
        agentId: move.agentId ?? callback.agentId,
        attempts: callback.attempts + 1,
        firstAttemptAt: callback.firstAttemptAt ?? now,
      }
    case 'connect':
      return { ...moved, agentId: move.agentId ?? callback.agentId }
    case 'miss':
      return { ...moved, state: move.as, dueAt: move.dueAt, contactId: undefined, agentId: undefined }
    case 'exhaust':
      return ended(move.reason)
    case 'complete':
      return { ...ended('completed'), outcome: move.outcome }
    case 'cancel':
      return ended(move.reason)
    case 'supersede':
      return { ...ended('citizen_rang_in'), supersededBy: move.by }
    case 'expire':
      return ended('expired')
    case 'correct':
      return moveCallback(
        { ...callback, state: 'connected', endedAt: undefined, endedReason: undefined, outcome: undefined },
        move.to,
        now,
      )
  }
}
