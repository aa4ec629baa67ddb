import type pg from 'pg'
import type { Postgres } from '../platform/postgres/pool.js'
import type { AccessAction } from './access-log-port.js'
import {
  type Break,
  CHAIN_BEGIN,
  type ChainedAccess,
  type ChainHead,
  chain,
  findBreak,
  type TimedAccess,
} from './chain.js'

/** Any number that no other lock of the database uses: one writer at a time, or the chain would fork. */
const LOCK = 1_200_124
const PAGE = 1_000

interface Row {
  readonly seq: number
  readonly id: string
  readonly at: Date
  readonly who: string
  readonly from_where: string | null
  readonly action: AccessAction
  readonly subject: string
  readonly whose: string[]
  readonly what: string[]
  readonly reason: string | null
  readonly request_id: string | null
  readonly previous: Buffer
  readonly hash: Buffer
}

const INSERT = `
INSERT INTO access_log (seq, id, at, who, from_where, action, subject, whose, what, reason, request_id, previous, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`

/** Appends what is not there yet, by id, in one transaction. @returns how many rows it made */
export function appendAccesses(postgres: Postgres, key: Buffer, accesses: readonly TimedAccess[]): Promise<number> {
  return postgres.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const { rows: known } = await client.query<{ id: string }>('SELECT id FROM access_log WHERE id = ANY($1)', [
      accesses.map(({ id }) => id),
    ])
    const there = new Set(known.map(({ id }) => id))
    const rows = chain(
      key,
      await readHead(client),
      accesses.filter(({ id }) => !there.has(id)),
    )
    for (const row of rows) {
      const { seq, id, at, who, from, action, subject, whose, what, reason, requestId, previous, hash } = row
      const nullable = [reason ?? null, requestId ?? null]
      await client.query(INSERT, [
        seq,
        id,
        new Date(at),
        who,
        from ?? null,
        action,
        subject,
        whose,
        what,
        ...nullable,
        previous,
        hash,
      ])
    }
    return rows.length
  })
}

async function readHead(client: pg.ClientBase): Promise<ChainHead> {
  const { rows } = await client.query<ChainHead>('SELECT seq, hash FROM access_log ORDER BY seq DESC LIMIT 1')
  return rows[0] ?? CHAIN_BEGIN
}

export interface Verdict {
  /** The last row that was looked at, with everything before it. */
  readonly head: ChainHead
  readonly broken?: Break
  /** An earlier head that was kept elsewhere is not there any more: the log was cut or written anew. */
  readonly anchorLost?: boolean
}

/** Goes through the whole log. @param anchor head of an earlier verification */
export async function verifyAccessLog(postgres: Postgres, key: Buffer, anchor?: ChainHead): Promise<Verdict> {
  let head = CHAIN_BEGIN
  let met = anchor === undefined
  for (;;) {
    const rows = await readPage(postgres, 'seq > $1', [head.seq])
    const broken = findBreak(key, head, rows)
    if (broken !== undefined) return { head, broken }
    met ||= rows.some(({ seq, hash }) => seq === anchor?.seq && hash.equals(anchor.hash))
    head = rows.at(-1) ?? head
    if (rows.length < PAGE) return met ? { head } : { head, anchorLost: true }
  }
}

/** The rows between two moments (epoch ms), oldest first. */
export async function* readAccesses(postgres: Postgres, from: number, until: number): AsyncGenerator<ChainedAccess> {
  let after = 0
  for (;;) {
    const rows = await readPage(postgres, 'seq > $1 AND at >= $2 AND at < $3', [after, new Date(from), new Date(until)])
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.seq
  }
}

async function readPage(postgres: Postgres, where: string, values: readonly unknown[]): Promise<ChainedAccess[]> {
  const { rows } = await postgres.query<Row>(
    `SELECT * FROM access_log WHERE ${where} ORDER BY seq LIMIT ${PAGE}`,
    values,
  )
  return rows.map((row) => ({
    seq: row.seq,
    id: row.id,
    at: row.at.getTime(),
    who: row.who,
    from: row.from_where ?? undefined,
    action: row.action,
    subject: row.subject,
    whose: row.whose,
    what: row.what,
    reason: row.reason ?? undefined,
    requestId: row.request_id ?? undefined,
    previous: row.previous,
    hash: row.hash,
  }))
}
