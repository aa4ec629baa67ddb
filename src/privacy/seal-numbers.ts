import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'

/** Rows in one round trip; each round is complete in itself, so the work may be cut anywhere and begun again. */
const BATCH = 500

/** Rows that were written without sealing (before it, or by hand). Each has an index of its own, so that looking costs nothing. */
const UNSEALED = {
  citizens:
    '((phone IS NOT NULL AND phone_index IS NULL) OR cardinality(more_phones) <> cardinality(more_phones_index))',
  citizen_flags: 'phone IS NOT NULL AND phone_index IS NULL',
  contacts: 'caller IS NOT NULL AND caller_index IS NULL',
} as const
/** Rows whose key is not the present one. $1: begin of a value of the present key, as a pattern. */
const OLD_KEY = {
  citizens: '(phone NOT LIKE $1 OR EXISTS (SELECT FROM unnest(more_phones) AS each WHERE each NOT LIKE $1))',
  citizen_flags: 'phone NOT LIKE $1',
  contacts: 'caller NOT LIKE $1',
} as const

type Table = keyof typeof UNSEALED
const TABLES = Object.keys(UNSEALED) as Table[]

/** How many rows are not sealed. */
export async function countUnsealed(postgres: Pick<Postgres, 'query'>): Promise<number> {
  const { rows } = await postgres.query<{ n: number }>(
    `SELECT ${TABLES.map((table) => `(SELECT count(*) FROM ${table} WHERE ${UNSEALED[table]})`).join(' + ')} AS n`,
  )
  return rows[0]?.n ?? 0
}

/**
 * Seals what is not sealed yet and, when there are old keys, seals anew what an old key sealed. A row that somebody changes meanwhile is
 * left for the next round: the update only takes the value that was read.
 * @returns how many rows were changed
 */
export async function sealNumbers(postgres: Pick<Postgres, 'query'>, sealing: Sealing): Promise<number> {
  let changed = 0
  for (const table of TABLES) {
    changed += await inRounds(postgres, sealing, table, UNSEALED[table], [])
    if (sealing.hasOldKeys)
      changed += await inRounds(postgres, sealing, table, OLD_KEY[table], [`${sealing.currentPrefix}%`])
  }
  if (sealing.hasOldKeys) changed += await sealFactors(postgres, sealing)
  return changed
}

/** Second factors are few (one a person) and always sealed: only the key changes. */
async function sealFactors(postgres: Pick<Postgres, 'query'>, sealing: Sealing): Promise<number> {
  const { rows } = await postgres.query<{ user_id: string; secret: string }>(
    'SELECT user_id, secret FROM user_totp WHERE secret NOT LIKE $1',
    [`${sealing.currentPrefix}%`],
  )
  for (const { user_id, secret } of rows)
    await postgres.query('UPDATE user_totp SET secret = $3 WHERE user_id = $1 AND secret = $2', [
      user_id,
      secret,
      sealing.seal(sealing.open(secret, 'totp'), 'totp'),
    ])
  return rows.length
}

async function inRounds(
  postgres: Pick<Postgres, 'query'>,
  sealing: Sealing,
  table: Table,
  where: string,
  values: readonly unknown[],
): Promise<number> {
  let changed = 0
  // Ids are text in one table and uuid in the others; as text both have an order to go by.
  let after = ''
  for (;;) {
    const { rows } = await postgres.query<{ id: string; number: string | null; more?: string[] }>(
      `SELECT id::text AS id, ${table === 'contacts' ? 'caller' : 'phone'} AS number ${table === 'citizens' ? ', more_phones AS more' : ''}
         FROM ${table} WHERE ${where} AND id::text > $${values.length + 1} ORDER BY id::text LIMIT ${BATCH}`,
      [...values, after],
    )
    for (const row of rows) changed += await sealRow(postgres, sealing, table, row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < BATCH) return changed
    after = last.id
  }
}

async function sealRow(
  postgres: Pick<Postgres, 'query'>,
  sealing: Sealing,
  table: Table,
  row: { id: string; number: string | null; more?: string[] },
): Promise<number> {
  const seal = (value: string): string =>
    value.startsWith(sealing.currentPrefix) ? value : sealing.seal(sealing.open(value))
  const plain = row.number === null ? undefined : sealing.open(row.number)
  const one = [
    row.id,
    row.number,
    row.number === null ? null : seal(row.number),
    plain === undefined ? null : sealing.index(plain),
    plain === undefined ? null : (sealing.lastFour(plain) ?? null),
  ]
  if (table === 'contacts') {
    const { rowCount } = await postgres.query(
      'UPDATE contacts SET caller = $3, caller_index = $4, caller_last4 = $5 WHERE id = $1 AND caller = $2',
      one,
    )
    return rowCount ?? 0
  }
  if (table === 'citizen_flags') {
    const { rowCount } = await postgres.query(
      'UPDATE citizen_flags SET phone = $3, phone_index = $4 WHERE id = $1 AND phone = $2',
      one.slice(0, 4),
    )
    return rowCount ?? 0
  }
  const more = (row.more ?? []).map((each) => sealing.open(each))
  const { rowCount } = await postgres.query(
    `UPDATE citizens SET phone = $3, phone_index = $4, phone_last4 = $5, more_phones = $7, more_phones_index = $8, more_phones_last4 = $9
      WHERE id = $1 AND phone IS NOT DISTINCT FROM $2 AND more_phones = $6`,
    [
      ...one,
      row.more ?? [],
      (row.more ?? []).map(seal),
      more.map((each) => sealing.index(each)),
      more.flatMap((each) => sealing.lastFour(each) ?? []),
    ],
  )
  return rowCount ?? 0
}
