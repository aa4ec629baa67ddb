import { migrate } from '../platform/postgres/migrate.js'
import { countUnsealed, sealNumbers } from '../privacy/seal-numbers.js'
import { databaseUrl, withDatabase } from './database.js'
import { CliError, type Io } from './io.js'
import { findSealing } from './sealing.js'

/**
 * `cti120 migrate`: the tables, then what they hold: phone numbers that are not sealed yet, or sealed with an old key, are sealed. Cut
 * off anywhere, it goes on from there when it is run again.
 */
export async function migrateCommand(args: readonly string[], io: Io): Promise<number> {
  if (args.length > 0) throw new CliError('takes no arguments')
  const done = await migrate({ url: databaseUrl(io), onApply: (name) => io.out(`applying ${name}\n`) })
  io.out(done.length === 0 ? 'the database is up to date\n' : `${done.length} migration(s) applied\n`)
  const sealing = findSealing(io)
  return withDatabase(io, async (postgres) => {
    if (sealing === undefined) {
      const left = await countUnsealed(postgres)
      if (left === 0) return 0
      throw new CliError(
        `${left} row(s) hold phone numbers that are not sealed: set CTI_DATA_KEY and CTI_INDEX_KEY and run this again`,
        1,
      )
    }
    const sealed = await sealNumbers(postgres, sealing)
    if (sealed > 0) io.out(`${sealed} row(s) sealed\n`)
    return 0
  })
}
