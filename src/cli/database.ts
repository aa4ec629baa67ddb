import { readFileSync } from 'node:fs'
import { createPostgres, type Postgres } from '../platform/postgres/pool.js'
import { CliError, type Io } from './io.js'

/** The database that CTI_PG_URL (or the file named by CTI_PG_URL_FILE) names. @throws CliError */
export function databaseUrl(io: Io): string {
  const file = io.env.CTI_PG_URL_FILE
  const url = io.env.CTI_PG_URL ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim())
  if (!url) throw new CliError('set CTI_PG_URL (postgres://user:password@host:port/database) or CTI_PG_URL_FILE')
  if (!/^postgres(ql)?:\/\//.test(url)) throw new CliError('CTI_PG_URL must begin with postgres://')
  return url
}

/** Opens the database for one command and closes it after. */
export async function withDatabase<T>(io: Io, work: (postgres: Postgres) => Promise<T>): Promise<T> {
  const postgres = createPostgres({
    url: databaseUrl(io),
    applicationName: 'cti120-cli',
    max: 2,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 10_000,
  })
  try {
    return await work(postgres)
  } finally {
    await postgres.close()
  }
}
