import type { Postgres } from '../platform/postgres/pool.js'
import { addCounts, type CallbackCounts, type FigureLine, figuresOf } from './figures.js'
import type { CallbackKind } from './model.js'

/** Requested in [from, to), epoch ms; what has become of them by `now`. */
export interface FigureQuery {
  readonly from: number
  readonly to: number
  readonly now: number
  readonly queues?: readonly string[]
}

export interface CallbackFiguresPort {
  /** One line for each kind and queue that has any, and their sum. */
  read(query: FigureQuery): Promise<{ readonly total: FigureLine; readonly lines: readonly FigureLine[] }>
}

/** $1 from, $2 to, $3 now, $4 queues or NULL. */
const COUNT = `
WITH asked AS (
  SELECT b.*, (b.first_attempt_at IS NOT NULL OR (b.promised_at <= $3 AND (b.ended_at IS NULL OR b.ended_at > b.promised_at))) AS fallen,
         EXISTS (SELECT 1 FROM callback_attempts a WHERE a.callback_id = b.id AND a.answered_at IS NOT NULL) AS reached
    FROM callbacks b WHERE b.requested_at >= $1 AND b.requested_at < $2 AND ($4::text[] IS NULL OR b.queue = ANY($4))
)
SELECT kind, queue, count(*) AS requested,
       count(*) FILTER (WHERE state = 'superseded') AS superseded,
       count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
       count(*) FILTER (WHERE state = 'completed') AS completed,
       count(*) FILTER (WHERE state = 'exhausted') AS exhausted,
       count(*) FILTER (WHERE state = 'expired') AS expired,
       count(*) FILTER (WHERE reached) AS reached,
       coalesce(sum(attempts), 0) AS attempts,
       count(first_attempt_at) AS attempted,
       count(*) FILTER (WHERE fallen) AS fallen,
       count(*) FILTER (WHERE first_attempt_at <= promised_at) AS on_time,
       count(*) FILTER (WHERE first_attempt_at <= first_promised_at) AS on_time_first,
       coalesce(round(sum(extract(epoch FROM first_attempt_at - requested_at) * 1000)), 0)::bigint AS time_to_first_ms
  FROM asked GROUP BY kind, queue ORDER BY kind, queue`

interface Row {
  readonly kind: CallbackKind
  readonly queue: string
  readonly requested: number
  readonly superseded: number
  readonly cancelled: number
  readonly completed: number
  readonly exhausted: number
  readonly expired: number
  readonly reached: number
  readonly attempts: number
  readonly attempted: number
  readonly fallen: number
  readonly on_time: number
  readonly on_time_first: number
  readonly time_to_first_ms: number
}

export function createCallbackFigures(postgres: Postgres): CallbackFiguresPort {
  return {
    async read({ from, to, now, queues }) {
      const values = [new Date(from), new Date(to), new Date(now), queues ?? null]
      const { rows } = await postgres.query<Row>(COUNT, values)
      const counted = rows.map((row) => ({ row, counts: countsOf(row) }))
      return {
        total: { figures: figuresOf(addCounts(counted.map(({ counts }) => counts))) },
        lines: counted.map(({ row, counts }) => ({ kind: row.kind, queue: row.queue, figures: figuresOf(counts) })),
      }
    },
  }
}

function countsOf(row: Row): CallbackCounts {
  const { on_time, on_time_first, time_to_first_ms, kind: _kind, queue: _queue, ...same } = row
  return { ...same, onTime: on_time, onTimeByFirstPromise: on_time_first, timeToFirstMs: time_to_first_ms }
}
