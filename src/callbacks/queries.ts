import { isUuid } from '../context/guards.js'
import { decodeCursor, pageLimit, toPage } from '../context/page.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import type { AttemptResult, Callback } from './model.js'
import type { CallbackQuery, CallbackStore } from './ports.js'
import { type CallbackRow, toCallback } from './rows.js'

interface AttemptRow {
  readonly ordinal: number
  readonly contact_id: string
  readonly agent_id: string | null
  readonly node: string | null
  readonly second: boolean
  readonly claimed_at: Date
  readonly answered_at: Date | null
  readonly ended_at: Date | null
  readonly result: AttemptResult | null
}

interface ChangeRow {
  readonly at: Date
  readonly by: string
  readonly change: string
  readonly reason: string | null
  readonly before: unknown
  readonly after: unknown
}

type Queries = Pick<
  CallbackStore,
  'get' | 'getByContact' | 'getByLink' | 'openOf' | 'list' | 'attempts' | 'changes' | 'dueBefore' | 'inStates'
>

/** The reading half of the store. */
export function createQueries(postgres: Postgres, sealing: Sealing): Queries {
  const read = async (text: string, values: unknown[]): Promise<Callback[]> =>
    (await postgres.query<CallbackRow>(text, values)).rows.map((row) => toCallback(row, sealing))
  return {
    async get(id) {
      return isUuid(id) ? (await read('SELECT * FROM callbacks WHERE id = $1', [id]))[0] : undefined
    },
    async getByContact(contactId) {
      return (await read('SELECT * FROM callbacks WHERE contact_id = $1', [contactId]))[0]
    },
    async getByLink(hash) {
      return (await read('SELECT * FROM callbacks WHERE link_hash = $1', [hash]))[0]
    },
    openOf: (number) =>
      read('SELECT * FROM callbacks WHERE number_index = $1 AND ended_at IS NULL ORDER BY requested_at, id', [
        sealing.index(number),
      ]),
    dueBefore: (until, limit) =>
      read(
        `SELECT * FROM callbacks WHERE state IN ('requested', 'scheduled', 'no_answer', 'busy') AND due_at <= $1
          ORDER BY due_at, id LIMIT $2`,
        [new Date(until), limit],
      ),
    inStates: (states, limit) =>
      read('SELECT * FROM callbacks WHERE state = ANY($1) ORDER BY updated_at, id LIMIT $2', [states, limit]),
    async attempts(id) {
      if (!isUuid(id)) return []
      const { rows } = await postgres.query<AttemptRow>(
        'SELECT * FROM callback_attempts WHERE callback_id = $1 ORDER BY ordinal',
        [id],
      )
      return rows.map((row) => ({
        ordinal: row.ordinal,
        contactId: row.contact_id,
        agentId: row.agent_id ?? undefined,
        node: row.node ?? undefined,
        second: row.second,
        claimedAt: row.claimed_at.getTime(),
        answeredAt: row.answered_at?.getTime(),
        endedAt: row.ended_at?.getTime(),
        result: row.result ?? undefined,
      }))
    },
    async changes(id) {
      if (!isUuid(id)) return []
      const { rows } = await postgres.query<ChangeRow>(
        'SELECT * FROM callback_changes WHERE callback_id = $1 ORDER BY id',
        [id],
      )
      return rows.map(({ at, by, change, reason, before, after }) => ({
        at: at.getTime(),
        by,
        change,
        reason: reason ?? undefined,
        before: before ?? undefined,
        after: after ?? undefined,
      }))
    },
    async list(query) {
      const limit = pageLimit(query.limit)
      const { text, values } = filters(query, sealing)
      const promised = query.order === 'promised'
      const order = promised ? 'promised_at, id' : 'requested_at DESC, id DESC'
      const { rows } = await postgres.query<CallbackRow>(
        `SELECT * FROM callbacks ${text} ORDER BY ${order} LIMIT ${limit + 1}`,
        values,
      )
      return toPage(
        rows,
        limit,
        (row) => toCallback(row, sealing),
        (row) => [String((promised ? row.promised_at : row.requested_at).getTime()), row.id],
      )
    },
  }
}

function filters(query: CallbackQuery, sealing: Pick<Sealing, 'index'>): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const parts: string[] = []
  const add = (value: unknown, part: (place: string) => string): void => {
    if (value === undefined) return
    values.push(value)
    parts.push(part(`$${values.length}`))
  }
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at))
  add(query.kinds, (p) => `kind = ANY(${p})`)
  add(query.states, (p) => `state = ANY(${p})`)
  add(query.queues, (p) => `queue = ANY(${p})`)
  if (query.floor !== undefined) {
    values.push([...query.floor.queues], [...query.floor.agents])
    const [queues, agents] = [`$${values.length - 1}`, `$${values.length}`]
    parts.push(`(queue = ANY(${queues}) OR owner_agent = ANY(${agents}) OR agent_id = ANY(${agents}))`)
  }
  add(query.ownerAgent, (p) => `owner_agent = ${p}`)
  add(query.ownerAgents, (p) => `owner_agent = ANY(${p})`)
  add(
    query.scheduleId === undefined || isUuid(query.scheduleId) ? query.scheduleId : newNobody(),
    (p) => `schedule_id = ${p}`,
  )
  add(
    query.contactId,
    (
      p,
    ) => `id IN (SELECT id FROM callbacks WHERE contact_id = ${p} UNION ALL SELECT callback_id FROM callback_attempts WHERE contact_id = ${p}
      UNION ALL SELECT id FROM callbacks WHERE source_contact_id = ${p} UNION ALL SELECT id FROM callbacks WHERE superseded_by = ${p})`,
  )
  add(
    query.citizenId === undefined || isUuid(query.citizenId) ? query.citizenId : newNobody(),
    (p) => `citizen_id = ${p}`,
  )
  const index = query.number === undefined ? undefined : sealing.index(query.number)
  add(index, (p) => `number_index = ${p}`)
  add(time(query.overdueAt), (p) => `promised_at < ${p} AND first_attempt_at IS NULL AND ended_at IS NULL`)
  add(time(query.promisedBefore), (p) => `promised_at < ${p} AND first_attempt_at IS NULL AND ended_at IS NULL`)
  add(time(query.requestedFrom), (p) => `requested_at >= ${p}`)
  add(time(query.requestedTo), (p) => `requested_at < ${p}`)
  if (query.cursor !== undefined) {
    const [at = '', id = ''] = decodeCursor(query.cursor, 2)
    if (!isUuid(id) || !/^\d{1,15}$/.test(at))
      throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
    values.push(new Date(Number(at)), id)
    const place = `($${values.length - 1}, $${values.length})`
    parts.push(query.order === 'promised' ? `(promised_at, id) > ${place}` : `(requested_at, id) < ${place}`)
  }
  return { text: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values }
}

/** An id that can be nobody's finds nothing. */
const newNobody = (): string => '00000000-0000-0000-0000-000000000000'
