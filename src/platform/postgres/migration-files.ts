import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from './errors.js'

export interface MigrationFile {
  readonly number: number
  readonly name: string
  readonly sql: string
  /** SHA-256 of the text, hex. */
  readonly checksum: string
}

const NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/

/**
 * Reads NNNN_name.sql of a folder in order.
 * @throws StoreError CTI_ERR_MIGRATION_FILES when a name is wrong, a number is missing or used twice, or a file is empty.
 */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort()
  const files: MigrationFile[] = []
  for (const name of names) {
    const number = Number(NAME.exec(name)?.[1])
    if (number !== files.length + 1) {
      throw new StoreError('CTI_ERR_MIGRATION_FILES', `${name}: expected NNNN_name.sql with number ${files.length + 1}`)
    }
    const sql = await readFile(join(dir, name), 'utf8')
    if (sql.trim() === '') throw new StoreError('CTI_ERR_MIGRATION_FILES', `${name} is empty`)
    files.push({ number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') })
  }
  return files
}
