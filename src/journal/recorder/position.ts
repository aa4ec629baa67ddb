import type pg from 'pg'
import { RELEASED } from './reduce-supervision.js'

/** How far the record has come. `time` is the event's, epoch ms. */
export interface Position {
  readonly epoch: string
  readonly seq: number
  readonly time: number
}

export async function readPosition(client: pg.ClientBase | pg.Pool, centre: string): Promise<Position | undefined> {
  const { rows } = await client.query<{ epoch: string; seq: number; event_time: Date }>(
    'SELECT epoch, seq, event_time FROM recorder_positions WHERE centre_id = $1',
    [centre],
  )
  return rows[0] && { epoch: rows[0].epoch, seq: rows[0].seq, time: rows[0].event_time.getTime() }
}

/**
 * Moves the position, in the transaction of the rows it belongs to.
 * @param from what this recorder believes is stored; another value means that somebody else recorded: the transaction fails
 */
export async function movePosition(
  client: pg.ClientBase,
  centre: string,
  from: Position | undefined,
  to: Position,
): Promise<void> {
  const values = [centre, to.epoch, to.seq, new Date(to.time)]
  const { rowCount } = from
    ? await client.query(
        `UPDATE recorder_positions SET epoch = $2, seq = $3, event_time = $4, updated_at = now()
          WHERE centre_id = $1 AND epoch = $5 AND seq = $6`,
        [...values, from.epoch, from.seq],
      )
    : await client.query(
        'INSERT INTO recorder_positions (centre_id, epoch, seq, event_time) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        values,
      )
  if (rowCount !== 1) throw new PositionMoved()
}

/** Another recorder was faster; start over from what it stored. */
export class PositionMoved extends Error {
  override readonly name = 'PositionMoved'
}

/**
 * Redis began anew: what was open in the old epoch can never be continued by its events. It ends at the last moment that is
 * known of it; a contact that goes on (adopted from the PBX) is opened again by the events of the new epoch.
 */
export async function closeOldEpoch(client: pg.ClientBase, at: number): Promise<void> {
  const moment = [new Date(at)]
  await client.query(
    'UPDATE agent_state_intervals SET ended_at = greatest(started_at, $1) WHERE ended_at IS NULL',
    moment,
  )
  await client.query(
    `UPDATE segments SET ended_at = greatest(started_at, $1), outcome = coalesce(outcome, 'lost') WHERE ended_at IS NULL`,
    moment,
  )
  await client.query(
    `UPDATE reservations SET ended_at = greatest(created_at, $1), state = 'failed', reason = 'journal_lost' WHERE ended_at IS NULL`,
    moment,
  )
  // Who listens on is told again, as a row of its own; the own word of an end still wins (reduce-supervision.ts).
  await client.query(
    `UPDATE supervisions SET ended_at = greatest(started_at, $1), end_reason = '${RELEASED}' WHERE ended_at IS NULL`,
    moment,
  )
  await client.query(
    `UPDATE contacts SET ended_at = greatest(created_at, $1), state = 'ended', end_state = 'failed', end_reason = 'journal_lost',
            version = version + 1 WHERE ended_at IS NULL`,
    moment,
  )
}
