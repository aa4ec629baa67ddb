import type pg from 'pg'
import type { Sealing } from '../../platform/sealing.js'
import type { Folded } from './fold.js'
import { RELEASED } from './reduce-supervision.js'

type Column = readonly [name: string, type: 'text' | 'int' | 'bigint' | 'time']

const CONTACT_COLUMNS: readonly Column[] = [
  ['channel', 'text'],
  ['direction', 'text'],
  ['node', 'text'],
  ['channel_id', 'text'],
  ['dialled', 'text'],
  ['caller', 'text'],
  ['caller_index', 'text'],
  ['caller_last4', 'text'],
  ['state', 'text'],
  ['end_state', 'text'],
  ['end_reason', 'text'],
  ['ended_by', 'text'],
  ['queue', 'text'],
  ['priority', 'int'],
  ['attempts', 'int'],
  ['agent_id', 'text'],
  ['disposition', 'text'],
  ['category', 'text'],
  ['notes', 'text'],
  ['queued_at', 'time'],
  ['connected_at', 'time'],
  ['talk_ended_at', 'time'],
  ['ended_at', 'time'],
  ['wait_ms', 'bigint'],
  ['forwarded_to', 'text'],
  ['forward_ended_at', 'time'],
]
const RESERVATION_COLUMNS: readonly Column[] = [
  ['agent_id', 'text'],
  ['queue', 'text'],
  ['route', 'text'],
  ['token', 'bigint'],
  ['attempt', 'int'],
  ['state', 'text'],
  ['reason', 'text'],
  ['accepted_by', 'text'],
  ['created_at', 'time'],
  ['deadline', 'time'],
  ['accepted_at', 'time'],
  ['ended_at', 'time'],
]

/** Epoch ms in JSON -> timestamptz, without a detour over text that depends on a time zone. */
const toTime = (ms: string) => `to_timestamp((${ms})::double precision / 1000)`

function cast(source: string, [name, type]: Column): string {
  const value = `${source}->>'${name}'`
  return type === 'text' ? value : type === 'time' ? toTime(value) : `(${value})::${type}`
}

const setColumns = (columns: readonly Column[]): string =>
  columns
    .map(([name, type]) => {
      const column: Column = [name, type]
      return `${name} = CASE WHEN x.set ? '${name}' THEN ${cast('x.set', column)}
        WHEN x.once ? '${name}' THEN coalesce(t.${name}, ${cast('x.once', column)}) ELSE t.${name} END`
    })
    .join(',\n')

const MAKE_CONTACTS = `
INSERT INTO contacts (id, created_at)
SELECT id, ${toTime('at')} FROM jsonb_to_recordset($1) AS x(id text, at text) ON CONFLICT (id) DO NOTHING`

const SET_CONTACTS = `
UPDATE contacts t SET ${setColumns(CONTACT_COLUMNS)}, version = t.version + 1
  FROM jsonb_to_recordset($1) AS x(id text, set jsonb, once jsonb) WHERE t.id = x.id`

/** In the order of the journal: what the server told of the channel is in the table already. */
const MAKE_UNSEEN = `
INSERT INTO contacts (id, node, channel_id, dialled, caller, caller_index, caller_last4, queue, state, end_state, end_reason, created_at, ended_at, wait_ms)
SELECT x.id, x.node, x.channel_id, x.dialled, x.caller, x.caller_index, x.caller_last4, x.queue, 'ended', 'abandoned', 'unseen', ${toTime('x.at')}, ${toTime('x.ended_at')},
       x.ended_at::bigint - x.at::bigint
  FROM jsonb_to_recordset($1) AS x(id text, node text, channel_id text, dialled text, caller text, caller_index text, caller_last4 text,
       queue text, at text, ended_at text)
 WHERE NOT EXISTS (SELECT FROM contacts t WHERE t.node = x.node AND t.channel_id = x.channel_id
   AND t.created_at > ${toTime('x.at')} - interval '1 hour')
ON CONFLICT (id) DO NOTHING`

/** The person who has the number as the first one wins. */
const LINK_CONTACTS = `
UPDATE contacts t SET citizen_id = (
  SELECT c.id FROM citizens c WHERE c.phone_index = t.caller_index OR c.more_phones_index @> ARRAY[t.caller_index]
   ORDER BY (c.phone_index = t.caller_index) DESC NULLS LAST, c.updated_at DESC, c.id LIMIT 1)
 WHERE t.id = ANY($1) AND t.caller_index IS NOT NULL`

const MAKE_RESERVATIONS = `
INSERT INTO reservations (id, contact_id, agent_id, queue, token, state, created_at)
SELECT id, contact_id, set->>'agent_id', set->>'queue', (set->>'token')::bigint, set->>'state', ${toTime('at')}
  FROM jsonb_to_recordset($1) AS x(id text, contact_id text, at text, set jsonb) ON CONFLICT (id) DO NOTHING`

