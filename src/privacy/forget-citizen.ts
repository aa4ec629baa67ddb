import type pg from 'pg'
import { isUuid } from '../context/guards.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'

/** How many rows stay without a person. */
export interface Forgotten {
  readonly contacts: number
  readonly tickets: number
  readonly callbacks: number
}

/** What stands where a text was; a ticket always has a subject. */
export const FORGOTTEN_TEXT = '(삭제됨)'

/**
 * Deletes a person in one transaction. Contacts, tickets and call-backs stay for the figures, without number, name, text or link. Calls
 * from a number that somebody else has, too, stay theirs unless they were linked to this person.
 */
export function createForgetting(postgres: Postgres) {
  return {
    /** @throws StoreError CTI_ERR_CITIZEN_NOT_FOUND; CTI_ERR_CITIZEN_EXPECTS_CALL while a call-back or a schedule is open */
    forget(id: string): Promise<Forgotten> {
      return postgres.transaction((client) => forget(client, id))
    },
  }
}

async function forget(client: pg.ClientBase, id: string): Promise<Forgotten> {
  const { rows } = isUuid(id)
    ? await client.query<{ phone_index: string | null; more_index: string[] }>(
        `SELECT phone_index, more_phones_index AS more_index FROM citizens WHERE id = $1 FOR UPDATE`,
        [id],
      )
    : { rows: [] }
  const person = rows[0]
  if (person === undefined) throw new StoreError('CTI_ERR_CITIZEN_NOT_FOUND', 'No such citizen.')
  const indexes = [person.phone_index, ...person.more_index].filter((index) => index !== null)
  const { rows: shared } = await client.query<{ index: string }>(
    `SELECT index FROM unnest($1::text[]) AS index
      WHERE NOT EXISTS (SELECT FROM citizens c WHERE c.id <> $2 AND (c.phone_index = index OR c.more_phones_index @> ARRAY[index]))`,
    [indexes, id],
  )
  const own = shared.map(({ index }) => index)
  const { rowCount: expected } = await client.query(
    `SELECT FROM callbacks WHERE ended_at IS NULL AND (citizen_id = $1 OR number_index = ANY($2) OR second_number_index = ANY($2))
     UNION ALL SELECT FROM welfare_schedules WHERE citizen_id = $1 AND (ends_on IS NULL OR ends_on >= current_date)`,
    [id, indexes],
  )
  if ((expected ?? 0) > 0) throw new StoreError('CTI_ERR_CITIZEN_EXPECTS_CALL', 'A call is still promised.')
  const contacts = await client.query(
    `UPDATE contacts SET caller = NULL, caller_index = NULL, caller_last4 = NULL, notes = NULL, citizen_id = NULL, version = version + 1
      WHERE citizen_id = $1 OR (citizen_id IS NULL AND caller_index = ANY($2))`,
    [id, own],
  )
  const tickets = await client.query(
    `UPDATE tickets SET citizen_id = NULL, subject = $2, body = '', updated_by = 'system', updated_at = now(), version = version + 1
      WHERE citizen_id = $1`,
    [id, FORGOTTEN_TEXT],
  )
  await client.query(
    `UPDATE callback_changes SET reason = NULL, before = NULL, after = NULL
      WHERE callback_id IN (SELECT id FROM callbacks WHERE citizen_id = $1)`,
    [id],
  )
  const callbacks = await client.query(`${ANONYMISE_CALLBACKS} AND citizen_id = $1`, [id])
  await client.query('DELETE FROM welfare_schedules WHERE citizen_id = $1', [id])
  await client.query('DELETE FROM citizens WHERE id = $1', [id])
  return {
    contacts: contacts.rowCount ?? 0,
    tickets: tickets.rowCount ?? 0,
    callbacks: callbacks.rowCount ?? 0,
  }
}

/** Ended call-backs without number, reason and person; the number keeps a form that the table allows and nobody has. */
export const ANONYMISE_CALLBACKS = `
UPDATE callbacks SET number = '000', number_index = NULL, second_number = NULL, second_number_index = NULL, reason = NULL, citizen_id = NULL, checklist = NULL, updated_at = now()
 WHERE ended_at IS NOT NULL`
