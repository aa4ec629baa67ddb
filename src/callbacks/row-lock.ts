import type pg from 'pg'
import type { Sealing } from '../platform/sealing.js'
import type { Callback } from './model.js'
import type { Change } from './ports.js'
import { type CallbackRow, toCallback } from './rows.js'

/** Every column that a move or a person may change. */
const UPDATE = `
UPDATE callbacks SET state = $2, owner_agent = $3, owner_until = $4, enqueued_at = $5, promised_at = $6, due_at = $7, expires_at = $8,
  attempts = $9, first_attempt_at = $10, contact_id = $11, agent_id = $12, outcome = $13, ended_at = $14, ended_reason = $15,
  superseded_by = $16, slot_at = $17, checklist = $18, version = $19, updated_at = $20
WHERE id = $1`

/** @param where with $1 for the value */
export async function lock(
  client: pg.ClientBase,
  where: string,
  value: string,
  sealing: Pick<Sealing, 'open'>,
): Promise<Callback | undefined> {
  const { rows } = await client.query<CallbackRow>(`SELECT * FROM callbacks WHERE ${where} FOR UPDATE`, [value])
  return rows[0] && toCallback(rows[0], sealing)
}

export async function write(client: pg.ClientBase, row: Callback, now: number): Promise<void> {
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at))
  await client.query(UPDATE, [
    row.id,
    row.state,
    row.ownerAgent ?? null,
    time(row.ownerUntil),
    time(row.enqueuedAt),
    time(row.promisedAt),
    time(row.dueAt),
    time(row.expiresAt),
    row.attempts,
    time(row.firstAttemptAt),
    row.contactId ?? null,
    row.agentId ?? null,
    row.outcome ?? null,
    time(row.endedAt),
    row.endedReason ?? null,
    row.supersededBy ?? null,
    time(row.slotAt),
    row.checklist === undefined ? null : JSON.stringify(row.checklist),
    row.version,
    time(now),
  ])
}

/** What a person or a rule changed, for the history. */
export async function note(
  client: pg.ClientBase,
  before: Callback,
  after: Callback,
  change: string,
  by: Change,
  now: number,
): Promise<void> {
  const facts = ({ state, dueAt, promisedAt, ownerAgent, slotAt, checklist }: Callback) =>
    JSON.stringify({ state, dueAt, promisedAt, ownerAgent, slotAt, checklist })
  await client.query(
    'INSERT INTO callback_changes (callback_id, at, by, change, reason, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [before.id, new Date(now), by.by, change, by.reason ?? null, facts(before), facts(after)],
  )
}
