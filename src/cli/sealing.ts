import { readFileSync } from 'node:fs'
import { createSealing, type Sealing } from '../platform/sealing.js'
import { CliError, type Io } from './io.js'

/** The keys of the environment (CTI_DATA_KEY, CTI_DATA_KEY_OLD, CTI_INDEX_KEY, or files by X_FILE). @throws CliError */
export function requireSealing(io: Io): Sealing {
  const sealing = findSealing(io)
  if (sealing === undefined)
    throw new CliError(
      'set CTI_DATA_KEY and CTI_INDEX_KEY, the keys that the server has (or CTI_DATA_KEY_FILE, CTI_INDEX_KEY_FILE)',
    )
  return sealing
}

/** undefined: the environment has no keys. @throws CliError when it has half of them or wrong ones */
export function findSealing(io: Io): Sealing | undefined {
  const [dataKey, old, indexKey] = ['CTI_DATA_KEY', 'CTI_DATA_KEY_OLD', 'CTI_INDEX_KEY'].map((name) => read(io, name))
  if (dataKey === undefined && indexKey === undefined) return undefined
  if (dataKey === undefined || indexKey === undefined) throw new CliError('CTI_DATA_KEY and CTI_INDEX_KEY go together')
  try {
    return createSealing({ dataKey, oldDataKeys: old?.split(','), indexKey })
  } catch (error) {
    throw new CliError(`CTI_DATA_KEY, CTI_DATA_KEY_OLD, CTI_INDEX_KEY: ${(error as Error).message}`)
  }
}

function read(io: Io, name: string): string | undefined {
  const value = io.env[name]
  if (value) return value
  const file = io.env[`${name}_FILE`]
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch {
    throw new CliError(`${name}_FILE: the file ${file} cannot be read`)
  }
}
