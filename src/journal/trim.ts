import type { Redis } from 'ioredis'
import type pg from 'pg'
import { keyOf } from '../platform/keys.js'
import { readPosition } from './recorder/position.js'

/**
 * Cuts the old end off the journal: keeps at least the newest `keep` events and never drops one that is not in the record, or that a
 * webhook has not been given yet.
 * @param keep how many events stay for clients that resume
 * @returns how many events went (Redis cuts whole nodes, so a few more than `keep` may stay)
 * @throws when Redis or PostgreSQL is away; nothing is cut then
 */
export async function trimJournal(redis: Redis, pool: pg.Pool, centre: string, keep: number): Promise<number> {
  const stored = await readPosition(pool, centre)
  const answers = await redis.mget(keyOf(centre, 'epoch'), keyOf(centre, 'seq'))
  const [epoch, seq] = answers
  // Another epoch: the recorder has not begun with this journal yet.
  if (!stored || stored.epoch !== epoch) return 0
  const given = await givenToWebhooks(pool, centre, epoch)
  const first = Math.min(stored.seq, given, Number(seq ?? 0) - keep) + 1
  if (first <= 1) return 0
  return redis.xtrim(keyOf(centre, 'journal'), 'MINID', '~', `${first}-0`)
}

/** Up to where every webhook has the journal. */
async function givenToWebhooks(pool: pg.Pool, centre: string, epoch: string): Promise<number> {
  const { rows } = await pool.query<{ seq: number | null }>(
    'SELECT min(CASE WHEN epoch = $2 THEN seq ELSE 0 END) AS seq FROM webhook_subscriptions WHERE centre_id = $1 AND enabled',
    [centre, epoch],
  )
  return rows[0]?.seq ?? Number.POSITIVE_INFINITY
}
