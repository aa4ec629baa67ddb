import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { isTransient, StoreError, toStoreError } from '../../../src/platform/postgres/errors.js'
import { findPending } from '../../../src/platform/postgres/migrate.js'
import { readMigrations } from '../../../src/platform/postgres/migration-files.js'

t.test('files must be numbered without gaps and not empty', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'cti-migrations-'))
  t.teardown(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, '0001_one.sql'), 'SELECT 1')
  await writeFile(join(dir, 'README.md'), 'not a migration')
  t.match(await readMigrations(dir), [{ number: 1, name: '0001_one.sql', checksum: /^[0-9a-f]{64}$/ }])
  await writeFile(join(dir, '0003_three.sql'), 'SELECT 3')
  await t.rejects(readMigrations(dir), { code: 'CTI_ERR_MIGRATION_FILES', message: /number 2/ })
  await writeFile(join(dir, '0002_two.sql'), '  \n')
  await t.rejects(readMigrations(dir), { code: 'CTI_ERR_MIGRATION_FILES', message: /empty/ })
})

t.test('what is applied must be what the files say', async (t) => {
  const file = (number: number) => ({ number, name: `000${number}_x.sql`, sql: '', checksum: `c${number}` })
  const row = (number: number, checksum = `c${number}`) => ({ number, name: `000${number}_x.sql`, checksum })
  t.same(
    findPending([file(1), file(2)], [row(1)]).map(({ number }) => number),
    [2],
  )
  t.same(findPending([file(1)], [row(1)]), [])
  t.throws(() => findPending([file(1)], [row(1, 'other')]), { code: 'CTI_ERR_MIGRATION_CHANGED' })
  t.throws(() => findPending([file(1)], [row(1), row(2)]), { code: 'CTI_ERR_MIGRATION_UNKNOWN' })
})

t.test('errors of the driver become codes without values of rows', async (t) => {
  const pgError = (code: string, message = 'Key (phone)=(01012345678) exists') =>
    Object.assign(new Error(message), { code })
  const table: [unknown, string][] = [
    [pgError('ECONNREFUSED'), 'CTI_ERR_DATABASE_UNAVAILABLE'],
    [pgError('57P01'), 'CTI_ERR_DATABASE_UNAVAILABLE'],
    [pgError('53300'), 'CTI_ERR_DATABASE_UNAVAILABLE'],
    [new Error('Connection terminated unexpectedly'), 'CTI_ERR_DATABASE_UNAVAILABLE'],
    [new AggregateError([pgError('ECONNREFUSED')]), 'CTI_ERR_DATABASE_UNAVAILABLE'],
    [pgError('57014'), 'CTI_ERR_DATABASE_TIMEOUT'],
    [pgError('23505'), 'CTI_ERR_CONFLICT'],
    [pgError('23503'), 'CTI_ERR_REFERENCE_NOT_FOUND'],
    [pgError('23514'), 'CTI_ERR_VALUE_REFUSED'],
    [new Error('wrapped', { cause: pgError('22P02') }), 'CTI_ERR_VALUE_REFUSED'],
    [pgError('42P01'), 'CTI_ERR_DATABASE_FAILED'],
    ['text', 'CTI_ERR_DATABASE_FAILED'],
  ]
  for (const [error, code] of table) {
    const store = toStoreError(error)
    t.equal(store.code, code)
    t.notOk(store.message.includes('010'), 'no value in the message')
  }
  t.ok(isTransient(pgError('ECONNRESET')))
  t.notOk(isTransient(pgError('23505')))
  const own = new StoreError('CTI_ERR_CONFLICT', 'x')
  t.equal(toStoreError(own), own)
})
