import type { CallerBrief, OpenCallback } from '../calls/context-port.js'

/** Agents stay with a caller for this long (domain.md section 4, "Sticky"). */
const STICKY = '24 hours'
/** A caller who was dropped this short a time ago is let in sooner (domain.md section 4, priority 20). */
const DROPPED = '10 minutes'

/**
 * What decides the routing; each part is a look-up in an index. $1 number, $2 now, $3 the number's blind index.
 * LIMIT 20: no number has more people, and the planner would else expect hundreds and read whole tables.
 * Open matter: an open ticket of the person or of that very contact. Dropped: the last contact left a queue or broke.
 */
export const BRIEF_QUERY = `
WITH people AS MATERIALIZED (
  SELECT id, vulnerable FROM citizens WHERE phone_index = $3::text OR more_phones_index @> ARRAY[$3::text] LIMIT 20
), flags AS MATERIALIZED (
  SELECT kind, agent_id FROM citizen_flags
   WHERE lifted_at IS NULL AND phone_index = $3::text AND (until IS NULL OR until > $2::timestamptz)
  UNION ALL
  SELECT f.kind, f.agent_id FROM people p JOIN citizen_flags f ON f.citizen_id = p.id
   WHERE f.lifted_at IS NULL AND (f.until IS NULL OR f.until > $2::timestamptz)
), served AS (
  SELECT id, agent_id FROM contacts
   WHERE caller_index = $3::text AND agent_id IS NOT NULL AND connected_at IS NOT NULL AND created_at > $2::timestamptz - interval '${STICKY}'
   ORDER BY created_at DESC LIMIT 1
), last AS (
  SELECT end_state, queued_at, ended_at FROM contacts
   WHERE caller_index = $3::text AND ended_at IS NOT NULL AND created_at > $2::timestamptz - interval '${STICKY}'
   ORDER BY created_at DESC LIMIT 1
)
SELECT
  (SELECT s.agent_id FROM served s WHERE
     EXISTS (SELECT 1 FROM people p JOIN tickets t ON t.citizen_id = p.id WHERE t.status IN ('open', 'in_progress', 'waiting'))
     OR EXISTS (SELECT 1 FROM tickets t WHERE t.contact_id = s.id AND t.status IN ('open', 'in_progress', 'waiting'))) AS sticky,
  ARRAY(SELECT DISTINCT agent_id FROM flags WHERE kind = 'keep_apart') AS kept_apart,
  EXISTS (SELECT 1 FROM flags WHERE kind = 'restricted') AS restricted,
  EXISTS (SELECT 1 FROM people WHERE vulnerable) OR EXISTS (SELECT 1 FROM flags WHERE kind = 'vulnerable') AS vulnerable,
  EXISTS (SELECT 1 FROM last WHERE ended_at > $2::timestamptz - interval '${DROPPED}'
            AND (end_state = 'failed' OR (end_state = 'abandoned' AND queued_at IS NOT NULL))) AS dropped,
  ARRAY(SELECT to_jsonb(open) FROM (
    SELECT id, kind, state, queue, requested_at, promised_at, due_at, enqueued_at, attempts, reason, owner_agent, contact_id, agent_id,
           source_contact_id
      FROM callbacks WHERE number_index = $3::text AND ended_at IS NULL ORDER BY due_at, id LIMIT 5) AS open) AS callbacks`

export interface BriefRow {
  readonly sticky: string | null
  readonly kept_apart: string[]
  readonly restricted: boolean
  readonly vulnerable: boolean
  readonly dropped: boolean
  readonly callbacks: OpenCallbackRow[]
}

/** As JSON of PostgreSQL: times are ISO 8601 text. */
interface OpenCallbackRow {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly queue: string
  readonly requested_at: string
  readonly promised_at: string
  readonly due_at: string
  readonly enqueued_at: string | null
  readonly attempts: number
  readonly reason: string | null
  readonly owner_agent: string | null
  readonly contact_id: string | null
  readonly agent_id: string | null
  readonly source_contact_id: string | null
}

export const NOTHING_KNOWN: CallerBrief = {
  keptApart: [],
  restricted: false,
  vulnerable: false,
  droppedRecently: false,
}

/** What decides the routing of a caller. PURE. */
export function toBrief(row: BriefRow): CallerBrief {
  const sticky = row.sticky !== null && !row.kept_apart.includes(row.sticky) ? row.sticky : undefined
  return {
    stickyAgent: sticky,
    keptApart: row.kept_apart,
    restricted: row.restricted,
    vulnerable: row.vulnerable,
    droppedRecently: row.dropped,
    ...(row.callbacks.length === 0 ? {} : { callbacks: row.callbacks.map(toOpenCallback) }),
  }
}

function toOpenCallback(row: OpenCallbackRow): OpenCallback {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    queue: row.queue,
    requestedAt: Date.parse(row.requested_at),
    promisedAt: Date.parse(row.promised_at),
    dueAt: Date.parse(row.due_at),
    enqueuedAt: row.enqueued_at === null ? undefined : Date.parse(row.enqueued_at),
    attempts: row.attempts,
    reason: row.reason ?? undefined,
    ownerAgent: row.owner_agent ?? undefined,
    contactId: row.contact_id ?? undefined,
    agentId: row.agent_id ?? undefined,
    sourceContactId: row.source_contact_id ?? undefined,
  }
}
