import type { WaitPlan } from './offer-model.js'

/** Calls between colleagues belong to no queue; in core and record they stand under this name, which no queue of a centre file can have. PURE. */
export const INTERNAL_QUEUE = 'INTERNAL'

export const INTERNAL_LABEL = { ko: '내선', en: 'Internal' } as const

/** Nothing to wrap up, nobody to wait for. */
export function internalPlan(priority: number): WaitPlan {
  return { queue: INTERNAL_QUEUE, priority, music: 'cti', wrapMs: 0, announceFirstMs: 0, announceEveryMs: 0 }
}
