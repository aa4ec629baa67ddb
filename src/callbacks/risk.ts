import type { Callback } from './model.js'

/** A promise that is over so soon (ms) and was not tried yet is at risk. */
export const AT_RISK_MS = 15 * 60_000

export type CallbackRisk = 'none' | 'at_risk' | 'overdue'

/** PURE. Is the promise in danger? Whoever was tried in time has had the promise kept. @param now epoch ms */
export function riskOf(callback: Callback, now: number): CallbackRisk {
  if (callback.endedAt !== undefined || callback.firstAttemptAt !== undefined) return 'none'
  if (callback.promisedAt < now) return 'overdue'
  return callback.promisedAt < now + AT_RISK_MS ? 'at_risk' : 'none'
}
