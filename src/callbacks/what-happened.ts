import type { AnyJournalEvent } from '../journal/events.js'
import type { AttemptResult } from './model.js'

/** What the journal tells of a contact means this to its call-back. PURE. */
export type Happened =
  | { readonly what: 'offered'; readonly agentId: string }
  /** The agent did not take it: the contact waits again. */
  | { readonly what: 'declined' }
  | { readonly what: 'connected'; readonly agentId: string }
  /** The contact left the core without a talk; `result` counts when the citizen was dialled. */
  | { readonly what: 'left'; readonly result: AttemptResult }
  /** The work about the talk is finished. */
  | { readonly what: 'finished' }

export function whatHappened(event: AnyJournalEvent): Happened | undefined {
  switch (event.type) {
    case 'reservation.created':
      return { what: 'offered', agentId: event.data.agentId }
    case 'reservation.rejected':
    case 'reservation.timed_out':
    case 'reservation.failed':
    case 'reservation.rescinded':
      return { what: 'declined' }
    case 'contact.connected':
      return { what: 'connected', agentId: event.data.agentId }
    case 'contact.abandoned':
      return { what: 'left', result: resultOf(event.data.reason) }
    case 'contact.completed':
      return { what: 'finished' }
    case 'contact.ended':
      return event.data.end === 'completed' ? { what: 'finished' } : { what: 'left', result: 'lost' }
    default:
      return undefined
  }
}

const RESULTS: ReadonlySet<string> = new Set<AttemptResult>([
  'no_answer',
  'busy',
  'failed',
  'agent_gone',
  'superseded',
  'lost',
])
/** A citizen who had answered and waited for an agent: hung up, or was left to the PBX's own queue. */
const NOBODY_THERE: ReadonlySet<string> = new Set(['caller_hangup', 'timed_out', 'overflowed'])

/** What the reason with which a contact left the routing core says of the try. */
export function resultOf(reason: string): AttemptResult {
  if (RESULTS.has(reason)) return reason as AttemptResult
  return NOBODY_THERE.has(reason) ? 'agent_gone' : 'lost'
}

/** Dispositions that say the citizen was not reached although somebody or something answered. Any other one: reached. */
const NOT_REACHED: Readonly<Record<string, AttemptResult>> = {
  wrong_number: 'wrong_number',
  voicemail: 'voicemail',
  silent: 'no_answer',
  no_answer: 'no_answer',
}

/** @param disposition of the agent; undefined: none was given */
export function resultOfTalk(disposition: string | undefined): AttemptResult {
  return (disposition === undefined ? undefined : NOT_REACHED[disposition]) ?? 'answered'
}
