import { migrate } from '../platform/postgres/migrate.js'
import { databaseUrl } from './database.js'
import { CliError, type Io } from './io.js'

/** `cti120 migrate` */
export async function migrateCommand(args: readonly string[], io: Io): Promise<number> {
  if (args.length > 0) throw new CliError('takes no arguments')
  const done = await migrate({ url: databaseUrl(io), onApply: (name) => io.out(`applying ${name}\n`) })
  io.out(done.length === 0 ? 'the database is up to date\n' : `${done.length} migration(s) applied\n`)
  return 0
}
