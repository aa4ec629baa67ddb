import type pg from 'pg'
import type { AgentConfig, CentreFile } from './schema.js'

/** Ids of the people whose rows changed, in the order of the file. */
export interface UserChanges {
  readonly created: string[]
  /** Name or role changed, or back after having left. */
  readonly updated: string[]
  /** Not in the file any more: cannot sign in; sessions end. */
  readonly disabled: string[]
  /** Have no password yet, so they cannot sign in. */
  readonly withoutPassword: string[]
}

interface UserRow {
  id: string
  name: string
  role: string
  has_password: boolean
  disabled: boolean
}

/** Brings the users table in line with the people of a centre file, within the caller's transaction. */
export async function syncUsers(
  client: pg.PoolClient,
  file: CentreFile,
  hashInitialPassword?: () => Promise<string>,
): Promise<UserChanges> {
  const { rows } = await client.query<UserRow>(
    `SELECT id, name, role, password_hash IS NOT NULL AS has_password, disabled_at IS NOT NULL AS disabled
       FROM users ORDER BY id FOR UPDATE`,
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  const changes: UserChanges = { created: [], updated: [], disabled: [], withoutPassword: [] }
  for (const person of file.agents) {
    const row = known.get(person.id)
    const hash = row?.has_password ? undefined : await hashInitialPassword?.()
    if (!row) {
      await client.query('INSERT INTO users (id, name, role, password_hash) VALUES ($1, $2, $3, $4)', [
        person.id,
        person.name,
        person.role,
        hash ?? null,
      ])
      changes.created.push(person.id)
    } else if (differs(row, person) || hash !== undefined) {
      await client.query(
        `UPDATE users SET name = $2, role = $3, password_hash = coalesce($4, password_hash), disabled_at = NULL,
                version = version + 1, updated_at = now() WHERE id = $1`,
        [person.id, person.name, person.role, hash ?? null],
      )
      if (differs(row, person)) changes.updated.push(person.id)
    }
    if (!row?.has_password && hash === undefined) changes.withoutPassword.push(person.id)
  }
  const named = new Set(file.agents.map((person) => person.id))
  const gone = rows.filter((row) => !row.disabled && !named.has(row.id)).map((row) => row.id)
  if (gone.length > 0) {
    await client.query(
      'UPDATE users SET disabled_at = now(), version = version + 1, updated_at = now() WHERE id = ANY($1)',
      [gone],
    )
    await client.query('UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = ANY($1) AND revoked_at IS NULL', [
      gone,
    ])
    changes.disabled.push(...gone)
  }
  return changes
}

function differs(row: UserRow, person: AgentConfig): boolean {
  return row.name !== person.name || row.role !== person.role || row.disabled
}
