import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { hashPassword } from '../api/auth/password.js'
import { StoreError } from '../platform/postgres/errors.js'
import { withDatabase } from './database.js'
import { CliError, type Io } from './io.js'
import { requirePassword } from './password.js'

const USAGE =
  'usage: cti120 user set-password ID [--password-file FILE] (else the password is read from standard input)'

/** `cti120 user set-password ID`: also ends the person's sessions. */
export async function userCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'password-file': { type: 'string' } },
  })
  const [action, id] = positionals
  if (action !== 'set-password' || id === undefined || positionals.length > 2) throw new CliError(USAGE)
  const file = values['password-file']
  const password = requirePassword(file === undefined ? readFileSync(0, 'utf8') : await readFile(file, 'utf8'))
  const hash = await hashPassword(password)
  return withDatabase(io, (postgres) =>
    postgres.transaction(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE users SET password_hash = $2, version = version + 1, updated_at = now()
          WHERE id = $1 AND disabled_at IS NULL`,
        [id, hash],
      )
      if (rowCount === 0)
        throw new StoreError('CTI_ERR_USER_NOT_FOUND', `${JSON.stringify(id)} is not a person of the centre file`)
      await client.query('UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL', [id])
      io.out(`password of ${id} set, sessions ended\n`)
      return 0
    }),
  )
}
