import { v5 as uuidv5 } from 'uuid'
import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { CALLBACK_KINDS, type CallbackKind } from './model.js'
import { policyOf } from './policy.js'
import { type CallbackRow, toFacts } from './rows.js'

/** Names the tickets that follow from call-backs: asked twice for the same one, the id is the same. */
const NAMESPACE = 'f2b5c8a4-6d0e-4b57-9a63-0b1f6f4de120'
const BATCH = 100

/** Ended without reaching anybody, with a policy that leaves a ticket, and none is there yet. $1 kinds, $2 limit, $3 now. */
const OPEN = `
SELECT * FROM callbacks
 WHERE state IN ('exhausted', 'expired') AND ticket_id IS NULL AND kind = ANY($1) AND ended_at > $3::timestamptz - interval '30 days'
 ORDER BY ended_at, id LIMIT $2`

const INSERT = `
INSERT INTO tickets (id, number, citizen_id, contact_id, subject, body, department, created_by)
VALUES ($1, 'T' || lpad(nextval('ticket_numbers')::text, 6, '0'), $2, $3, $4, $5, $6, 'system') ON CONFLICT (id) DO NOTHING`

/** How many of a schedule's calls in a row reached nobody. Counted, not added up: twice is harmless. $1 now. */
const MISSES = `
UPDATE welfare_schedules s SET misses = c.misses FROM (
  SELECT s.id, (SELECT count(*) FROM callbacks b WHERE b.schedule_id = s.id AND b.state IN ('exhausted', 'expired')
                   AND b.ended_at > coalesce((SELECT max(done.ended_at) FROM callbacks done
                                               WHERE done.schedule_id = s.id AND done.state = 'completed'), '-infinity')) AS misses
    FROM welfare_schedules s WHERE s.id IN (SELECT schedule_id FROM callbacks WHERE schedule_id IS NOT NULL AND ended_at > $1::timestamptz - interval '2 days')
) c WHERE c.id = s.id AND s.misses <> c.misses`

export interface FollowUpDeps {
  readonly postgres: Postgres
  readonly centre: CentrePort
  readonly clock: Clock
}

/**
 * What is left when nobody was reached: a ticket, so that the matter is not forgotten (domain.md section 4). A welfare call that failed asks
 * for a visit. A call-back that was about a ticket has one already. Ticket and link are one transaction and the ticket's id follows from the
 * call-back's, so a process that dies, or two at once, leave one ticket.
 * @returns one round: how many tickets were written
 */
export function createFollowUp({ postgres, centre, clock }: FollowUpDeps): () => Promise<number> {
  const write = (row: CallbackRow): Promise<boolean> =>
    postgres.transaction(async (client) => {
      const callback = toFacts(row)
      const id = uuidv5(callback.id, NAMESPACE)
      const { subject, body } = wordsFor(callback.kind, callback.endedReason, callback.attempts)
      const department = departmentOf(callback.kind, callback.queue)
      await client.query(INSERT, [
        id,
        callback.citizenId ?? null,
        callback.sourceContactId ?? null,
        subject,
        body,
        department,
      ])
      const link = 'UPDATE callbacks SET ticket_id = $2 WHERE id = $1 AND ticket_id IS NULL'
      return (await client.query(link, [callback.id, id])).rowCount === 1
    })

  const departmentOf = (kind: CallbackKind, queue: string): string | null => {
    const { file } = centre.current()
    const category = file.queues.find(({ id }) => id === queue)?.category
    const own = kind === 'welfare' ? policyOf(file, kind).department : undefined
    return own ?? file.categories.find(({ id }) => id === category)?.department ?? null
  }

  return async () => {
    const now = new Date(clock())
    const { file } = centre.current()
    const kinds = CALLBACK_KINDS.filter((kind) => policyOf(file, kind).whenExhausted === 'ticket')
    const { rows } = await postgres.query<CallbackRow>(OPEN, [kinds, BATCH, now])
    let written = 0
    for (const row of rows) if (await write(row)) written += 1
    await postgres.query(MISSES, [now])
    return written
  }
}

/** PURE. Never a number or a name: the ticket names the citizen by its link. */
function wordsFor(kind: CallbackKind, reason: string | undefined, attempts: number): { subject: string; body: string } {
  const subject =
    kind === 'welfare'
      ? '안심콜 미응답: 방문 확인 요청 (Welfare call: visit)'
      : '콜백 미연결: 확인 요청 (Call-back: not reached)'
  return { subject, body: `시도 ${attempts}회 (${attempts} tries), ${reason ?? 'unknown'}` }
}
