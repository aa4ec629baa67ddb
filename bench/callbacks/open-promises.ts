import { performance } from 'node:perf_hooks'
import type { CallbackStore } from '../../src/callbacks/ports.js'
import type { Postgres } from '../../src/platform/postgres/pool.js'

export interface OpenRow {
  readonly open: number
  readonly createMs: readonly number[]
  readonly dueMs: readonly number[]
}

const SAMPLES = 500
const HOUR = 3_600_000
/** A statement may not take longer than the pool allows. */
const FILL_STEP = 5_000

/** Promises for the next weeks, as a busy centre has them; ten of them are due now. */
const FILL = `
INSERT INTO callbacks (id, kind, state, queue, number, number_index, caller_id, priority, requested_at, promised_at, first_promised_at, due_at, expires_at,
  max_attempts, told_version, created_by)
SELECT gen_random_uuid(), 'booked', 'requested', 'q' || (n % 8), 's1.bench', md5(n::text), '0311200120', 50, $3, due, due, due,
       due + interval '1 day', 3, 1, 'bench'
  FROM (SELECT n, $3::timestamptz + CASE WHEN n < 10 THEN interval '-1 second' ELSE n * interval '10 seconds' END AS due
          FROM generate_series($1::int, $2::int - 1) AS n) AS open`

/** How long a promise takes and how long the look for due ones takes, with so many open already. */
export async function measureOpen(
  postgres: Postgres,
  store: CallbackStore,
  sizes: readonly number[],
  now: number,
): Promise<OpenRow[]> {
  const rows: OpenRow[] = []
  let filled = 0
  for (const open of sizes) {
    for (; filled < open; filled = Math.min(open, filled + FILL_STEP))
      await postgres.query(FILL, [filled, Math.min(open, filled + FILL_STEP), new Date(now)])
    await postgres.query('ANALYZE callbacks')
    const createMs: number[] = []
    const dueMs: number[] = []
    for (let n = 0; n < SAMPLES; n += 1) {
      const number = `0109${String(open + n).padStart(7, '0')}`
      const times = { dueAt: now + HOUR, promisedAt: now + 2 * HOUR, expiresAt: now + 24 * HOUR }
      createMs.push(
        await timed(() =>
          store.create(
            {
              ...times,
              kind: 'agent_promised',
              queue: 'q0',
              number,
              callerId: '0311200120',
              priority: 50,
              maxAttempts: 3,
              createdBy: 'bench',
            },
            now,
          ),
        ),
      )
      dueMs.push(await timed(() => store.dueBefore(now, 200)))
    }
    rows.push({ open, createMs, dueMs })
  }
  return rows
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