const SET_RESERVATIONS = `
UPDATE reservations t SET ${setColumns(RESERVATION_COLUMNS)}
  FROM (SELECT id, set, '{}'::jsonb AS once FROM jsonb_to_recordset($1) AS r(id text, set jsonb)) x WHERE t.id = x.id`

const RECORDING_COLUMNS: readonly Column[] = [
  ['node', 'text'],
  ['queue', 'text'],
  ['agent_id', 'text'],
  ['mode', 'text'],
  ['started_at', 'time'],
  ['stopped_at', 'time'],
  ['stop_reason', 'text'],
]
const MAKE_RECORDINGS = `
INSERT INTO recordings (id, contact_id, node, started_at)
SELECT id, contact_id, coalesce(set->>'node', ''), coalesce(${toTime("set->>'started_at'")}, ${toTime('at')})
  FROM jsonb_to_recordset($1) AS x(id text, contact_id text, at text, set jsonb) ON CONFLICT (id) DO NOTHING`

/** Told late, or once more: what is in the store stays in the store. */
const SET_RECORDINGS = `
UPDATE recordings t SET ${setColumns(RECORDING_COLUMNS)}, pauses = coalesce(x.set->'pauses', t.pauses), version = t.version + 1,
       state = CASE WHEN t.state IN ('stored', 'deleted') OR (t.state = 'stopped' AND x.set->>'state' <> 'stopped') THEN t.state
                    ELSE coalesce(x.set->>'state', t.state) END
  FROM (SELECT id, set, '{}'::jsonb AS once FROM jsonb_to_recordset($1) AS r(id text, set jsonb)) x WHERE t.id = x.id`

const END_SEGMENTS = `
UPDATE segments t SET outcome = coalesce(t.outcome, x.outcome),
       ended_at = CASE WHEN x.at IS NULL THEN NULL ELSE greatest(t.started_at, ${toTime('x.at')}) END
  FROM jsonb_to_recordset($1) AS x(contact_id text, at text, outcome text) WHERE t.contact_id = x.contact_id AND t.ended_at IS NULL`

const CUT_SEGMENTS = `
UPDATE segments t SET outcome = x.outcome, ended_at = ${toTime('x.at')}
  FROM jsonb_to_recordset($1) AS x(contact_id text, at text, outcome text)
 WHERE t.contact_id = x.contact_id AND t.started_at < ${toTime('x.at')} AND (t.ended_at IS NULL OR t.ended_at > ${toTime('x.at')})`

const makeSegments = (unless: string) => `
INSERT INTO segments (contact_id, ordinal, kind, queue, agent_id, reservation_id, outcome, started_at, ended_at)
SELECT x.contact_id, x.n + coalesce((SELECT max(ordinal) FROM segments s WHERE s.contact_id = x.contact_id), 0),
       x.kind, x.queue, x.agent_id, x.reservation_id, x.outcome, ${toTime('x.started_at')}, ${toTime('x.ended_at')}
  FROM jsonb_to_recordset($1) AS x(contact_id text, n int, kind text, queue text, agent_id text, reservation_id text, outcome text,
       started_at text, ended_at text) ${unless}`
const MAKE_SEGMENTS = makeSegments('')
const MAKE_PAST_SEGMENTS = makeSegments(`WHERE NOT EXISTS (
  SELECT FROM segments s WHERE s.contact_id = x.contact_id AND s.kind = x.kind AND s.started_at = ${toTime('x.started_at')})`)

const END_INTERVALS = `
UPDATE agent_state_intervals t SET ended_at = greatest(t.started_at, ${toTime('x.at')})
  FROM jsonb_to_recordset($1) AS x(agent_id text, kind text, at text)
 WHERE t.agent_id = x.agent_id AND t.kind = x.kind AND t.ended_at IS NULL`

const MAKE_INTERVALS = `
INSERT INTO agent_state_intervals (agent_id, kind, state, reason, contact_id, reservation_id, started_at, ended_at)
SELECT agent_id, kind, state, reason, contact_id, reservation_id, ${toTime('started_at')}, ${toTime('ended_at')}
  FROM jsonb_to_recordset($1) AS x(agent_id text, kind text, state text, reason text, contact_id text, reservation_id text,
       started_at text, ended_at text)`

const MAKE_TRANSFERS = `
INSERT INTO contact_transfers (contact_id, at, kind, from_agent, to_agent, to_queue, to_department, outside)
SELECT contact_id, ${toTime('at')}, kind, from_agent, to_agent, to_queue, to_department, outside
  FROM jsonb_to_recordset($1) AS x(contact_id text, at text, kind text, from_agent text, to_agent text, to_queue text,
       to_department text, outside boolean)`

