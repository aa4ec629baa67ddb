import { decodeCursor, type Page, pageLimit, toPage } from '../context/page.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { WrappedKey } from './crypto/keyring.js'
import type { SpoolName } from './file-name.js'
import type { Pause } from './model.js'

/** One row of `recordings`; times are epoch ms. */
export interface RecordingRow {
  readonly id: string
  readonly contactId: string
  readonly node: string
  readonly queue?: string
  readonly agentId?: string
  readonly mode?: 'whole' | 'on_demand'
  readonly state: 'recording' | 'paused' | 'stopped' | 'stored' | 'deleted'
  readonly startedAt: number
  readonly stoppedAt?: number
  readonly stopReason?: string
  readonly pauses: readonly Pause[]
  readonly durationMs?: number
  readonly missingMs?: number
  readonly sizeBytes?: number
  readonly sha256?: string
  readonly store?: 'disk' | 's3'
  readonly objectKey?: string
  readonly key?: WrappedKey
  readonly storedAt?: number
  readonly retainUntil?: number
  readonly hold?: { readonly reason: string; readonly by: string; readonly at: number }
  readonly deletedAt?: number
  readonly version: number
}

/** What the finisher found out. */
export interface StoredFacts {
  readonly sha256: string
  readonly sizeBytes: number
  readonly durationMs: number
  readonly missingMs: number
  readonly store: 'disk' | 's3'
  readonly objectKey: string
  readonly retentionDays: number
}

export interface RecordingSearch {
  /** Of these queues, or with these agents. */
  readonly floor?: { readonly queues: ReadonlySet<string>; readonly agents: ReadonlySet<string> }
  readonly contact?: string
  readonly queue?: string
  readonly agent?: string
  readonly state?: string
  readonly from?: string
  readonly to?: string
  readonly held?: boolean
  readonly limit?: number
  readonly cursor?: string
}

const COLUMNS = `id, contact_id, node, queue, agent_id, mode, state, started_at, stopped_at, stop_reason, pauses, duration_ms, missing_ms,
  size_bytes, sha256, store, object_key, key_id, wrapped_key, stored_at, retain_until, legal_hold, hold_reason, hold_by, hold_at, deleted_at, version`

