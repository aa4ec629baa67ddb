import type {
  CallerContext,
  CallerFacts,
  ContextPort,
  PopCitizen,
  PopContact,
  PopFlag,
  PopTicket,
} from '../calls/context-port.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { BRIEF_QUERY, type BriefRow, NOTHING_KNOWN, toBrief } from './brief.js'
import { maskResidentNumbers } from './mask.js'

/**
 * Everything for the screen pop. $1 number, $3 its blind index. The person who has the number as the first one wins, then the
 * one changed last. A contact counts as past when it was connected or has ended, so the present call is not its own history.
 */
const POP_QUERY = `
WITH person AS MATERIALIZED (
  SELECT id, name, CASE WHEN phone_index = $3::text THEN $1::text ELSE phone END AS phone, language, notes FROM citizens
   WHERE phone_index = $3::text OR more_phones_index @> ARRAY[$3::text]
   ORDER BY (phone_index = $3::text) DESC NULLS LAST, updated_at DESC, id LIMIT 1
), flags AS (
  SELECT kind, note, until FROM citizen_flags
   WHERE lifted_at IS NULL AND phone_index = $3::text AND (until IS NULL OR until > now())
  UNION ALL
  SELECT f.kind, f.note, f.until FROM person p JOIN citizen_flags f ON f.citizen_id = p.id
   WHERE f.lifted_at IS NULL AND (f.until IS NULL OR f.until > now())
), matters AS (
  SELECT t.id, t.number, t.subject, t.status, t.category, t.department, t.due_at FROM person p JOIN tickets t ON t.citizen_id = p.id
   WHERE t.status IN ('open', 'in_progress', 'waiting') ORDER BY t.due_at NULLS LAST, t.id LIMIT 20
), past AS (
  (SELECT id, created_at, queue, agent_id, disposition, notes FROM contacts
    WHERE caller_index = $3::text AND (ended_at IS NOT NULL OR connected_at IS NOT NULL) ORDER BY created_at DESC LIMIT 5)
  UNION
  (SELECT c.id, c.created_at, c.queue, c.agent_id, c.disposition, c.notes FROM person p JOIN contacts c ON c.citizen_id = p.id
    WHERE c.ended_at IS NOT NULL OR c.connected_at IS NOT NULL ORDER BY c.created_at DESC LIMIT 5)
  ORDER BY created_at DESC LIMIT 5
)
SELECT
  (SELECT to_jsonb(person) FROM person) AS person,
  (SELECT coalesce(jsonb_agg(matters), '[]') FROM matters) AS matters,
  (SELECT coalesce(jsonb_agg(past), '[]') FROM past) AS past,
  (SELECT coalesce(jsonb_agg(flags), '[]') FROM flags) AS flags`

/** Both at once: one round trip and one plan in the path of every call. $1 number, $2 now, $3 blind index. */
export const LOOK_UP_QUERY = `SELECT * FROM (${BRIEF_QUERY}) AS brief, (${POP_QUERY}) AS pop`

type Nullable<T> = { [K in keyof T]: T[K] | null }
interface LookUpRow extends BriefRow {
  person: Nullable<PopCitizen> | null
  matters: Nullable<{
    id: string
    number: string
    subject: string
    status: string
    category: string
    department: string
    due_at: string
  }>[]
  past: Nullable<{
    id: string
    created_at: string
    queue: string
    agent_id: string
    disposition: string
    notes: string
  }>[]
  flags: Nullable<{ kind: string; note: string; until: string }>[]
}

const NOTHING: CallerFacts = { brief: NOTHING_KNOWN, context: { tickets: [], contacts: [], flags: [] } }

/** The look-up of a caller over PostgreSQL. Rejects with StoreError when the database is away or slow. */
export function createCallerLookup(postgres: Postgres, sealing: Pick<Sealing, 'index' | 'open'>): ContextPort {
  return {
    async lookUp(number, now) {
      if (number === undefined) return NOTHING
      const { rows } = await postgres.query<LookUpRow>({ name: 'caller-look-up', text: LOOK_UP_QUERY }, [
        number,
        new Date(now),
        sealing.index(number),
      ])
      return rows[0] ? { brief: toBrief(rows[0]), context: toContext(rows[0], number, sealing) } : NOTHING
    },
  }
}

function toContext(row: LookUpRow, number: string, sealing: Pick<Sealing, 'open'>): CallerContext {
  const { person } = row
  return {
    citizen: person
      ? {
          id: text(person.id),
          name: text(person.name),
          phone: openOr(number, person.phone, sealing),
          language: known(person.language),
          notes: known(person.notes),
        }
      : undefined,
    tickets: row.matters.map(
      (t): PopTicket => ({
        id: text(t.id),
        number: text(t.number),
        subject: text(t.subject),
        status: text(t.status),
        category: known(t.category),
        department: known(t.department),
        dueAt: instant(t.due_at),
      }),
    ),
    contacts: row.past.map(
      (c): PopContact => ({
        id: text(c.id),
        startedAt: instant(c.created_at) ?? '',
        queue: known(c.queue),
        agentId: known(c.agent_id),
        disposition: known(c.disposition),
        notes: known(c.notes),
      }),
    ),
    flags: row.flags.map((f): PopFlag => ({ kind: text(f.kind), note: known(f.note), until: instant(f.until) })),
  }
}

/** A key that is missing costs the first number of a person who rang with another one, never the pop. */
function openOr(number: string, sealed: string | null, sealing: Pick<Sealing, 'open'>): string {
  try {
    return sealed === null ? number : sealing.open(sealed)
  } catch {
    return number
  }
}

// What was stored before such numbers were refused is masked on the way out.
const text = (value: string | null) => maskResidentNumbers(value ?? '')
const known = (value: string | null | undefined) => (value == null ? undefined : maskResidentNumbers(value))
const instant = (value: string | null) => (value === null ? undefined : new Date(value).toISOString())