/** The first end counts; its own word says why, whenever it comes. */
const END_SUPERVISIONS = `
UPDATE supervisions t SET ended_at = coalesce(t.ended_at, greatest(t.started_at, ${toTime('e.at')})), end_reason = e.reason
  FROM (
    SELECT DISTINCT ON (s.id) s.id, x.at, x.reason
      FROM (SELECT r.*, row_number() OVER () AS n
              FROM jsonb_to_recordset($1) AS r(supervision_id text, contact_id text, at text, reason text)) x
      JOIN supervisions s ON s.supervision_id = x.supervision_id OR s.contact_id = x.contact_id
     WHERE s.ended_at IS NULL OR (s.end_reason = '${RELEASED}' AND x.reason <> '${RELEASED}')
     ORDER BY s.id, (x.reason = '${RELEASED}'), x.n
  ) e WHERE t.id = e.id`

const MAKE_SUPERVISIONS = `
INSERT INTO supervisions (supervision_id, contact_id, supervisor_id, agent_id, queue, mode, shown, started_at, ended_at, end_reason)
SELECT supervision_id, contact_id, supervisor_id, agent_id, queue, mode, shown, ${toTime('started_at')}, ${toTime('ended_at')}, end_reason
  FROM jsonb_to_recordset($1) AS x(supervision_id text, contact_id text, supervisor_id text, agent_id text, queue text, mode text,
       shown boolean, started_at text, ended_at text, end_reason text)`

/** Within the transaction that moves the recorder's position: each event counts once. */
const COUNT_TRANSFERS = `
UPDATE contacts t SET transfers = t.transfers + x.n
  FROM (SELECT contact_id, count(*)::int AS n FROM jsonb_to_recordset($1) AS r(contact_id text) GROUP BY contact_id) x
 WHERE t.id = x.contact_id`

const SUM_CONTACTS = `
UPDATE contacts t SET ring_ms = x.ring, talk_ms = x.talk, hold_ms = x.hold, wrap_ms = x.wrap
  FROM (
    SELECT contact_id, ${['ring', 'talk', 'hold', 'wrap'].map((kind) => `coalesce(sum(ms) FILTER (WHERE kind = '${kind}'), 0) AS ${kind}`).join(', ')}
      FROM (SELECT contact_id, kind, round(extract(epoch FROM ended_at - started_at) * 1000)::bigint AS ms
              FROM segments WHERE contact_id = ANY($1) AND ended_at IS NOT NULL) parts
     GROUP BY contact_id
  ) x WHERE t.id = x.contact_id`

/** Writes a folded batch within the caller's transaction: a fixed number of statements however many events it holds. */
export async function writeFolded(client: pg.ClientBase, folded: Folded, sealing: Sealing): Promise<void> {
  const run = async (text: string, rows: readonly unknown[]) => {
    if (rows.length > 0) await client.query(text, [toJson(rows)])
  }
  await run(MAKE_CONTACTS, folded.contacts)
  await run(
    SET_CONTACTS,
    folded.contacts.map((row) => ({ ...row, set: sealCaller(row.set, sealing), once: sealCaller(row.once, sealing) })),
  )
  await run(
    MAKE_UNSEEN,
    folded.unseen.map((row) => sealCaller(row, sealing)),
  )
  if (folded.links.length > 0) await client.query(LINK_CONTACTS, [folded.links])
  await run(END_SEGMENTS, folded.segmentEnds)
  await run(MAKE_SEGMENTS, folded.segments)
  await run(CUT_SEGMENTS, folded.cuts)
  await run(MAKE_PAST_SEGMENTS, folded.pasts)
  await run(MAKE_RESERVATIONS, folded.reservations)
  await run(SET_RESERVATIONS, folded.reservations)
  await run(MAKE_RECORDINGS, folded.recordings)
  await run(SET_RECORDINGS, folded.recordings)
  await run(END_INTERVALS, folded.intervalEnds)
  await run(MAKE_INTERVALS, folded.intervals)
  await run(END_SUPERVISIONS, folded.supervisionEnds)
  await run(MAKE_SUPERVISIONS, folded.supervisions)
  await run(MAKE_TRANSFERS, folded.transfers)
  await run(COUNT_TRANSFERS, folded.transfers)
  if (folded.sums.length > 0) await client.query(SUM_CONTACTS, [folded.sums])
}

/** The caller as the record keeps it: sealed, with what finds it. */
function sealCaller<T extends { readonly caller?: string | null }>(values: T, sealing: Sealing): T {
  const { caller } = values
  if (caller === undefined) return values
  if (caller === null) return { ...values, caller_index: null, caller_last4: null }
  return {
    ...values,
    caller: sealing.seal(caller),
    caller_index: sealing.index(caller),
    caller_last4: sealing.lastFour(caller) ?? null,
  }
}

/** Own rows with snake_case keys; texts without what jsonb cannot hold (NUL, half an emoji). */
function toJson(rows: readonly unknown[]): string {
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row as object).map(([key, value]) => [snake(key), value]))),
    (_, value) => (typeof value === 'string' ? wellFormed(value) : value),
  )
}

const snake = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
const wellFormed = (text: string) => text.replaceAll('\0', '').replaceAll(LONE_SURROGATE, '\uFFFD')
