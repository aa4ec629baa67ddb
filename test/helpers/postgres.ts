import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createPostgres, type Postgres } from '../../src/platform/postgres/pool.js'
import { testEnvironment } from './environment.js'

export interface TestDatabase {
  readonly name: string
  readonly url: string
  readonly postgres: Postgres
  /** Closes the pool and drops the database, whoever is still connected. */
  drop(): Promise<void>
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: testEnvironment('CTI_TEST_PG_URL') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/**
 * A database of its own for one test file: a copy of the migrated template (`cti_template`, made by `npm test`), or an
 * empty one. Call `drop` in teardown.
 */
export async function createDatabase(from: 'template' | 'empty' = 'template'): Promise<TestDatabase> {
  const name = `cti_test_${randomBytes(6).toString('hex')}`
  await asSuperuser(`CREATE DATABASE ${name} TEMPLATE ${from === 'template' ? 'cti_template' : 'template0'}`)
  const url = new URL(testEnvironment('CTI_TEST_PG_URL'))
  url.pathname = `/${name}`
  const postgres = createPostgres({ url: url.href, applicationName: 'cti120-test' })
  return {
    name,
    url: url.href,
    postgres,
    async drop() {
      await postgres.close()
      await asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}
