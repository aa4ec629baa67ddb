import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { hashPassword } from '../api/auth/password.js'
import { createSignIns } from '../api/stores/sign-ins.js'
import { StoreError } from '../platform/postgres/errors.js'
import { withDatabase } from './database.js'
import { CliError, type Io } from './io.js'
import { requirePassword } from './password.js'

const USAGE = `usage: cti120 user set-password ID [--password-file FILE] (else the password is read from standard input)
       cti120 user reset-totp ID`

/** `cti120 user set-password|reset-totp ID`: also ends the person's sessions. */
export async function userCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'password-file': { type: 'string' } },
  })
  const [action, id] = positionals
  if (id === undefined || positionals.length > 2) throw new CliError(USAGE)
  if (action === 'set-password') return setPassword(id, values['password-file'], io)
  if (action === 'reset-totp') return resetTotp(id, io)
  throw new CliError(USAGE)
}

async function setPassword(id: string, file: string | undefined, io: Io): Promise<number> {
  const password = requirePassword(file === undefined ? readFileSync(0, 'utf8') : await readFile(file, 'utf8'), id)
  const hash = await hashPassword(password)
  return change(
    id,
    io,
    'UPDATE users SET password_hash = $2, version = version + 1, updated_at = now() WHERE id = $1',
    hash,
  )
}

/** For whoever has lost the authenticator and the recovery codes. */
function resetTotp(id: string, io: Io): Promise<number> {
  const sql =
    'WITH codes AS (DELETE FROM user_recovery_codes WHERE user_id = $1) DELETE FROM user_totp WHERE user_id = $1 AND $2::text IS NULL'
  return change(id, io, sql, null)
}

function change(id: string, io: Io, sql: string, value: string | null): Promise<number> {
  return withDatabase(io, async (postgres) => {
    const { rowCount } = await postgres.query('SELECT 1 FROM users WHERE id = $1 AND disabled_at IS NULL', [id])
    if (rowCount === 0)
      throw new StoreError('CTI_ERR_USER_NOT_FOUND', `${JSON.stringify(id)} is not a person of the centre file`)
    await postgres.query(sql, [id, value])
    await postgres.query('UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL', [id])
    await createSignIns(postgres).end({ userId: id }, 'cli')
    io.out(
      value === null ? `second factor of ${id} removed, sessions ended\n` : `password of ${id} set, sessions ended\n`,
    )
    return 0
  })
}
