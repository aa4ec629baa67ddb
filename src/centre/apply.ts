import type pg from 'pg'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { diffCentres } from './diff.js'
import type { CentreFile } from './schema.js'
import { syncUsers, type UserChanges } from './sync-users.js'

export interface ApplyOptions {
  /** A checked file (check.ts). */
  readonly file: CentreFile
  /** The version the difference was shown against (0: none); another one in force -> CTI_ERR_CENTRE_CHANGED_MEANWHILE. */
  readonly expectedVersion: number
  /** Who applies, for the history. */
  readonly appliedBy: string
  /** Hash of the initial password for people who have none; absent: they cannot sign in yet. */
  readonly hashInitialPassword?: () => Promise<string>
}

export interface ApplyResult extends UserChanges {
  readonly version: number
  /** false: the same file is in force already; only people were brought in line. */
  readonly changed: boolean
}

/** Channel on which running servers hear of a new version. */
export const CENTRE_CHANNEL = 'cti_centre_changed'
const LOCK = 1_200_121

/**
 * Puts a centre file into force in one transaction: a new version, people created, renamed, disabled or enabled, and a
 * notification to the running servers. Either all of it or nothing.
 * @throws StoreError CTI_ERR_CENTRE_CHANGED_MEANWHILE | CTI_ERR_CENTRE_OTHER (the database belongs to another centre)
 */
export function applyCentre(postgres: Postgres, options: ApplyOptions): Promise<ApplyResult> {
  return postgres.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const current = await readCurrent(client)
    if (current.version !== options.expectedVersion) {
      throw new StoreError(
        'CTI_ERR_CENTRE_CHANGED_MEANWHILE',
        `version ${current.version} was applied meanwhile (expected ${options.expectedVersion}): look at the difference again`,
      )
    }
    const id = options.file.centre.id
    if (current.centreId !== undefined && current.centreId !== id) {
      throw new StoreError(
        'CTI_ERR_CENTRE_OTHER',
        `the database belongs to the centre ${current.centreId}, the file is for ${id}`,
      )
    }
    const changed = current.version === 0 || diffCentres(current.document, options.file).length > 0
    const people = await syncUsers(client, options.file, options.hashInitialPassword)
    if (!changed) return { version: current.version, changed, ...people }
    const version = current.version + 1
    await client.query(
      'INSERT INTO centre_versions (version, centre_id, document, applied_by) VALUES ($1, $2, $3, $4)',
      [version, id, JSON.stringify(options.file), options.appliedBy],
    )
    await client.query('SELECT pg_notify($1, $2)', [CENTRE_CHANNEL, String(version)])
    return { version, changed, ...people }
  })
}

async function readCurrent(client: pg.PoolClient): Promise<{ version: number; centreId?: string; document?: unknown }> {
  const { rows } = await client.query<{ version: number; centre_id: string; document: unknown }>(
    'SELECT version, centre_id, document FROM centre_versions ORDER BY version DESC LIMIT 1',
  )
  const row = rows[0]
  return row ? { version: row.version, centreId: row.centre_id, document: row.document } : { version: 0 }
}
