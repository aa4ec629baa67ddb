import type { CentreFile } from '../centre/schema.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { CallbackMove } from './machine.js'
import type { Callback } from './model.js'
import { postpone } from './plan.js'
import type { CallbackStore } from './ports.js'

const RIPENING: ReadonlySet<string> = new Set(['requested', 'scheduled', 'no_answer', 'busy'])

/**
 * What becomes of a call-back when its alarm rings. PURE: nothing when its time has not come (it was moved) or it is past that, its end when
 * it is given up, the next opening when the hours have changed since it was planned.
 */
export function whenAlarmRings(file: CentreFile, callback: Callback, now: number): CallbackMove | undefined {
  if (!RIPENING.has(callback.state) || callback.dueAt > now) return undefined
  if (callback.expiresAt !== undefined && callback.expiresAt <= now) return { do: 'expire' }
  return postpone(file, callback, now) ?? { do: 'fall_due' }
}

/**
 * Carries that out; whoever is second finds it done.
 * @returns whether it is due now
 */
export async function letFallDue(
  store: CallbackStore,
  file: CentreFile,
  callback: Callback,
  now: number,
): Promise<boolean> {
  const move = whenAlarmRings(file, callback, now)
  if (!move) return false
  return (await moveIfStill(store, callback, move, now)) && move.do === 'fall_due'
}

/** A move that is one of the system's own; false: somebody else has moved the row meanwhile, which is as good. */
export async function moveIfStill(
  store: CallbackStore,
  callback: Callback,
  move: CallbackMove,
  now: number,
): Promise<boolean> {
  try {
    const reason = move.do === 'schedule' ? 'closed_hours' : undefined
    await store.move(callback.id, move, now, { by: 'system', reason, ifVersion: callback.version })
    return true
  } catch (error) {
    if (error instanceof StoreError && MOVED.has(error.code)) return false
    throw error
  }
}

const MOVED: ReadonlySet<string> = new Set([
  'CTI_ERR_CALLBACK_WRONG_STATE',
  'CTI_ERR_CALLBACK_NOT_FOUND',
  'CTI_ERR_VERSION_MISMATCH',
])
