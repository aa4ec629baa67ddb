import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import t from 'tap'
import { migrate } from '../../../src/platform/postgres/migrate.js'
import { createPostgres } from '../../../src/platform/postgres/pool.js'
import * as schema from '../../../src/platform/postgres/schema/index.js'
import { createDatabase } from '../../helpers/postgres.js'
import { until } from '../../helpers/until.js'

t.test('migrations bring an empty database up to date, once, also when two run at the same time', async (t) => {
  const database = await createDatabase('empty')
  t.teardown(() => database.drop())
  const [first, second] = await Promise.all([migrate({ url: database.url }), migrate({ url: database.url })])
  t.ok(first.length + second.length >= 6)
  t.equal(Math.min(first.length, second.length), 0, 'one of them did all the work')
  t.same(await migrate({ url: database.url }), [], 'nothing is left to do')
  for (const table of Object.values(schema).filter((value) => is(value, PgTable))) {
    t.same(
      await database.postgres.db
        .select()
        .from(table as PgTable)
        .limit(1),
      [],
      `${getTableName(table as PgTable)} has the columns that the code names`,
    )
  }
})

t.test('a migration that fails leaves the ones before and nothing of itself; a changed one is refused', async (t) => {
  const database = await createDatabase('empty')
  const dir = await mkdtemp(join(tmpdir(), 'cti-migrations-'))
  t.teardown(async () => {
    await database.drop()
    await rm(dir, { recursive: true })
  })
  await writeFile(join(dir, '0001_good.sql'), 'CREATE TABLE good (id int)')
  await writeFile(join(dir, '0002_bad.sql'), 'CREATE TABLE half (id int); SELECT nonsense')
  await t.rejects(migrate({ url: database.url, dir }), {
    code: 'CTI_ERR_MIGRATION_FAILED',
    message: /0002_bad.sql.*nonsense/,
  })
  const { rows } = await database.postgres.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  )
  t.same(
    rows.map(({ name }) => name),
    ['good', 'schema_migrations'],
  )
  await writeFile(join(dir, '0002_bad.sql'), 'CREATE TABLE half (id int)')
  t.same(await migrate({ url: database.url, dir }), ['0002_bad.sql'])
  await writeFile(join(dir, '0001_good.sql'), 'CREATE TABLE good (id bigint)')
  await t.rejects(migrate({ url: database.url, dir }), { code: 'CTI_ERR_MIGRATION_CHANGED' })
  await rm(join(dir, '0002_bad.sql'))
  await writeFile(join(dir, '0001_good.sql'), 'CREATE TABLE good (id int)')
  await t.rejects(migrate({ url: database.url, dir }), { code: 'CTI_ERR_MIGRATION_UNKNOWN' })
})

t.test('the pool', async (t) => {
  const database = await createDatabase()
  t.teardown(() => database.drop())
  const errors: string[] = []
  const postgres = createPostgres({
    url: database.url,
    applicationName: 'cti120-pool-test',
    max: 2,
    statementTimeoutMs: 200,
    onIdleError: (code) => errors.push(code),
  })
  t.teardown(() => postgres.close())

  await t.test('a statement that takes too long is ended and typed', async (t) => {
    await t.rejects(postgres.query('SELECT pg_sleep(30)'), { code: 'CTI_ERR_DATABASE_TIMEOUT' })
  })

  await t.test('a transaction that fails leaves nothing, keeps own errors, types the others', async (t) => {
    const insert = 'INSERT INTO users (id, name, role) VALUES ($1, $2, $3)'
    const own = Object.assign(new Error('mine'), { code: 'CTI_ERR_MINE' })
    await t.rejects(
      postgres.transaction(async (client) => {
        await client.query(insert, ['x1', 'X', 'agent'])
        throw own
      }),
      own,
    )
    await t.rejects(
      postgres.transaction(async (client) => {
        await client.query(insert, ['x1', 'X', 'agent'])
        await client.query(insert, ['x1', 'X', 'agent'])
      }),
      { code: 'CTI_ERR_CONFLICT' },
    )
    await t.rejects(
      postgres.transaction((client) => client.query(insert, ['x1', 'X', 'boss'])),
      { code: 'CTI_ERR_VALUE_REFUSED' },
    )
    t.equal((await postgres.query('SELECT 1 FROM users')).rowCount, 0)
  })

  await t.test('connections that PostgreSQL ends, idle or at work, do not end the process', async (t) => {
    await postgres.query('SELECT 1')
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cti120-pool-test'`
    await database.postgres.query(end)
    await until(() => errors.length > 0, { what: 'the idle connection is reported' })
    t.same(new Set(errors), new Set(['CTI_ERR_DATABASE_UNAVAILABLE']))
    t.ok(await postgres.isHealthy(), 'the next query has a new connection')
    const working = postgres.transaction(async (client) => {
      await client.query('SELECT 1')
      await database.postgres.query(end)
      await client.query('SELECT 2')
    })
    await t.rejects(working, { code: 'CTI_ERR_DATABASE_UNAVAILABLE' })
    t.ok(await postgres.isHealthy())
  })

  await t.test('no PostgreSQL at all: a typed answer', async (t) => {
    const nowhere = createPostgres({ url: 'postgres://cti@127.0.0.1:1/none', applicationName: 'x' })
    t.teardown(() => nowhere.close())
    t.notOk(await nowhere.isHealthy())
    await t.rejects(nowhere.query('SELECT 1'), { code: 'CTI_ERR_DATABASE_UNAVAILABLE' })
    await t.rejects(
      nowhere.transaction(async () => 1),
      { code: 'CTI_ERR_DATABASE_UNAVAILABLE' },
    )
    await t.rejects(migrate({ url: 'postgres://cti@127.0.0.1:1/none' }), { code: 'CTI_ERR_DATABASE_UNAVAILABLE' })
  })
})
