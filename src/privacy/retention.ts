import type { CentreFile } from '../centre/schema.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { ANONYMISE_CALLBACKS, FORGOTTEN_TEXT } from './forget-citizen.js'

const DAY_MS = 86_400_000
/** Rows in one statement: short locks, and what is done stays done. */
const BATCH = 1_000

export type Retained = 'contacts' | 'tickets' | 'callbacks' | 'citizens'

/**
 * Old contacts and call-backs lose number, notes and person; old tickets their text; people with no trace of a matter left are deleted. A period
 * that the centre file does not name keeps for ever.
 */
const RULES: readonly {
  readonly what: Retained
  readonly days: keyof NonNullable<CentreFile['retention']>
  readonly sql: string
}[] = [
  {
    what: 'contacts',
    days: 'contactDays',
    sql: `UPDATE contacts SET caller = NULL, caller_index = NULL, caller_last4 = NULL, notes = NULL, citizen_id = NULL, version = version + 1
      WHERE id IN (SELECT id FROM contacts WHERE created_at < $1 AND ended_at IS NOT NULL
        AND (caller IS NOT NULL OR notes IS NOT NULL OR citizen_id IS NOT NULL) ORDER BY created_at LIMIT ${BATCH})`,
  },
  {
    what: 'callbacks',
    days: 'contactDays',
    sql: `${ANONYMISE_CALLBACKS} AND id IN (SELECT id FROM callbacks WHERE ended_at < $1
        AND (number <> '000' OR reason IS NOT NULL OR citizen_id IS NOT NULL) ORDER BY ended_at LIMIT ${BATCH})`,
  },
  {
    what: 'tickets',
    days: 'ticketDays',
    sql: `UPDATE tickets SET citizen_id = NULL, contact_id = NULL, subject = '${FORGOTTEN_TEXT}', body = '', updated_by = 'system',
        updated_at = now(), version = version + 1
      WHERE id IN (SELECT id FROM tickets WHERE closed_at < $1 AND (subject <> '${FORGOTTEN_TEXT}' OR body <> '' OR citizen_id IS NOT NULL)
        ORDER BY closed_at LIMIT ${BATCH})`,
  },
  {
    what: 'citizens',
    days: 'citizenDays',
    sql: `DELETE FROM citizens WHERE id IN (SELECT c.id FROM citizens c WHERE c.updated_at < $1
        AND NOT EXISTS (SELECT FROM contacts t WHERE t.citizen_id = c.id AND t.created_at >= $1)
        AND NOT EXISTS (SELECT FROM tickets t WHERE t.citizen_id = c.id)
        AND NOT EXISTS (SELECT FROM callbacks b WHERE b.citizen_id = c.id AND (b.ended_at IS NULL OR b.ended_at >= $1))
        AND NOT EXISTS (SELECT FROM welfare_schedules w WHERE w.citizen_id = c.id AND (w.ends_on IS NULL OR w.ends_on >= $1::date))
        AND NOT EXISTS (SELECT FROM citizen_flags f WHERE f.citizen_id = c.id AND f.lifted_at IS NULL AND f.until >= now())
      ORDER BY c.updated_at LIMIT ${BATCH})`,
  },
]

/**
 * Applies the centre's periods once; cut off anywhere, the next turn goes on.
 * @param now epoch ms
 * @returns how many rows each rule changed
 */
export async function applyRetention(
  postgres: Pick<Postgres, 'query'>,
  file: Pick<CentreFile, 'retention'>,
  now: number,
): Promise<Record<Retained, number>> {
  const done: Record<Retained, number> = { contacts: 0, tickets: 0, callbacks: 0, citizens: 0 }
  for (const { what, days, sql } of RULES) {
    const period = file.retention?.[days]
    if (period === undefined) continue
    let changed: number
    do {
      changed = (await postgres.query(sql, [new Date(now - period * DAY_MS)])).rowCount ?? 0
      done[what] += changed
    } while (changed === BATCH)
  }
  return done
}
