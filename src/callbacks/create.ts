import { newId } from '../platform/ids.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import type { Created, NewCallback } from './ports.js'
import { type CallbackRow, toCallback } from './rows.js'

/** Somebody ended the open one between our insert and our look: another round makes ours. */
const CREATE_ROUNDS = 5

const INSERT = `
INSERT INTO callbacks (id, kind, state, queue, number, second_number, caller_id, citizen_id, ticket_id, source_contact_id, reason,
  owner_agent, owner_until, priority, enqueued_at, requested_at, promised_at, first_promised_at, due_at, expires_at, max_attempts,
  slot_at, schedule_id, checklist, link_hash, request_key, created_by, number_index, second_number_index)
VALUES ($1, $2, 'requested', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19, $20, $21, $22, $23,
  $24, $25, $26, $27)
ON CONFLICT DO NOTHING RETURNING *`

const SAME = `
SELECT * FROM callbacks WHERE request_key = $3 OR (number_index = $1 AND queue = $2 AND ended_at IS NULL)
 ORDER BY (request_key IS NOT DISTINCT FROM $3) DESC LIMIT 1`

/** Makes a promise, or finds the one that is there (CallbackStore.create). */
export async function insert(
  postgres: Pick<Postgres, 'query'>,
  sealing: Sealing,
  input: NewCallback,
  now: number,
): Promise<Created> {
  const index = sealing.index(input.number)
  const { secondNumber } = input
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at))
  const values = [
    newId(),
    input.kind,
    input.queue,
    sealing.seal(input.number),
    secondNumber === undefined ? null : sealing.seal(secondNumber),
    input.callerId,
    input.citizenId,
    input.ticketId,
    input.sourceContactId,
    input.reason,
    input.ownerAgent,
    time(input.ownerUntil),
    input.priority,
    time(input.enqueuedAt),
    time(now),
    time(input.promisedAt),
    time(input.dueAt),
    time(input.expiresAt),
    input.maxAttempts,
    time(input.slotAt),
    input.scheduleId,
    input.checklist === undefined ? null : JSON.stringify(input.checklist),
    input.linkHash,
    input.requestKey,
    input.createdBy,
    index,
    secondNumber === undefined ? null : sealing.index(secondNumber),
  ]
  for (let round = 0; round < CREATE_ROUNDS; round++) {
    const made = await postgres.query<CallbackRow>(INSERT, values)
    if (made.rows[0]) return { callback: toCallback(made.rows[0], sealing), created: true }
    const same = await postgres.query<CallbackRow>(SAME, [index, input.queue, input.requestKey ?? null])
    if (same.rows[0]) return { callback: toCallback(same.rows[0], sealing), created: false }
  }
  throw new StoreError('CTI_ERR_CONFLICT', 'Exists already.')
}
