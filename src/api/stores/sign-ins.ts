import type { Postgres } from '../../platform/postgres/pool.js'
import type { SignIn } from '../contracts/auth.js'
import type { SignInsPort } from '../ports.js'

interface Row {
  id: string
  user_id: string
  method: 'password' | 'oidc'
  from_where: string | null
  client: string | null
  started_at: Date
  seen_at: Date
  expires_at: Date
}

const LIVE = 'ended_at IS NULL AND expires_at > now()'

/** Sessions of people, by the family of their refresh tokens. */
export function createSignIns(postgres: Postgres): SignInsPort {
  return {
    async add({ id, userId, method, from, client, expiresAt }) {
      await postgres.query(
        'INSERT INTO sessions (id, user_id, method, from_where, client, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
        [id, userId, method, from ?? null, client?.slice(0, 200) ?? null, expiresAt],
      )
    },
    async seen(id, expiresAt) {
      const { rows } = await postgres.query<{ method: 'password' | 'oidc' }>(
        'UPDATE sessions SET seen_at = now(), expires_at = $2 WHERE id = $1 RETURNING method',
        [id, expiresAt],
      )
      return rows[0]?.method
    },
    async list(userId) {
      const { rows } = await postgres.query<Row>(
        `SELECT * FROM sessions WHERE ${LIVE} ${userId === undefined ? '' : 'AND user_id = $1'} ORDER BY started_at DESC LIMIT 1000`,
        userId === undefined ? [] : [userId],
      )
      return rows.map(toSignIn)
    },
    end(which, by) {
      return postgres.transaction(async (client) => {
        const { rows } = await client.query<{ id: string }>(
          `UPDATE sessions SET ended_at = now(), ended_by = $1 WHERE ${LIVE} AND ($2::text IS NULL OR id::text = $2)
             AND ($3::text IS NULL OR user_id = $3) AND id::text IS DISTINCT FROM $4 RETURNING id`,
          [by, which.id ?? null, which.userId ?? null, which.except ?? null],
        )
        const ids = rows.map(({ id }) => id)
        await client.query(
          'UPDATE refresh_tokens SET revoked_at = now() WHERE family = ANY($1) AND revoked_at IS NULL',
          [ids],
        )
        return ids
      })
    },
  }
}

function toSignIn(row: Row): SignIn {
  return {
    id: row.id,
    userId: row.user_id,
    method: row.method,
    from: row.from_where ?? undefined,
    client: row.client ?? undefined,
    startedAt: row.started_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }
}
