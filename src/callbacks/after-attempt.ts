import type { CentreFile } from '../centre/schema.js'
import { nextOpening, phoneHours } from './hours.js'
import type { CallbackMove } from './machine.js'
import type { AttemptResult, Callback, CallbackAttempt } from './model.js'
import { type KindPolicy, policyOf } from './policy.js'

/** The citizen was not there, or the number is dead. */
const MISSES: ReadonlySet<AttemptResult | undefined> = new Set(['no_answer', 'busy', 'voicemail', 'wrong_number'])
/** Tries beyond the policy's when a try failed for our own fault: the citizen has had fewer rings than promised. */
const GRACE_TRIES = 2
const MINUTE = 60_000
/** A phone that is off stays so for a while [A]. */
const VOICEMAIL_RETRY_MS = 30 * MINUTE
/** The trunk refused: it may be well in a moment. */
const FAILED_RETRY_MS = 2 * MINUTE
/** Nobody can say whether the phone has rung: not twice in a row. */
const LOST_RETRY_MS = 5 * MINUTE

/**
 * Which number the next attempt dials. PURE. The second one after a wrong number, and for welfare calls after the policy's misses at the
 * first one (domain.md section 4).
 */
export function numberToDial(
  file: CentreFile,
  callback: Callback,
  attempts: readonly CallbackAttempt[],
): { readonly number: string; readonly second: boolean } {
  const { secondNumber, number } = callback
  if (secondNumber !== undefined && isFirstGivenUp(policyOf(file, callback.kind), callback, attempts))
    return { number: secondNumber, second: true }
  return { number, second: false }
}

/**
 * What follows an attempt that has ended. PURE; total and terminating: every attempt either ends the call-back or leaves fewer tries.
 *
 * | result | next |
 * |---|---|
 * | answered | completed |
 * | superseded | nothing: whoever superseded it has moved it already |
 * | no_answer | after retryMinutes |
 * | busy | after busyRetryMinutes, else retryMinutes |
 * | voicemail | after retryMinutes, at least 30 min: nobody speaks to a machine |
 * | wrong_number | the second number at once; without one the end |
 * | agent_gone | at once: the citizen has answered and nobody was there |
 * | failed, lost | after 2 min, 5 min; up to two tries more than the policy has |
 *
 * A next try in closed hours moves to the next opening. One that would come after expiresAt is not made.
 *
 * @param callback as it stands, with `attempts` counting this one
 * @param attempts all of them, this one included
 * @param now epoch ms
 */
export function afterAttempt(
  file: CentreFile,
  callback: Callback,
  attempts: readonly CallbackAttempt[],
  result: AttemptResult,
  now: number,
): CallbackMove | undefined {
  if (result === 'answered') return { do: 'complete', outcome: 'reached' }
  if (result === 'superseded') return undefined
  const policy = policyOf(file, callback.kind)
  const end = endOf(policy, callback, attempts, result)
  if (end !== undefined) return { do: 'exhaust', reason: end }
  const at = now + retryMs(policy, callback, attempts, result)
  const dueAt = nextOpening(phoneHours(file, callback.kind, callback.queue), at)
  if (dueAt === undefined || (callback.expiresAt !== undefined && dueAt >= callback.expiresAt))
    return { do: 'exhaust', reason: 'no_time_left' }
  return { do: 'miss', as: result === 'busy' ? 'busy' : 'no_answer', dueAt }
}

/** The reason when there is no next try. */
function endOf(
  policy: KindPolicy,
  callback: Callback,
  attempts: readonly CallbackAttempt[],
  result: AttemptResult,
): string | undefined {
  const ours = result === 'failed' || result === 'lost' || result === 'agent_gone'
  if (callback.attempts >= callback.maxAttempts + (ours ? GRACE_TRIES : 0)) return 'all_tries'
  const lastNumber = callback.secondNumber === undefined || attempts.at(-1)?.second === true
  if (result === 'wrong_number' && lastNumber) return 'wrong_number'
  // Somebody who lives alone and has no second number is visited rather than phoned again and again.
  if (callback.kind === 'welfare' && lastNumber && callback.secondNumber === undefined)
    return missesAtFirst(attempts) >= policy.missesBeforeSecond ? 'not_reached' : undefined
  return undefined
}

function retryMs(
  policy: KindPolicy,
  callback: Callback,
  attempts: readonly CallbackAttempt[],
  result: AttemptResult,
): number {
  // The first number is given up: the second one waits for nothing.
  if (attempts.at(-1)?.second !== true && willDialSecond(policy, callback, attempts)) return 0
  const listed = policy.retryMs[Math.min(callback.attempts, policy.retryMs.length) - 1] ?? policy.retryMs[0] ?? 0
  switch (result) {
    case 'agent_gone':
      return 0
    case 'failed':
      return FAILED_RETRY_MS
    case 'lost':
      return LOST_RETRY_MS
    case 'voicemail':
      return Math.max(listed, VOICEMAIL_RETRY_MS)
    case 'busy':
      return policy.busyRetryMs ?? listed
    default:
      return listed
  }
}

function willDialSecond(policy: KindPolicy, callback: Callback, attempts: readonly CallbackAttempt[]): boolean {
  return callback.secondNumber !== undefined && isFirstGivenUp(policy, callback, attempts)
}

function isFirstGivenUp(policy: KindPolicy, callback: Callback, attempts: readonly CallbackAttempt[]): boolean {
  if (attempts.some(({ result, second }) => result === 'wrong_number' && !second)) return true
  return callback.kind === 'welfare' && missesAtFirst(attempts) >= policy.missesBeforeSecond
}

function missesAtFirst(attempts: readonly CallbackAttempt[]): number {
  return attempts.filter(({ result, second }) => !second && MISSES.has(result)).length
}
