import type { Postgres } from '../../platform/postgres/pool.js'
import type { Sealing } from '../../platform/sealing.js'
import type { TotpPort } from '../ports.js'
import { ApiError } from '../problem.js'

/** Second factors; the shared secret is sealed, recovery codes are hashes. */
export function createTotpStore(postgres: Postgres, sealing: Sealing): TotpPort {
  return {
    async find(userId) {
      const { rows } = await postgres.query<{ secret: string; confirmed: boolean; last_step: number }>(
        'SELECT secret, confirmed_at IS NOT NULL AS confirmed, last_step FROM user_totp WHERE user_id = $1',
        [userId],
      )
      const row = rows[0]
      return row && { secret: sealing.open(row.secret, 'totp'), confirmed: row.confirmed, lastStep: row.last_step }
    },
    async enrol(userId, secret) {
      const { rowCount } = await postgres.query(
        `INSERT INTO user_totp (user_id, secret) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET secret = $2, created_at = now(), last_step = 0 WHERE user_totp.confirmed_at IS NULL`,
        [userId, sealing.seal(secret, 'totp')],
      )
      if (rowCount === 0) throw new ApiError('CTI_ERR_TOTP_ENROLLED')
    },
    confirm(userId, step, codes) {
      return postgres.transaction(async (client) => {
        const { rowCount } = await client.query(
          'UPDATE user_totp SET confirmed_at = now(), last_step = $2 WHERE user_id = $1 AND confirmed_at IS NULL',
          [userId, step],
        )
        if (rowCount === 0) throw new ApiError('CTI_ERR_TOTP_ENROLLED')
        await client.query('DELETE FROM user_recovery_codes WHERE user_id = $1', [userId])
        await client.query(
          'INSERT INTO user_recovery_codes (user_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS hash',
          [userId, codes],
        )
      })
    },
    async useStep(userId, step) {
      const { rowCount } = await postgres.query(
        'UPDATE user_totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2',
        [userId, step],
      )
      return rowCount === 1
    },
    async useRecoveryCode(userId, hash) {
      const { rowCount } = await postgres.query(
        'UPDATE user_recovery_codes SET used_at = now() WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL',
        [userId, hash],
      )
      return rowCount === 1
    },
    remove(userId) {
      return postgres.transaction(async (client) => {
        await client.query('DELETE FROM user_recovery_codes WHERE user_id = $1', [userId])
        await client.query('DELETE FROM user_totp WHERE user_id = $1', [userId])
      })
    },
  }
}
