import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { checkCentre } from './check.js'
import { formatProblem } from './problem.js'
import type { Centre } from './schema.js'

interface VersionRow {
  version: number
  document: unknown
  applied_at: Date
}

const NEWEST = 'SELECT version, document, applied_at FROM centre_versions ORDER BY version DESC LIMIT 1'

/** The version in force; 0 when no centre file was ever applied. */
export async function readCentreVersion(postgres: Postgres): Promise<number> {
  const { rows } = await postgres.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM centre_versions',
  )
  return rows[0]?.version ?? 0
}

/** The document in force as it was applied, unchecked: to compare with. */
export async function readCentreDocument(
  postgres: Postgres,
): Promise<{ version: number; document: unknown } | undefined> {
  const { rows } = await postgres.query<VersionRow>(NEWEST)
  const row = rows[0]
  return row && { version: row.version, document: row.document }
}

/**
 * The centre file in force, checked again (an older server may have written it under another schema).
 * @returns undefined when none was applied
 * @throws StoreError CTI_ERR_CENTRE_INVALID
 */
export async function readCentre(postgres: Postgres): Promise<Centre | undefined> {
  const { rows } = await postgres.query<VersionRow>(NEWEST)
  const row = rows[0]
  if (!row) return undefined
  const { file, problems } = checkCentre(row.document)
  if (!file) {
    const first = problems[0]
    const detail = first ? formatProblem(first, `version ${row.version}`) : ''
    throw new StoreError(
      'CTI_ERR_CENTRE_INVALID',
      `the centre file in force does not fit this version of cti120: ${detail}`,
    )
  }
  return { version: row.version, appliedAt: row.applied_at.getTime(), file }
}
