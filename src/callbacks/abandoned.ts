import type { Redis } from 'ioredis'
import type { CentrePort } from '../centre/schema.js'
import { readPosition } from '../journal/recorder/position.js'
import type { Clock } from '../platform/clock.js'
import { keyOf } from '../platform/keys.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { chooseCallerId } from './caller-id.js'
import { isPhoneable } from './phoneable.js'
import { planCallback } from './plan.js'
import { policyOf } from './policy.js'
import type { CallbackStore } from './ports.js'

/** Most people who give up try again at once: they are left the time to [A]. */
export const REDIAL_MS = 60_000
const BATCH = 200
/** A contact that waits for longer than this before it is abandoned was begun before the look-back (ms). */
const LONGEST_WAIT_MS = 2 * 3_600_000

/**
 * Callers who hung up while they waited long enough and whom nobody has heard of since. $1, $2: abandoned between, $3 least wait (ms),
 * $4 begun after, $5 limit, $6 now. A call-back that this very call has superseded is none that is still kept: the caller hung up. Each part is a
 * look-up in an index.
 */
const FIND = `
SELECT c.id, c.caller, c.queue, c.dialled, c.citizen_id FROM contacts c
 WHERE c.created_at > $4 AND c.end_state = 'abandoned' AND c.direction = 'inbound' AND c.queue IS NOT NULL AND c.caller_index IS NOT NULL
   AND c.ended_at > $1 AND c.ended_at <= $2 AND c.wait_ms >= $3
   AND NOT EXISTS (SELECT 1 FROM contacts later WHERE later.caller_index = c.caller_index AND later.created_at > c.created_at)
   AND NOT EXISTS (SELECT 1 FROM callbacks b WHERE b.request_key = 'abandoned:' || c.id)
   AND NOT EXISTS (SELECT 1 FROM callbacks b WHERE b.number_index = c.caller_index AND b.superseded_by IS DISTINCT FROM c.id
                      AND (b.ended_at IS NULL OR b.ended_at > c.created_at))
   AND NOT EXISTS (SELECT 1 FROM citizen_flags f WHERE f.phone_index = c.caller_index AND f.kind = 'restricted' AND f.lifted_at IS NULL AND f.until > $6)
   AND NOT EXISTS (SELECT 1 FROM citizens p JOIN citizen_flags f ON f.citizen_id = p.id
                    WHERE (p.phone_index = c.caller_index OR p.more_phones_index @> ARRAY[c.caller_index])
                      AND f.kind = 'restricted' AND f.lifted_at IS NULL AND f.until > $6)
 ORDER BY c.ended_at LIMIT $5`

interface Row {
  readonly id: string
  readonly caller: string
  readonly queue: string
  readonly dialled: string | null
  readonly citizen_id: string | null
}

export interface AbandonedDeps {
  readonly postgres: Postgres
  readonly redis: Redis
  readonly centreId: string
  readonly centre: CentrePort
  readonly store: CallbackStore
  readonly clock: Clock
  readonly sealing: Pick<Sealing, 'open'>
}

/**
 * Finds abandoned callers in the record and promises each a call. The record is the only source: a round that was missed is caught up by the
 * next, as far back as the policy goes, and the key of the request makes one promise of a contact whoever finds it.
 * @returns one round: how many promises were made
 */
export function createAbandonedFinder(deps: AbandonedDeps): () => Promise<number> {
  const { postgres, redis, centreId, centre, store, clock, sealing } = deps

  /** Up to when the record is complete: a recorder that lags has not heard yet of those who rang again. */
  const recordedUntil = async (now: number): Promise<number> => {
    const position = await readPosition(postgres.pool, centreId)
    if (!position) return 0
    const [epoch, seq] = await redis.mget(keyOf(centreId, 'epoch'), keyOf(centreId, 'seq'))
    return position.epoch === epoch && position.seq >= Number(seq ?? 0) ? now : position.time
  }

  return async () => {
    const now = clock()
    const { file } = centre.current()
    const policy = policyOf(file, 'abandoned')
    if (!policy.on) return 0
    const until = Math.min(now, await recordedUntil(now)) - REDIAL_MS
    const since = now - policy.maxAgeMs
    const begun = new Date(since - LONGEST_WAIT_MS)
    const values = [new Date(since), new Date(until), policy.minWaitMs, begun, BATCH, new Date(now)]
    const { rows } = await postgres.query<Row>({ name: 'callbacks-abandoned', text: FIND }, values)
    let made = 0
    // The oldest first, so that ids rise with the time of giving up.
    for (const row of rows) {
      const caller = sealing.open(row.caller)
      if (!isPhoneable(caller)) continue
      const planned = planCallback(file, { kind: 'abandoned', queue: row.queue }, now)
      // A try in tomorrow's hours is none of the same day.
      if (!planned || planned.dueAt > now + policy.maxAgeMs) continue
      const { moved: _, ...times } = planned
      const { created } = await store.create(
        {
          ...times,
          kind: 'abandoned',
          queue: row.queue,
          number: caller,
          callerId: chooseCallerId(file, row.queue, row.dialled ?? undefined),
          citizenId: row.citizen_id ?? undefined,
          sourceContactId: row.id,
          requestKey: `abandoned:${row.id}`,
          createdBy: 'system',
        },
        now,
      )
      if (created) made += 1
    }
    return made
  }
}
