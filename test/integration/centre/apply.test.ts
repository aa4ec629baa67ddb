import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type ApplyOptions, applyCentre } from '../../../src/centre/apply.js'
import { parseCentre } from '../../../src/centre/parse.js'
import type { Centre, CentreFile } from '../../../src/centre/schema.js'
import { readCentre, readCentreVersion } from '../../../src/centre/store.js'
import { createCentreWatch } from '../../../src/centre/watch.js'
import { packageRoot } from '../../../src/platform/package-root.js'
import { createDatabase } from '../../helpers/postgres.js'
import { until } from '../../helpers/until.js'

const gaon = parseCentre(readFileSync(join(packageRoot(), 'config/gaon.yaml'), 'utf8')).file as CentreFile
const without = (file: CentreFile, ...ids: string[]): CentreFile => ({
  ...file,
  agents: file.agents.filter(({ id }) => !ids.includes(id)),
})
const silent = { info: () => {}, warn: () => {} }

async function world(t: { teardown(work: () => Promise<void>): unknown }) {
  const database = await createDatabase()
  t.teardown(() => database.drop())
  const { postgres } = database
  const apply = (file: CentreFile, expectedVersion: number, more: Partial<ApplyOptions> = {}) =>
    applyCentre(postgres, { file, expectedVersion, appliedBy: 'test', ...more })
  const users = async () =>
    (
      await postgres.query<{ id: string; role: string; password_hash: string | null; disabled: boolean }>(
        'SELECT id, role, password_hash, disabled_at IS NOT NULL AS disabled FROM users ORDER BY id',
      )
    ).rows
  return { database, postgres, apply, users }
}

t.test('the first apply makes version 1 and the people', async (t) => {
  const { postgres, apply, users } = await world(t)
  t.equal(await readCentre(postgres), undefined)
  const result = await apply(gaon, 0)
  t.match(result, { version: 1, changed: true, updated: [], disabled: [] })
  t.equal(result.created.length, 32)
  t.equal(result.withoutPassword.length, 32)
  t.same((await readCentre(postgres))?.file, gaon)
  t.match(
    (await users()).find(({ id }) => id === 's01'),
    { role: 'supervisor', password_hash: null, disabled: false },
  )
})

t.test('the same file again changes nothing; passwords only for those without', async (t) => {
  const { apply, users } = await world(t)
  await apply(gaon, 0, { hashInitialPassword: async () => '$argon2id$first' })
  t.match(await apply(gaon, 1, { hashInitialPassword: async () => '$argon2id$second' }), {
    version: 1,
    changed: false,
    created: [],
    withoutPassword: [],
  })
  t.same(new Set((await users()).map(({ password_hash }) => password_hash)), new Set(['$argon2id$first']))
})

t.test('people who leave are disabled and their sessions end; who comes back is enabled', async (t) => {
  const { postgres, apply, users } = await world(t)
  await apply(gaon, 0)
  await postgres.query(`INSERT INTO refresh_tokens (id, token_hash, family, user_id, expires_at)
    VALUES (gen_random_uuid(), sha256('x'), gen_random_uuid(), 'a01', now() + interval '1 day')`)
  t.match(await apply(without(gaon, 'a01', 'a02'), 1), { version: 2, disabled: ['a01', 'a02'] })
  t.same(
    (await users()).filter(({ disabled }) => disabled).map(({ id }) => id),
    ['a01', 'a02'],
  )
  t.equal((await postgres.query('SELECT 1 FROM refresh_tokens WHERE revoked_at IS NULL')).rowCount, 0)
  t.match(await apply(gaon, 2), { version: 3, updated: ['a01', 'a02'], disabled: [] })
  t.notOk((await users()).some(({ disabled }) => disabled))
})

t.test('of two at the same time one is refused, and nothing of it is left', async (t) => {
  const { postgres, apply } = await world(t)
  await apply(gaon, 0)
  const results = await Promise.allSettled([
    apply(without(gaon, 'a01'), 1),
    apply(without(gaon, 'a02'), 1),
    apply(without(gaon, 'a03'), 1),
  ])
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const result of results)
    if (result.status === 'rejected') t.match(result.reason, { code: 'CTI_ERR_CENTRE_CHANGED_MEANWHILE' })
  t.equal(await readCentreVersion(postgres), 2)
  t.equal((await postgres.query('SELECT 1 FROM users WHERE disabled_at IS NOT NULL')).rowCount, 1)
})

t.test('a failure in the middle leaves everything as it was', async (t) => {
  const { postgres, apply } = await world(t)
  await apply(gaon, 0)
  const bad = {
    ...gaon,
    agents: [...gaon.agents, { id: 'a99', name: 'X'.repeat(60), team: 'tax', role: 'agent' as const, skills: {} }],
  }
  await t.rejects(apply(without(bad, 'a01'), 1), { code: 'CTI_ERR_VALUE_REFUSED' })
  t.equal(await readCentreVersion(postgres), 1)
  t.equal((await postgres.query('SELECT 1 FROM users WHERE disabled_at IS NOT NULL')).rowCount, 0)
  await t.rejects(apply({ ...gaon, centre: { ...gaon.centre, id: 'other' } }, 1), { code: 'CTI_ERR_CENTRE_OTHER' })
  await t.rejects(postgres.query("UPDATE centre_versions SET applied_by = 'me'"), { code: 'CTI_ERR_VALUE_REFUSED' })
})

t.test('a version that this program cannot read is refused by name', async (t) => {
  const { postgres } = await world(t)
  await postgres.query(
    `INSERT INTO centre_versions (version, centre_id, document, applied_by) VALUES (1, 'gaon', '{"x": 1}', 'test')`,
  )
  await t.rejects(readCentre(postgres), { code: 'CTI_ERR_CENTRE_INVALID', message: /unknown key|is missing/ })
})

t.test('the watch hears of a new version, and again after PostgreSQL dropped it', async (t) => {
  const { database, postgres, apply } = await world(t)
  // Polling is off the table here, so that only the notification can tell.
  const watch = createCentreWatch({ url: database.url, postgres, logger: silent, pollMs: 3_600_000 })
  t.teardown(() => watch.stop())
  t.throws(() => watch.current(), { code: 'CTI_ERR_CENTRE_NOT_APPLIED' })
  const started = watch.start()
  const seen: Centre[] = []
  watch.onChange((centre) => seen.push(centre))
  watch.onChange(() => {
    throw new Error('a listener that fails harms nobody')
  })
  await apply(gaon, 0)
  await started
  t.equal(watch.current().version, 1)
  await apply(without(gaon, 'a01'), 1)
  await until(() => watch.current().version === 2, { what: 'version 2 is taken over' })
  await postgres.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cti120-centre' AND datname = current_database()",
  )
  await apply(gaon, 2)
  await until(() => watch.current().version === 3, { what: 'version 3 is taken over after the cut' })
  t.same(
    seen.map(({ version }) => version),
    [1, 2, 3],
  )
  t.equal(watch.current().file.agents.length, 32)
})
