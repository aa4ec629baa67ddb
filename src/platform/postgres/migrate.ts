import { join } from 'node:path'
import pg from 'pg'
import { packageRoot } from '../package-root.js'
import { StoreError, toStoreError } from './errors.js'
import { type MigrationFile, readMigrations } from './migration-files.js'

export interface MigrateOptions {
  readonly url: string
  /** Folder of the SQL files (default: migrations/ of the package). */
  readonly dir?: string
  /** Told before each file runs. */
  readonly onApply?: (name: string) => void
}

interface AppliedRow {
  number: number
  name: string
  checksum: string
}

/** Any number that no other program locks; one migration run at a time in a database. */
const LOCK = 1_200_120

const TABLE = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  number     integer     PRIMARY KEY,
  name       text        NOT NULL,
  checksum   text        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`

/**
 * Brings a database up to date: files that are not applied yet run in order, each in its own transaction together with
 * its bookkeeping row, under an advisory lock (a second run waits, then finds nothing to do).
 * @returns names of the files that ran now
 * @throws StoreError CTI_ERR_MIGRATION_* when files and database disagree or a file fails; earlier files stay applied.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const files = await readMigrations(options.dir ?? join(packageRoot(), 'migrations'))
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'cti120-migrate',
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(TABLE)
    const applied = await client.query<AppliedRow>(
      'SELECT number, name, checksum FROM schema_migrations ORDER BY number',
    )
    const pending = findPending(files, applied.rows)
    for (const file of pending) {
      options.onApply?.(file.name)
      await applyOne(client, file)
    }
    return pending.map((file) => file.name)
  } catch (error) {
    throw toStoreError(error)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Compares files with what a database says was applied. PURE.
 * @throws StoreError when an applied file changed or is unknown here (the database is newer than this program).
 */
export function findPending(files: readonly MigrationFile[], applied: readonly AppliedRow[]): MigrationFile[] {
  for (const row of applied) {
    const file = files.find((candidate) => candidate.number === row.number)
    if (!file) {
      throw new StoreError(
        'CTI_ERR_MIGRATION_UNKNOWN',
        `the database has ${row.name}, which this version does not know: use a newer cti120`,
      )
    }
    if (file.checksum !== row.checksum) {
      throw new StoreError(
        'CTI_ERR_MIGRATION_CHANGED',
        `${row.name} was changed after it was applied: restore the file, write a new migration`,
      )
    }
  }
  const done = new Set(applied.map((row) => row.number))
  return files.filter((file) => !done.has(file.number))
}

async function applyOne(client: pg.Client, file: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(file.sql)
    await client.query('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
      file.number,
      file.name,
      file.checksum,
    ])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    const message = error instanceof Error ? error.message : String(error)
    // The text is about the schema, not about rows of people: an operator needs it.
    throw new StoreError('CTI_ERR_MIGRATION_FAILED', `${file.name}: ${message}`, { cause: error })
  }
}
