import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'

/** Rows in one round trip; each round is complete in itself, so the work may be cut anywhere and begun again. */
const BATCH = 500

/** A column that holds a number, or several, and what finds it. */
interface NumberColumn {
  readonly table: string
  readonly column: string
  readonly list?: true
  /** Column of the blind index. */
  readonly index?: string
  /** Column of the blind index of the last four digits. */
  readonly lastFour?: string
  /** Rows that were written without sealing (before it, or by hand). Where a table is large this has an index of its own, so that looking costs nothing. */
  readonly unsealed: string
}

const COLUMNS: readonly NumberColumn[] = [
  {
    table: 'citizens',
    column: 'phone',
    index: 'phone_index',
    lastFour: 'phone_last4',
    unsealed: 'phone IS NOT NULL AND phone_index IS NULL',
  },
  {
    table: 'citizens',
    column: 'more_phones',
    list: true,
    index: 'more_phones_index',
    lastFour: 'more_phones_last4',
    unsealed: 'cardinality(more_phones) <> cardinality(more_phones_index)',
  },
  {
    table: 'citizen_flags',
    column: 'phone',
    index: 'phone_index',
    unsealed: 'phone IS NOT NULL AND phone_index IS NULL',
  },
  {
    table: 'contacts',
    column: 'caller',
    index: 'caller_index',
    lastFour: 'caller_last4',
    unsealed: 'caller IS NOT NULL AND caller_index IS NULL',
  },
  // 000 is nobody's (forget-citizen.ts).
  { table: 'callbacks', column: 'number', index: 'number_index', unsealed: `number ~ '^\\+?[0-9]{4}'` },
  {
    table: 'callbacks',
    column: 'second_number',
    index: 'second_number_index',
    unsealed: `second_number ~ '^\\+?[0-9]'`,
  },
  { table: 'welfare_schedules', column: 'number', unsealed: `number ~ '^\\+?[0-9]'` },
  { table: 'welfare_schedules', column: 'second_number', unsealed: `second_number ~ '^\\+?[0-9]'` },
]

/** Values whose key is not the present one. $1: begin of a value of the present key, as a pattern. */
function sealedByOldKey({ column, list }: NumberColumn): string {
  return list === true
    ? `EXISTS (SELECT FROM unnest(${column}) AS each WHERE each LIKE 's1.%' AND each NOT LIKE $1)`
    : `${column} LIKE 's1.%' AND ${column} NOT LIKE $1`
}

/** How many values are not sealed. */
export async function countUnsealed(postgres: Pick<Postgres, 'query'>): Promise<number> {
  const counts = COLUMNS.map(({ table, unsealed }) => `(SELECT count(*) FROM ${table} WHERE ${unsealed})`)
  const { rows } = await postgres.query<{ n: number }>(`SELECT ${counts.join(' + ')} AS n`)
  return rows[0]?.n ?? 0
}

/**
 * Seals what is not sealed yet and, when there are old keys, seals anew what an old key sealed. A row that somebody changes meanwhile is
 * left for the next round: the update only takes the value that was read.
 * @returns how many values were changed
 */
export async function sealNumbers(postgres: Pick<Postgres, 'query'>, sealing: Sealing): Promise<number> {
  let changed = 0
  for (const column of COLUMNS) {
    changed += await inRounds(postgres, sealing, column, column.unsealed, [])
    if (sealing.hasOldKeys)
      changed += await inRounds(postgres, sealing, column, sealedByOldKey(column), [`${sealing.currentPrefix}%`])
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
  column: NumberColumn,
  where: string,
  values: readonly unknown[],
): Promise<number> {
  const { table } = column
  let changed = 0
  // Ids are text in one table and uuid in the others; as text both have an order to go by.
  let after = ''
  for (;;) {
    const { rows } = await postgres.query<{ id: string; value: string | string[] }>(
      `SELECT id::text AS id, ${column.column} AS value FROM ${table}
        WHERE ${where} AND id::text > $${values.length + 1} ORDER BY id::text LIMIT ${BATCH}`,
      [...values, after],
    )
    for (const { id, value } of rows) changed += await sealValue(postgres, sealing, column, id, value)
    const last = rows.at(-1)
    if (last === undefined || rows.length < BATCH) return changed
    after = last.id
  }
}

async function sealValue(
  postgres: Pick<Postgres, 'query'>,
  sealing: Sealing,
  { table, column, index, lastFour }: NumberColumn,
  id: string,
  value: string | string[],
): Promise<number> {
  const sealed = (each: string): string =>
    each.startsWith(sealing.currentPrefix) ? each : sealing.seal(sealing.open(each))
  const plain = [value].flat().map((each) => sealing.open(each))
  /** As the column is: one, or a list. */
  const shaped = (all: readonly string[]) => (Array.isArray(value) ? all : (all[0] ?? null))
  const set: [string, unknown][] = [[column, shaped([value].flat().map(sealed))]]
  if (index !== undefined) set.push([index, shaped(plain.map((each) => sealing.index(each)))])
  if (lastFour !== undefined) set.push([lastFour, shaped(plain.flatMap((each) => sealing.lastFour(each) ?? []))])
  const { rowCount } = await postgres.query(
    `UPDATE ${table} SET ${set.map(([name], n) => `${name} = $${n + 3}`).join(', ')} WHERE id = $1 AND ${column} = $2`,
    [id, value, ...set.map(([, each]) => each)],
  )
  return rowCount ?? 0
}
