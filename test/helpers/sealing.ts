import type { Postgres } from '../../src/platform/postgres/pool.js'
import { createSealing } from '../../src/platform/sealing.js'
import { sealNumbers } from '../../src/privacy/seal-numbers.js'

/** The keys of every test's server, so that a test can read and find what the server has sealed. */
export const TEST_KEYS = { CTI_DATA_KEY: 'd1'.repeat(32), CTI_INDEX_KEY: '1e'.repeat(32) } as const

export const testSealing = createSealing({ dataKey: TEST_KEYS.CTI_DATA_KEY, indexKey: TEST_KEYS.CTI_INDEX_KEY })

/** Seals numbers that a test has written into the tables as they are. */
export const sealWritten = (postgres: Pick<Postgres, 'query'>): Promise<number> => sealNumbers(postgres, testSealing)

/** Rows with their callers in clear. */
export function withCallers<T extends { readonly caller?: unknown }>(rows: readonly T[]): T[] {
  return rows.map((row) => (typeof row.caller === 'string' ? { ...row, caller: testSealing.open(row.caller) } : row))
}