/** The rows of recordings. Events of the journal come into them by the recorder, everything else here. Errors are StoreErrors. */
export function createRecordingRows(postgres: Pick<Postgres, 'query'>) {
  const one = async (text: string, values: unknown[]): Promise<RecordingRow | undefined> =>
    (await postgres.query<Row>(text, values)).rows.map(toRow)[0]
  return {
    read: (id: string) => one(`SELECT ${COLUMNS} FROM recordings WHERE id = $1`, [id]),

    /** Which of these recordings are over, as far as the record knows. */
    over: async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
      if (ids.length === 0) return new Set()
      const { rows } = await postgres.query<{ id: string }>(
        `SELECT id FROM recordings WHERE id = ANY($1) AND state IN ('stopped', 'stored', 'deleted')`,
        [ids],
      )
      return new Set(rows.map(({ id }) => id))
    },

    /** The row of a file, made from the file's name when the journal did not bring it. */
    ensure: async (name: SpoolName, node: string): Promise<RecordingRow> => {
      await postgres.query(
        `INSERT INTO recordings (id, contact_id, node, state, started_at) VALUES ($1, $2, $3, 'stopped', $4) ON CONFLICT (id) DO NOTHING`,
        [name.recordingId, name.contactId, node, new Date(name.startedAt)],
      )
      return (await one(`SELECT ${COLUMNS} FROM recordings WHERE id = $1`, [name.recordingId]))!
    },

    /** The file's key: the one that is there wins, so that two tries use the same. */
    keepKey: (id: string, { keyId, wrapped }: WrappedKey) =>
      one(
        `UPDATE recordings SET key_id = CASE WHEN wrapped_key IS NULL THEN $2 ELSE key_id END, wrapped_key = coalesce(wrapped_key, $3)
          WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, keyId, wrapped],
      ),

    /** It lies in the store. Said twice, the second time wins; one that was deleted meanwhile stays deleted. */
    markStored: (id: string, facts: StoredFacts) =>
      one(
        `UPDATE recordings SET state = 'stored', sha256 = $2, size_bytes = $3, duration_ms = $4, missing_ms = $5, store = $6, object_key = $7,
                retain_until = started_at + make_interval(days => $8), stored_at = now(), stopped_at = coalesce(stopped_at, now()),
                last_error = NULL, version = version + 1
          WHERE id = $1 AND state <> 'deleted' RETURNING ${COLUMNS}`,
        [
          id,
          facts.sha256,
          facts.sizeBytes,
          facts.durationMs,
          facts.missingMs,
          facts.store,
          facts.objectKey,
          facts.retentionDays,
        ],
      ),

    async noteError(id: string, reason: string): Promise<void> {
      await postgres.query('UPDATE recordings SET last_error = $2 WHERE id = $1', [id, reason])
    },

    /** Newest first. */
    async search(search: RecordingSearch): Promise<Page<RecordingRow>> {
      const limit = pageLimit(search.limit)
      const values: unknown[] = []
      const put = (value: unknown) => `$${values.push(value)}`
      const where: string[] = ['true']
      if (search.contact !== undefined) where.push(`contact_id = ${put(search.contact)}`)
      if (search.queue !== undefined) where.push(`queue = ${put(search.queue)}`)
      if (search.agent !== undefined) where.push(`agent_id = ${put(search.agent)}`)
      if (search.floor !== undefined)
        where.push(
          `(queue = ANY(${put([...search.floor.queues])}) OR agent_id = ANY(${put([...search.floor.agents])}))`,
        )
      if (search.state !== undefined) where.push(`state = ${put(search.state)}`)
      if (search.held !== undefined) where.push(`legal_hold = ${put(search.held)}`)
      if (search.from !== undefined) where.push(`started_at >= ${put(search.from)}`)
      if (search.to !== undefined) where.push(`started_at < ${put(search.to)}`)
      if (search.cursor !== undefined) {
        const [ms = '', id = ''] = decodeCursor(search.cursor, 2)
        const at = new Date(Number(ms))
        if (Number.isNaN(at.getTime())) throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
        where.push(`(started_at, id) < (${put(at)}, ${put(id)})`)
      }
      const { rows } = await postgres.query<Row>(
        `SELECT ${COLUMNS} FROM recordings WHERE ${where.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT ${put(limit + 1)}`,
        values,
      )
      return toPage(rows, limit, toRow, (row) => [String(row.started_at.getTime()), row.id])
    },

    /** Puts it on legal hold, or takes it off. @returns undefined when there is none, or it is deleted */
    hold: (id: string, hold: boolean, reason: string, by: string) =>
      one(
        `UPDATE recordings SET legal_hold = $2, hold_reason = $3, hold_by = $4, hold_at = now(), version = version + 1
          WHERE id = $1 AND state <> 'deleted' RETURNING ${COLUMNS}`,
        [id, hold, reason, by],
      ),

    /** Recordings whose time is over and that nobody holds, oldest first. */
    async expired(limit: number): Promise<RecordingRow[]> {
      const { rows } = await postgres.query<Row>(
        `SELECT ${COLUMNS} FROM recordings WHERE state = 'stored' AND NOT legal_hold AND retain_until < now() ORDER BY retain_until LIMIT $1`,
        [limit],
      )
      return rows.map(toRow)
    },

    /**
     * First step of a deletion: the key goes, so nobody hears it any more whatever becomes of the object.
     * @returns whether it was still to be deleted: a hold may have come in between
     */
    async forgetKey(id: string): Promise<boolean> {
      const { rowCount } = await postgres.query(
        `UPDATE recordings SET state = 'deleted', wrapped_key = NULL, deleted_at = now(), version = version + 1
          WHERE id = $1 AND state = 'stored' AND NOT legal_hold AND retain_until < now()`,
        [id],
      )
      return rowCount === 1
    },

    /** Deleted ones whose object may still be there. */
    async undeletedObjects(limit: number): Promise<{ id: string; objectKey: string }[]> {
      const { rows } = await postgres.query<{ id: string; object_key: string }>(
        `SELECT id, object_key FROM recordings WHERE state = 'deleted' AND object_key IS NOT NULL LIMIT $1`,
        [limit],
      )
      return rows.map((row) => ({ id: row.id, objectKey: row.object_key }))
    },

    async objectGone(id: string): Promise<void> {
      await postgres.query('UPDATE recordings SET object_key = NULL WHERE id = $1', [id])
    },

    /** Keys that are wrapped under another master key than the present one. */
    async otherKeys(presentId: string, limit: number): Promise<{ id: string; key: WrappedKey }[]> {
      const { rows } = await postgres.query<{ id: string; key_id: string; wrapped_key: Buffer }>(
        `SELECT id, key_id, wrapped_key FROM recordings WHERE state = 'stored' AND key_id <> $1 ORDER BY started_at LIMIT $2`,
        [presentId, limit],
      )
      return rows.map((row) => ({ id: row.id, key: { keyId: row.key_id, wrapped: row.wrapped_key } }))
    },

    async rewrap(id: string, from: WrappedKey, to: WrappedKey): Promise<void> {
      await postgres.query(
        'UPDATE recordings SET key_id = $2, wrapped_key = $3 WHERE id = $1 AND key_id = $4 AND wrapped_key = $5',
        [id, to.keyId, to.wrapped, from.keyId, from.wrapped],
      )
    },
  }
}
export type RecordingRows = ReturnType<typeof createRecordingRows>

interface Row {
  id: string
  contact_id: string
  node: string
  queue: string | null
  agent_id: string | null
  mode: 'whole' | 'on_demand' | null
  state: RecordingRow['state']
  started_at: Date
  stopped_at: Date | null
  stop_reason: string | null
  pauses: Pause[]
  duration_ms: string | number | null
  missing_ms: string | number | null
  size_bytes: string | number | null
  sha256: string | null
  store: 'disk' | 's3' | null
  object_key: string | null
  key_id: string | null
  wrapped_key: Buffer | null
  stored_at: Date | null
  retain_until: Date | null
  legal_hold: boolean
  hold_reason: string | null
  hold_by: string | null
  hold_at: Date | null
  deleted_at: Date | null
  version: number
}

const ms = (at: Date | null): number | undefined => at?.getTime()
const number = (value: string | number | null): number | undefined => (value === null ? undefined : Number(value))

function toRow(row: Row): RecordingRow {
  return {
    id: row.id,
    contactId: row.contact_id,
    node: row.node,
    queue: row.queue ?? undefined,
    agentId: row.agent_id ?? undefined,
    mode: row.mode ?? undefined,
    state: row.state,
    startedAt: row.started_at.getTime(),
    stoppedAt: ms(row.stopped_at),
    stopReason: row.stop_reason ?? undefined,
    pauses: row.pauses,
    durationMs: number(row.duration_ms),
    missingMs: number(row.missing_ms),
    sizeBytes: number(row.size_bytes),
    sha256: row.sha256 ?? undefined,
    store: row.store ?? undefined,
    objectKey: row.object_key ?? undefined,
    key: row.key_id && row.wrapped_key ? { keyId: row.key_id, wrapped: row.wrapped_key } : undefined,
    storedAt: ms(row.stored_at),
    retainUntil: ms(row.retain_until),
    hold:
      row.legal_hold && row.hold_at
        ? { reason: row.hold_reason ?? '', by: row.hold_by ?? '', at: row.hold_at.getTime() }
        : undefined,
    deletedAt: ms(row.deleted_at),
    version: row.version,
  }
}
