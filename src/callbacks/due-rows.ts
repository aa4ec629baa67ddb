import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import type { Callback } from './model.js'
import { type CallbackRow, toCallback } from './rows.js'

/** Look-ups beside the store's for sweep, alarms and promoter; each walks one index and no more rows than its limit. Times epoch ms. */
export interface DueRows {
  /** Have an alarm to be set: due after `after` and before `until`. */
  upcoming(after: number, until: number, limit: number): Promise<readonly Callback[]>
  /** In state `due`: of each kind the first ones in its own order (abandoned: the newest). */
  candidates(perKind: number): Promise<readonly Callback[]>
  /** Not under way and given up by now. */
  expired(now: number, limit: number): Promise<readonly Callback[]>
  /** Open ones whose promise is over without a try. */
  countOverdue(now: number): Promise<number>
}

const UPCOMING = `
SELECT * FROM callbacks WHERE state IN ('requested', 'scheduled', 'no_answer', 'busy') AND due_at > $1 AND due_at <= $2
 ORDER BY due_at, id LIMIT $3`

const CANDIDATES = `
SELECT c.* FROM unnest(ARRAY['virtual_hold', 'agent_promised', 'booked', 'welfare']) AS k (kind),
  LATERAL (SELECT * FROM callbacks WHERE state = 'due' AND kind = k.kind ORDER BY due_at, id LIMIT $1) AS c
UNION ALL
(SELECT * FROM callbacks WHERE state = 'due' AND kind = 'abandoned' ORDER BY requested_at DESC, id DESC LIMIT $1)`

const OVERDUE = `
SELECT count(*) AS overdue FROM callbacks WHERE ended_at IS NULL AND promised_at < $1 AND first_attempt_at IS NULL`

const EXPIRED = `
SELECT * FROM callbacks WHERE ended_at IS NULL AND expires_at <= $1 AND state NOT IN ('dialing', 'connected')
 ORDER BY expires_at, id LIMIT $2`

export function createDueRows(postgres: Postgres, sealing: Pick<Sealing, 'open'>): DueRows {
  const read = async (name: string, text: string, values: unknown[]): Promise<readonly Callback[]> => {
    const { rows } = await postgres.query<CallbackRow>({ name: `callbacks-${name}`, text }, values)
    return rows.map((row) => toCallback(row, sealing))
  }
  return {
    upcoming: (after, until, limit) => read('upcoming', UPCOMING, [new Date(after), new Date(until), limit]),
    candidates: (perKind) => read('candidates', CANDIDATES, [perKind]),
    expired: (now, limit) => read('expired', EXPIRED, [new Date(now), limit]),
    async countOverdue(now) {
      const { rows } = await postgres.query<{ overdue: number }>({ name: 'callbacks-overdue', text: OVERDUE }, [
        new Date(now),
      ])
      return rows[0]?.overdue ?? 0
    },
  }
}
