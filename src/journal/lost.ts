import type { Redis } from 'ioredis'
import type pg from 'pg'
import { keyOf } from '../platform/keys.js'
import type { JournalWriter } from './ports.js'
import { readPosition } from './recorder/position.js'

/** No greeting lasts so long: the dead-man switch of the dialplan ends an unwatched call within seconds. What the core lost, it is told again within seconds, too. */
const LOST_AFTER = '10 minutes'

const LOST = `
SELECT id FROM contacts
 WHERE ended_at IS NULL AND created_at < $1::timestamptz - $2::interval
 LIMIT 500`

/**
 * Ends contacts in the record that the routing core does not have and whose end nobody told: the call ended while no process was there to
 * see it, before the queue, or after the core had lost it. Should such a contact go on after all, its next event opens it again.
 *
 * Times are measured by the record's own position, so a recorder that lags behind never ends what goes on.
 * @param now epoch ms, the time of the events
 * @param after interval of PostgreSQL; shorter where it is known that no call is up (kill suite)
 * @returns how many were ended
 * @throws when Redis or PostgreSQL is away
 */
export async function endLostContacts(
  redis: Redis,
  pool: pg.Pool,
  journal: JournalWriter,
  centre: string,
  now: number,
  after = LOST_AFTER,
): Promise<number> {
  const recorded = await readPosition(pool, centre)
  if (!recorded || recorded.epoch !== (await redis.get(keyOf(centre, 'epoch')))) return 0
  const { rows } = await pool.query<{ id: string }>(LOST, [new Date(recorded.time), after])
  let ended = 0
  for (const { id } of rows) {
    if (await redis.exists(keyOf(centre, 'contact', id))) continue
    await journal.append('contact.ended', {
      subject: `contact:${id}`,
      contactId: id,
      time: now,
      data: { end: 'failed', reason: 'lost' },
    })
    ended += 1
  }
  return ended
}
