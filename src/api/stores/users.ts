import type { Postgres } from '../../platform/postgres/pool.js'
import type { Role } from '../auth/permissions.js'
import type { UsersPort } from '../ports.js'

export function createUsers(postgres: Postgres): UsersPort {
  return {
    async setPassword(id, passwordHash) {
      await postgres.query(
        'UPDATE users SET password_hash = $2, version = version + 1, updated_at = now() WHERE id = $1 AND disabled_at IS NULL',
        [id, passwordHash],
      )
    },
    async find(id) {
      // A NUL cannot be in a text of PostgreSQL; nobody is named so.
      if (id.includes('\0')) return undefined
      const { rows } = await postgres.query<{
        id: string
        name: string
        role: Role
        password_hash: string | null
        disabled: boolean
      }>(
        {
          name: 'api-user',
          text: 'SELECT id, name, role, password_hash, disabled_at IS NOT NULL AS disabled FROM users WHERE id = $1',
        },
        [id],
      )
      const row = rows[0]
      if (row === undefined) return undefined
      return {
        id: row.id,
        name: row.name,
        role: row.role,
        passwordHash: row.password_hash ?? undefined,
        disabled: row.disabled,
      }
    },
  }
}
