import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import { isRoutingError } from '../routing/errors.js'
import type { DueRows } from './due-rows.js'
import { letFallDue, moveIfStill } from './fall-due.js'
import { openNow } from './hours.js'
import type { Callback } from './model.js'
import { postpone } from './plan.js'
import type { CallbackStore } from './ports.js'

const BATCH = 200
/** A row that says `queued` while the core knows nothing of it for so long was lost there (ms). */
const LOST_AFTER_MS = 10_000

export interface SweepDeps {
  readonly store: CallbackStore
  readonly rows: DueRows
  readonly routing: Pick<RoutingCore, 'getContact' | 'leaveQueue'>
  readonly centre: CentrePort
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info'>
}

/** What one round has done. */
export interface Swept {
  readonly due: number
  readonly expired: number
  readonly closed: number
  readonly lost: number
}

/**
 * Finds by the rows alone what an alarm or an event should have told: so a Redis that lost everything costs seconds. Any instance may, twice
 * is harmless.
 */
export function createSweep(deps: SweepDeps) {
  const { store, rows, routing, centre, clock, logger } = deps
  /** Rows that were queued and unknown to the core when they were looked at last, by version. */
  let missing = new Map<string, { version: number; since: number }>()

  const takeOut = async (callback: Callback, reason: string, now: number): Promise<void> => {
    if (callback.contactId === undefined) return
    try {
      await routing.leaveQueue(callback.contactId, reason, now)
    } catch (error) {
      // Not there any more, or an agent talks already: then the row's own move is refused.
      if (!isRoutingError(error)) throw error
    }
  }

  const fallDue = async (now: number): Promise<number> => {
    let due = 0
    for (const callback of await store.dueBefore(now, BATCH)) {
      if (await letFallDue(store, centre.current().file, callback, now)) due += 1
    }
    return due
  }

  const expire = async (now: number): Promise<number> => {
    let expired = 0
    for (const callback of await rows.expired(now, BATCH)) {
      // An agent has it on the screen: it is theirs, for this try.
      if (callback.state === 'offered') continue
      if (callback.state === 'queued') await takeOut(callback, 'expired', now)
      if (await moveIfStill(store, callback, { do: 'expire' }, now)) expired += 1
    }
    return expired
  }

  /** Those that are due or wait in the core when the hours end. */
  const close = async (callbacks: readonly Callback[], now: number): Promise<number> => {
    let closed = 0
    const { file } = centre.current()
    const isOpen = openNow(file, now)
    for (const callback of callbacks) {
      const move = isOpen(callback) ? undefined : postpone(file, callback, now)
      if (!move) continue
      if (callback.state === 'queued') await takeOut(callback, 'closed_hours', now)
      if (await moveIfStill(store, callback, move, now)) closed += 1
    }
    return closed
  }

  /** Those that the core should hold and does not (Redis was emptied): their turn comes again. */
  const findLost = async (queued: readonly Callback[], now: number): Promise<number> => {
    const seen = new Map<string, { version: number; since: number }>()
    let lost = 0
    for (const callback of queued) {
      if (callback.contactId !== undefined && (await routing.getContact(callback.contactId))) continue
      const before = missing.get(callback.id)
      const since = before?.version === callback.version ? before.since : now
      if (now - since < LOST_AFTER_MS) seen.set(callback.id, { version: callback.version, since })
      else if (await moveIfStill(store, callback, { do: 'unqueue' }, now)) lost += 1
    }
    missing = seen
    return lost
  }

  return async (): Promise<Swept> => {
    const now = clock()
    const due = await fallDue(now)
    const expired = await expire(now)
    const queued = await store.inStates(['queued'], BATCH)
    const closed = await close([...(await rows.candidates(BATCH)), ...queued], now)
    const lost = await findLost(queued, now)
    const swept = { due, expired, closed, lost }
    if (expired + closed + lost > 0) logger.info(swept, 'call-backs swept')
    return swept
  }
}
