import type pg from 'pg'
import { isUuid } from '../context/guards.js'
import { decodeCursor, type Page, pageLimit, toPage } from '../context/page.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Message, MessageState, Outcome, Taken } from './model.js'

/** Most messages that one call may send again. */
const MOST_REPLAYED = 10_000

export interface MessageQuery {
  readonly state?: MessageState
  readonly limit?: number
  readonly cursor?: string
}

export interface Replay {
  readonly from: Date
  readonly to: Date
  /** Only what was given up, or what was delivered, too. */
  readonly which: 'dead' | 'all'
}

/** Messages in PostgreSQL: the truth of what is to be sent. */
export interface MessageStore {
  search(subscriptionId: string, query: MessageQuery): Promise<Page<Message>>
  /**
   * Takes up to `most` due messages for sending: nobody else gets them before `leaseMs` are over. Of each subject only the first.
   */
  take(subscriptionId: string, most: number, now: number, leaseMs: number): Promise<Taken[]>
  /**
   * Writes what an attempt came to, and lets the next one of the subject go when this one is done with.
   * @param retryAt epoch ms; undefined: it is given up
   */
  settle(
    subscriptionId: string,
    taken: Taken,
    outcome: Outcome,
    retryAt: number | undefined,
    now: number,
  ): Promise<void>
  /** Subscriptions of the centre that have something due. */
  due(centre: string, now: number): Promise<string[]>
  /** @throws StoreError CTI_ERR_WEBHOOK_MESSAGE_NOT_FOUND */
  replayOne(subscriptionId: string, messageId: string, now: number, giveUpMs: number): Promise<void>
  /** @returns how many; when it is 10,000 there may be more */
  replayRange(subscriptionId: string, replay: Replay, now: number, giveUpMs: number): Promise<number>
  /** Deletes what was delivered or given up so long ago (ms). */
  purge(now: number, deliveredMs: number, deadMs: number): Promise<number>
}

/**
 * In order of subject: the first message of a subject carries the time at which it is due, the others infinity. Both sides of that (a message is
 * added, a message is done with) lock the subscription's row, so none is left waiting for one that is gone.
 */
export function createMessages(postgres: Postgres): MessageStore {
  return {
    async search(subscriptionId, { state, limit, cursor }) {
      const most = pageLimit(limit)
      const before = cursor === undefined ? null : Number(decodeCursor(cursor, 1)[0])
      if (before !== null && !Number.isSafeInteger(before))
        throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
      const { rows } = await postgres.query<Row>(
        `SELECT id, ordinal, event_id, event_time, type, subject, state, attempts, nullif(due_at, 'infinity') AS due_at, last_status, last_error, ended_at
           FROM webhook_messages WHERE subscription_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR ordinal < $3)
          ORDER BY ordinal DESC LIMIT $4`,
        [subscriptionId, state ?? null, before, most + 1],
      )
      return toPage(rows, most, toMessage, (row) => [String(row.ordinal)])
    },
    async take(subscriptionId, most, now, leaseMs) {
      const { rows } = await postgres.query<{
        id: string
        subject: string
        body: Buffer
        attempts: number
        give_up_at: Date
      }>(
        `UPDATE webhook_messages SET due_at = $4, attempts = attempts + 1
          WHERE id IN (SELECT id FROM webhook_messages WHERE subscription_id = $1 AND state = 'pending' AND due_at <= $3
                        ORDER BY due_at, ordinal LIMIT $2 FOR UPDATE SKIP LOCKED)
          RETURNING id, subject, body, attempts, give_up_at`,
        [subscriptionId, most, new Date(now), new Date(now + leaseMs)],
      )
      return rows.map(({ give_up_at, ...row }) => ({ ...row, giveUpAt: give_up_at.getTime() }))
    },
    async settle(subscriptionId, { id, subject, attempts }, outcome, retryAt, now) {
      await postgres.transaction(async (client) => {
        await client.query('SELECT 1 FROM webhook_subscriptions WHERE id = $1 FOR UPDATE', [subscriptionId])
        const state = outcome.ok ? 'delivered' : retryAt === undefined ? 'dead' : 'pending'
        // A worker that was away beyond its lease says nothing any more: the attempt after it decides.
        await client.query(
          `UPDATE webhook_messages SET state = $3, due_at = $4, last_status = $5, last_error = $6, ended_at = $7
            WHERE id = $1 AND state = 'pending' AND attempts = $2`,
          [
            id,
            attempts,
            state,
            new Date(retryAt ?? now),
            outcome.status ?? null,
            outcome.ok ? null : outcome.error,
            state === 'pending' ? null : new Date(now),
          ],
        )
        if (state !== 'pending') await releaseHeads(client, subscriptionId, now, subject)
      })
    },
    async due(centre, now) {
      const { rows } = await postgres.query<{ id: string }>(
        `SELECT s.id FROM webhook_subscriptions s WHERE s.centre_id = $1 AND s.enabled
            AND EXISTS (SELECT 1 FROM webhook_messages m WHERE m.subscription_id = s.id AND m.state = 'pending' AND m.due_at <= $2)`,
        [centre, new Date(now)],
      )
      return rows.map(({ id }) => id)
    },
    async replayOne(subscriptionId, messageId, now, giveUpMs) {
      const count = isUuid(messageId)
        ? await replay(postgres, subscriptionId, 'AND id = $4', [messageId], now, giveUpMs)
        : 0
      if (count === 0)
        throw new StoreError('CTI_ERR_WEBHOOK_MESSAGE_NOT_FOUND', 'No such message, or it is still under way.')
    },
    replayRange: (subscriptionId, { from, to, which }, now, giveUpMs) =>
      replay(
        postgres,
        subscriptionId,
        `AND event_time >= $4 AND event_time < $5 AND ($6 OR state = 'dead')`,
        [from, to, which === 'all'],
        now,
        giveUpMs,
      ),
    async purge(now, deliveredMs, deadMs) {
      const { rowCount } = await postgres.query(
        `DELETE FROM webhook_messages WHERE id IN (SELECT id FROM webhook_messages WHERE ended_at < $1 AND (state = 'delivered' OR ended_at < $2)
            LIMIT 5000)`,
        [new Date(now - deliveredMs), new Date(now - deadMs)],
      )
      return rowCount ?? 0
    },
  }
}

