import { randomUUID } from 'node:crypto'
import type { Postgres } from '../../platform/postgres/pool.js'
import { isPermission, type Permission } from '../auth/permissions.js'
import type { ApiKey } from '../contracts/auth.js'
import type { ApiKeysPort } from '../ports.js'
import { ApiError } from '../problem.js'

interface Row {
  id: string
  name: string
  scopes: string[]
  created_at: Date
  created_by: string
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

const COLUMNS = 'id, name, scopes, created_at, created_by, expires_at, revoked_at, last_used_at'

export function createApiKeys(postgres: Postgres): ApiKeysPort {
  return {
    async create(key) {
      const { rows } = await postgres.query<Row>(
        `INSERT INTO api_keys (id, name, prefix, key_hash, scopes, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
        [randomUUID(), key.name, key.prefix, key.hash, key.scopes, key.createdBy, key.expiresAt ?? null],
      )
      return toKey(rows[0]!)
    },
    async list() {
      const { rows } = await postgres.query<Row>(
        `SELECT ${COLUMNS} FROM api_keys ORDER BY created_at DESC, id LIMIT 1000`,
      )
      return rows.map(toKey)
    },
    async revoke(id) {
      const { rowCount } = await postgres.query(
        'UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id::text = $1',
        [id],
      )
      if (rowCount === 0) throw new ApiError('CTI_ERR_API_KEY_NOT_FOUND')
    },
    async findActive(hash) {
      // last_used_at moves once a minute at most: reads stay reads.
      const { rows } = await postgres.query<Row>(
        `WITH found AS (
           SELECT ${COLUMNS} FROM api_keys
            WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
         ), touched AS (
           UPDATE api_keys SET last_used_at = now() FROM found
            WHERE api_keys.id = found.id AND (found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute')
         )
         SELECT * FROM found`,
        [hash],
      )
      const row = rows[0]
      if (row === undefined) return undefined
      return {
        id: row.id,
        name: row.name,
        scopes: row.scopes.filter(isPermission),
        expiresAt: row.expires_at?.getTime(),
      }
    },
  }
}

function toKey(row: Row): ApiKey {
  const scopes: Permission[] = row.scopes.filter(isPermission)
  return {
    id: row.id,
    name: row.name,
    scopes,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at?.toISOString(),
    revokedAt: row.revoked_at?.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString(),
  }
}
