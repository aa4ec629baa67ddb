import { isUuid } from '../context/guards.js'
import { decodeCursor, type Page, pageLimit, toPage } from '../context/page.js'
import { newId } from '../platform/ids.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { CallbackRefused } from './refused.js'

export interface ScheduleInput {
  readonly citizenId: string
  readonly queue: string
  /** Normalised. */
  readonly number: string
  readonly secondNumber?: string
  readonly days: readonly string[]
  /** HH:MM on the centre's wall clock. */
  readonly atTime: string
  readonly ownerAgent?: string
  readonly checklist: readonly { readonly id: string; readonly label: string }[]
  readonly note?: string
  /** YYYY-MM-DD, inclusive. */
  readonly startsOn: string
  readonly endsOn?: string
}

/** A person's recurring welfare calls (안심콜). */
export interface ScheduleRecord extends ScheduleInput {
  readonly id: string
  /** Calls in a row that reached nobody. */
  readonly misses: number
  readonly paused: boolean
  readonly version: number
  readonly createdBy: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ScheduleSearch {
  readonly citizenId?: string
  readonly queue?: string
  readonly paused?: boolean
  /** Of these queues or owners only. */
  readonly floor?: { readonly queues: ReadonlySet<string>; readonly agents: ReadonlySet<string> }
  readonly limit?: number
  readonly cursor?: string
}

/** Errors: CTI_ERR_WELFARE_NOT_FOUND, CTI_ERR_VERSION_MISMATCH, CTI_ERR_REFERENCE_NOT_FOUND. */
export interface WelfareSchedules {
  create(input: ScheduleInput, by: string): Promise<ScheduleRecord>
  read(id: string): Promise<ScheduleRecord | undefined>
  /** Replaces what is given. */
  update(id: string, version: number, input: ScheduleInput): Promise<ScheduleRecord>
  setPaused(id: string, version: number, paused: boolean): Promise<ScheduleRecord>
  remove(id: string, version: number): Promise<void>
  list(search: ScheduleSearch): Promise<Page<ScheduleRecord>>
}

const COLUMNS = `id, citizen_id, queue, number, second_number, days, at_time, owner_agent, checklist, note, starts_on::text, ends_on::text,
  misses, paused, version, created_by, created_at, updated_at`

export function createWelfareSchedules(postgres: Postgres, sealing: Pick<Sealing, 'seal' | 'open'>): WelfareSchedules {
  const read = async (id: string): Promise<ScheduleRecord | undefined> => {
    if (!isUuid(id)) return undefined
    const { rows } = await postgres.query<Row>(`SELECT ${COLUMNS} FROM welfare_schedules WHERE id = $1`, [id])
    return rows[0] && toRecord(rows[0], sealing)
  }
  /** Runs a change of one row at this version. */
  const change = async (
    id: string,
    version: number,
    set: string,
    values: readonly unknown[],
  ): Promise<ScheduleRecord> => {
    const { rows } = isUuid(id)
      ? await postgres.query<Row>(
          `UPDATE welfare_schedules SET ${set}, version = version + 1, updated_at = now() WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
          [id, version, ...values],
        )
      : { rows: [] }
    if (rows[0]) return toRecord(rows[0], sealing)
    throw await whyNot(id)
  }
  const whyNot = async (id: string): Promise<Error> =>
    (await read(id)) === undefined
      ? new CallbackRefused('CTI_ERR_WELFARE_NOT_FOUND')
      : new StoreError('CTI_ERR_VERSION_MISMATCH', 'Somebody changed it meanwhile.')

  return {
    read,
    async create(input, by) {
      const { rows } = await postgres.query<Row>(
        `INSERT INTO welfare_schedules (citizen_id, queue, number, second_number, days, at_time, owner_agent, checklist, note, starts_on,
           ends_on, id, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${COLUMNS}`,
        [...valuesOf(input, sealing), newId(), by],
      )
      return toRecord(rows[0]!, sealing)
    },
    update: (id, version, input) =>
      change(
        id,
        version,
        `citizen_id = $3, queue = $4, number = $5, second_number = $6, days = $7, at_time = $8, owner_agent = $9, checklist = $10,
         note = $11, starts_on = $12, ends_on = $13`,
        valuesOf(input, sealing),
      ),
    setPaused: (id, version, paused) => change(id, version, 'paused = $3', [paused]),
    async remove(id, version) {
      const { rowCount } = isUuid(id)
        ? await postgres.query('DELETE FROM welfare_schedules WHERE id = $1 AND version = $2', [id, version])
        : { rowCount: 0 }
      if (rowCount !== 1) throw await whyNot(id)
    },
    async list(search) {
      const limit = pageLimit(search.limit)
      if (search.citizenId !== undefined && !isUuid(search.citizenId)) return { items: [] }
      const after = search.cursor === undefined ? undefined : decodeCursor(search.cursor, 1)[0]
      if (after !== undefined && !isUuid(after))
        throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
      const { rows } = await postgres.query<Row>(
        `SELECT ${COLUMNS} FROM welfare_schedules
          WHERE ($1::uuid IS NULL OR citizen_id = $1) AND ($2::text IS NULL OR queue = $2) AND ($3::boolean IS NULL OR paused = $3)
            AND ($4::uuid IS NULL OR id < $4)
            AND ($5::text[] IS NULL OR queue = ANY($5) OR owner_agent = ANY($6::text[])) ORDER BY id DESC LIMIT ${limit + 1}`,
        [
          search.citizenId ?? null,
          search.queue ?? null,
          search.paused ?? null,
          after ?? null,
          search.floor === undefined ? null : [...search.floor.queues],
          search.floor === undefined ? null : [...search.floor.agents],
        ],
      )
      return toPage(
        rows,
        limit,
        (row) => toRecord(row, sealing),
        (row) => [row.id],
      )
    },
  }
}

function valuesOf(input: ScheduleInput, sealing: Pick<Sealing, 'seal'>): unknown[] {
  if (!isUuid(input.citizenId))
    throw new StoreError('CTI_ERR_REFERENCE_NOT_FOUND', 'Names a citizen that does not exist.')
  return [
    input.citizenId,
    input.queue,
    sealing.seal(input.number),
    input.secondNumber === undefined ? null : sealing.seal(input.secondNumber),
    input.days,
    input.atTime,
    input.ownerAgent ?? null,
    JSON.stringify(input.checklist),
    input.note ?? null,
    input.startsOn,
    input.endsOn ?? null,
  ]
}

interface Row {
  readonly id: string
  readonly citizen_id: string
  readonly queue: string
  readonly number: string
  readonly second_number: string | null
  readonly days: string[]
  readonly at_time: string
  readonly owner_agent: string | null
  readonly checklist: { id: string; label: string }[]
  readonly note: string | null
  readonly starts_on: string
  readonly ends_on: string | null
  readonly misses: number
  readonly paused: boolean
  readonly version: number
  readonly created_by: string
  readonly created_at: Date
  readonly updated_at: Date
}

function toRecord(row: Row, sealing: Pick<Sealing, 'open'>): ScheduleRecord {
  return {
    id: row.id,
    citizenId: row.citizen_id,
    queue: row.queue,
    number: sealing.open(row.number),
    secondNumber: row.second_number === null ? undefined : sealing.open(row.second_number),
    days: row.days,
    atTime: row.at_time,
    ownerAgent: row.owner_agent ?? undefined,
    checklist: row.checklist,
    note: row.note ?? undefined,
    startsOn: row.starts_on,
    endsOn: row.ends_on ?? undefined,
    misses: row.misses,
    paused: row.paused,
    version: row.version,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