/** What is under way is left alone; the others go to the end, in the order they had. */
function replay(
  postgres: Postgres,
  subscriptionId: string,
  which: string,
  values: readonly unknown[],
  now: number,
  giveUpMs: number,
): Promise<number> {
  return postgres.transaction(async (client) => {
    await client.query('SELECT 1 FROM webhook_subscriptions WHERE id = $1 FOR UPDATE', [subscriptionId])
    const { rowCount } = await client.query(
      `WITH picked AS MATERIALIZED (SELECT id FROM webhook_messages WHERE subscription_id = $1 AND state <> 'pending' ${which}
                        ORDER BY ordinal LIMIT ${MOST_REPLAYED}),
            numbered AS MATERIALIZED (SELECT id, nextval(pg_get_serial_sequence('webhook_messages', 'ordinal')) AS n FROM picked)
       UPDATE webhook_messages m SET ordinal = n, state = 'pending', attempts = 0, due_at = 'infinity', ended_at = NULL,
              give_up_at = $2::timestamptz + $3 * interval '1 ms', last_status = NULL, last_error = NULL
         FROM numbered WHERE m.id = numbered.id`,
      [subscriptionId, new Date(now), giveUpMs, ...values],
    )
    await releaseHeads(client, subscriptionId, now)
    return rowCount ?? 0
  })
}

/** The first waiting message of each subject (or of one) is due now. The subscription's row is locked. */
export async function releaseHeads(
  client: pg.ClientBase,
  subscriptionId: string,
  now: number,
  subject?: string,
): Promise<void> {
  await client.query(
    `UPDATE webhook_messages m SET due_at = $2
      WHERE m.subscription_id = $1 AND m.state = 'pending' AND m.due_at = 'infinity' AND ($3::text IS NULL OR m.subject = $3)
        AND NOT EXISTS (SELECT 1 FROM webhook_messages e WHERE e.subscription_id = $1 AND e.subject = m.subject AND e.state = 'pending'
                           AND e.ordinal < m.ordinal)`,
    [subscriptionId, new Date(now), subject ?? null],
  )
}

interface Row {
  id: string
  ordinal: number
  event_id: string
  event_time: Date
  type: string
  subject: string
  state: MessageState
  attempts: number
  due_at: Date | null
  last_status: number | null
  last_error: string | null
  ended_at: Date | null
}

function toMessage(row: Row): Message {
  return {
    id: row.id,
    ordinal: row.ordinal,
    eventId: row.event_id,
    eventTime: row.event_time,
    type: row.type,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.state === 'pending' ? (row.due_at ?? undefined) : undefined,
    lastStatus: row.last_status ?? undefined,
    lastError: row.last_error ?? undefined,
    endedAt: row.ended_at ?? undefined,
  }
}
