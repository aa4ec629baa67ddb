import t from 'tap'
import { endLostContacts } from '../../../src/journal/lost.js'
import { createRecorder } from '../../../src/journal/recorder.js'
import { trimJournal } from '../../../src/journal/trim.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { createHousekeeping } from '../../../src/platform/housekeeping.js'
import { newId } from '../../../src/platform/ids.js'
import { keyOf } from '../../../src/platform/keys.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { createDatabase } from '../../helpers/postgres.js'
import { createTestCentre } from '../../helpers/redis.js'
import { testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

t.test('the journal is cut behind the record, and only there', async (t) => {
  const centre = createTestCentre()
  const database = await createDatabase()
  t.teardown(() => centre.cleanUp())
  t.teardown(() => database.drop())
  const { redis } = centre
  const { postgres } = database
  const writer = createJournalWriter(redis, centre.centre)
  const journal = keyOf(centre.centre, 'journal')
  const append = async (count: number) => {
    for (let i = 0; i < count; i++)
      await writer.append('config.applied', { subject: 'centre', time: Date.now(), data: { version: 1 } })
  }
  const trim = (keep: number) => trimJournal(redis, postgres.pool, centre.centre, keep)
  const start = () => {
    const recorder = createRecorder({ redis, postgres, centre: centre.centre, sealing: testSealing, logger: silent })
    t.teardown(() => recorder.stop())
    recorder.start()
    return recorder
  }
  await append(1_000)
  t.equal(await trim(10), 0, 'nothing is in the record yet')
  const recorder = start()
  await until(async () => (await recorder.lag()) === 0, { what: 'recorded', timeout: 20_000 })
  await recorder.stop()
  await append(500)
  await trim(10)
  const left = await redis.xlen(journal)
  t.ok(left >= 500, `all 500 that are not recorded are left (${left})`)
  t.ok(left < 1_000, 'recorded ones went')
  const second = start()
  await until(async () => (await second.lag()) === 0, { what: 'recorded', timeout: 20_000 })
  await trim(300)
  const kept = await redis.xlen(journal)
  t.ok(kept >= 300 && kept < 500, `at least 300 stay for clients that resume (${kept})`)
})

t.test('a contact whose end nobody saw is ended, one that goes on or is not long ago is not', async (t) => {
  const centre = createTestCentre()
  const database = await createDatabase()
  t.teardown(() => centre.cleanUp())
  t.teardown(() => database.drop())
  const { pool } = database.postgres
  const journal = createJournalWriter(centre.redis, centre.centre)
  const hour = 3_600_000
  const begin = 1_700_000_000_000
  const create = (contactId: string, time: number) =>
    journal.append('contact.created', {
      subject: `contact:${contactId}`,
      contactId,
      time,
      data: { channel: 'voice', direction: 'inbound', dialled: '120', node: 'node1', channelId: contactId },
    })
  const [lost, waiting, recent] = [newId(), newId(), newId()]
  await create(lost, begin)
  await create(waiting, begin)
  await create(recent, begin + hour)
  await centre.redis.hset(keyOf(centre.centre, 'contact', waiting), 'state', 'queued')
  const recorder = createRecorder({
    redis: centre.redis,
    postgres: database.postgres,
    centre: centre.centre,
    sealing: testSealing,
    logger: silent,
  })
  await recorder.start()
  t.teardown(() => recorder.stop())
  const open = async () =>
    (await pool.query<{ id: string }>('SELECT id FROM contacts WHERE ended_at IS NULL')).rows.map(({ id }) => id)
  await until(async () => (await open()).length === 3, { what: 'all are in the record', timeout: 20_000 })
  t.equal(await endLostContacts(centre.redis, pool, journal, centre.centre, begin + hour), 1)
  await until(async () => (await open()).length === 2, { what: 'the lost one has ended', timeout: 20_000 })
  t.same((await open()).sort(), [waiting, recent].sort())
  const { rows } = await pool.query('SELECT end_state, end_reason FROM contacts WHERE id = $1', [lost])
  t.match(rows[0], { end_state: 'failed', end_reason: 'lost' })
  t.equal(await endLostContacts(centre.redis, pool, journal, centre.centre, begin + hour), 0, 'once')
})

t.test('chores run by themselves, and again in the next process', async (t) => {
  const centre = createTestCentre()
  const database = await createDatabase()
  const { postgres } = database
  t.teardown(() => centre.cleanUp())
  t.teardown(() => database.drop())
  await postgres.query(`INSERT INTO users (id, name, role) VALUES ('a01', 'A', 'agent')`)
  const token = (age: string) =>
    postgres.query(
      `INSERT INTO refresh_tokens (id, token_hash, family, user_id, expires_at) VALUES (gen_random_uuid(), sha256(random()::text::bytea), gen_random_uuid(), 'a01', now() + $1::interval)`,
      [age],
    )
  await token('-1 minute')
  await token('1 day')
  const create = () =>
    createHousekeeping({
      connect: (name) => connectRedis({ url: centre.url, name }),
      redis: centre.redis,
      postgres,
      centre: centre.centre,
      keep: 1_000,
      logger: silent,
    })
  const first = create()
  await first.start()
  await until(async () => (await postgres.query('SELECT 1 FROM refresh_tokens')).rowCount === 1, {
    what: 'the expired token is gone',
    timeout: 20_000,
  })
  await first.stop()
  await first.stop()
  const second = create()
  await second.start()
  await second.stop()
  const keys = await centre.redis.keys('*')
  t.notOk(
    keys.some((key) => key.startsWith('bull:')),
    'every key of the jobs has the prefix of the centre',
  )
})
