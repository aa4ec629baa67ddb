import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { isPermission, PERMISSIONS, type Permission } from '../api/auth/permissions.js'
import { API_KEY_PREFIX, API_KEY_SHOWN, newSecret } from '../api/auth/secrets.js'
import { createApiKeys } from '../api/stores/api-keys.js'
import { withDatabase } from './database.js'
import { CliError, type Io } from './io.js'

const USAGE = `usage: cti120 api-key create --name NAME --scope SCOPE [--scope SCOPE ...] [--days N]
       cti120 api-key list
       cti120 api-key revoke ID`

/** `cti120 api-key create|list|revoke`: keys for other systems. The key itself is printed once and never stored. */
export async function apiKeyCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { name: { type: 'string' }, scope: { type: 'string', multiple: true }, days: { type: 'string' } },
  })
  const [action, id] = positionals
  if (action === 'create' && id === undefined) return create(values.name, values.scope ?? [], values.days, io)
  if (action === 'list' && id === undefined) return list(io)
  if (action === 'revoke' && id !== undefined) return revoke(id, io)
  throw new CliError(USAGE)
}

async function create(
  name: string | undefined,
  scopes: readonly string[],
  days: string | undefined,
  io: Io,
): Promise<number> {
  if (!name || name.length > 80 || /\p{Cc}/u.test(name) || scopes.length === 0) throw new CliError(USAGE)
  const unknown = scopes.filter((scope) => !isPermission(scope))
  if (unknown.length > 0) throw new CliError(`unknown scope ${unknown.join(', ')}; known: ${PERMISSIONS.join(', ')}`)
  if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days)) throw new CliError('--days must be a number from 1 to 9999')
  const expiresAt = days === undefined ? undefined : new Date(Date.now() + Number(days) * 86_400_000)
  const { secret, hash } = newSecret(API_KEY_PREFIX)
  return withDatabase(io, async (postgres) => {
    const key = await createApiKeys(postgres).create({
      name,
      prefix: secret.slice(0, API_KEY_SHOWN),
      hash,
      scopes: scopes as readonly Permission[],
      expiresAt,
      createdBy: `cli:${userInfo().username}`,
    })
    io.err(`key ${key.id} created; it is shown only now:\n`)
    io.out(`${secret}\n`)
    return 0
  })
}

function list(io: Io): Promise<number> {
  return withDatabase(io, async (postgres) => {
    for (const key of await createApiKeys(postgres).list()) {
      const state = key.revokedAt
        ? `revoked ${key.revokedAt}`
        : key.expiresAt
          ? `until ${key.expiresAt}`
          : 'without end'
      io.out(`${key.id}  ${key.name}  ${state}  last used ${key.lastUsedAt ?? 'never'}  ${key.scopes.join(',')}\n`)
    }
    return 0
  })
}

function revoke(id: string, io: Io): Promise<number> {
  return withDatabase(io, async (postgres) => {
    await createApiKeys(postgres).revoke(id)
    io.out(`${id} is revoked\n`)
    return 0
  })
}
