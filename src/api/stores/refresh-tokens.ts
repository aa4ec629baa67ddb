import { randomUUID } from 'node:crypto'
import type { Postgres } from '../../platform/postgres/pool.js'
import type { RefreshTokensPort } from '../ports.js'

const INSERT = 'INSERT INTO refresh_tokens (id, token_hash, family, user_id, expires_at) VALUES ($1, $2, $3, $4, $5)'
const USE = `
UPDATE refresh_tokens SET used_at = now()
 WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
RETURNING family, user_id`
/** How long a used token still gives its successor, as long as nobody has used that: two tabs refreshing at once. */
const GRACE = '10 seconds'
const REPEATED = `
SELECT used.family, used.user_id FROM refresh_tokens used JOIN refresh_tokens next ON next.family = used.family
 WHERE used.token_hash = $1 AND used.used_at > now() - $3::interval AND used.revoked_at IS NULL
   AND next.token_hash = $2 AND next.used_at IS NULL AND next.revoked_at IS NULL AND next.expires_at > now()`
const REVOKE = 'UPDATE refresh_tokens SET revoked_at = now() WHERE family = $1 AND revoked_at IS NULL'

export function createRefreshTokens(postgres: Postgres): RefreshTokensPort {
  return {
    async add(token) {
      await postgres.query(INSERT, [randomUUID(), token.hash, token.family, token.userId, token.expiresAt])
    },
    rotate(hash, next) {
      return postgres.transaction(async (client) => {
        const used = (await client.query<{ family: string; user_id: string }>(USE, [hash])).rows[0]
        if (used !== undefined) {
          await client.query(INSERT, [randomUUID(), next.hash, used.family, used.user_id, next.expiresAt])
          return { outcome: 'ok', userId: used.user_id, family: used.family }
        }
        const repeated = (await client.query<{ family: string; user_id: string }>(REPEATED, [hash, next.hash, GRACE]))
          .rows[0]
        if (repeated !== undefined) return { outcome: 'ok', userId: repeated.user_id, family: repeated.family }
        const spent = (
          await client.query<{ family: string }>(
            'SELECT family FROM refresh_tokens WHERE token_hash = $1 AND used_at IS NOT NULL',
            [hash],
          )
        ).rows[0]
        if (spent === undefined) return { outcome: 'unknown' }
        await client.query(REVOKE, [spent.family])
        return { outcome: 'reused', family: spent.family }
      })
    },
    async revokeFamilyOf(hash) {
      const { rows } = await postgres.query<{ family: string }>(
        `UPDATE refresh_tokens SET revoked_at = now()
          WHERE revoked_at IS NULL AND family = (SELECT family FROM refresh_tokens WHERE token_hash = $1) RETURNING family`,
        [hash],
      )
      return rows[0]?.family
    },
    async revokeFamily(family) {
      await postgres.query(REVOKE, [family])
    },
  }
}
