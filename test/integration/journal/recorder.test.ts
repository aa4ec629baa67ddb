import t from 'tap'
import type { EventData, EventType } from '../../../src/journal/events.js'
import { recordBatch } from '../../../src/journal/recorder/record.js'
import { JournalSource, RECORDER_GROUP } from '../../../src/journal/recorder/source.js'
import { createRecorder, type Recorder } from '../../../src/journal/recorder.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { keyOf } from '../../../src/platform/keys.js'
import { migrate } from '../../../src/platform/postgres/migrate.js'
import { createPostgres, type Postgres } from '../../../src/platform/postgres/pool.js'
import { createDatabase } from '../../helpers/postgres.js'
import { createPrivatePostgres } from '../../helpers/private-postgres.js'
import { createTestCentre, type TestCentre } from '../../helpers/redis.js'
import { sealWritten, testSealing, withCallers } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
type Teardown = { teardown(work: () => unknown): unknown }

/** Writes calls into a journal as the server does. */
function journalOf(centre: TestCentre) {
  const writer = createJournalWriter(centre.redis, centre.centre)
  let now = 1_700_000_000_000
  const append = <T extends EventType>(type: T, data: EventData<T>, contactId?: string) => {
    now += 1_000
    const subject = contactId === undefined ? 'agent:a01' : `contact:${contactId}`
    return writer.append(type, { subject, contactId, time: now, data })
  }
  /** The first half of a call leaves everything open. */
  const begin = async (id: string, caller = '01012345678') => {
    const promise = { reservationId: `r-${id}`, agentId: 'a01', queue: 'general', token: 1 }
    await append(
      'contact.created',
      { channel: 'voice', direction: 'inbound', dialled: '120', caller, node: 'node1', channelId: 'ch' },
      id,
    )
    await append('contact.queued', { queue: 'general', priority: 50, enqueuedAt: now, attempts: 0, position: 0 }, id)
    await append(
      'reservation.created',
      { ...promise, route: 'general/0', createdAt: now, deadline: now + 15_000, enqueuedAt: now, attempts: 0 },
      id,
    )
    await append('agent.work_changed', {
      agentId: 'a01',
      work: 'reserved',
      previous: 'idle',
      since: now,
      contactId: id,
      reservationId: promise.reservationId,
    })
    await append('reservation.accepted', { ...promise, by: 'device' }, id)
    await append('contact.connected', { ...promise, waitedMs: 4_000, enqueuedAt: now - 4_000 }, id)
  }
  const finish = async (id: string) => {
    const promise = { reservationId: `r-${id}`, agentId: 'a01', queue: 'general', token: 1 }
    await append('contact.wrapping', { ...promise, endedBy: 'caller', wrapUntil: now + 60_000 }, id)
    await append('reservation.completed', promise, id)
    await append('contact.completed', { agentId: 'a01', queue: 'general', how: 'finished' }, id)
    await append('agent.work_changed', { agentId: 'a01', work: 'idle', previous: 'wrapping', since: now })
  }
  return {
    append,
    begin,
    finish,
    call: async (id: string) => {
      await begin(id)
      await finish(id)
    },
  }
}

async function world(t: Teardown, given?: Postgres) {
  const centre = createTestCentre()
  t.teardown(() => centre.cleanUp())
  const database = given ? undefined : await createDatabase()
  if (database) t.teardown(() => database.drop())
  const postgres = given ?? database!.postgres
  const start = (): Recorder => {
    const recorder = createRecorder({
      redis: centre.redis,
      postgres,
      centre: centre.centre,
      sealing: testSealing,
      logger: silent,
    })
    t.teardown(() => recorder.stop())
    recorder.start()
    return recorder
  }
  const recorded = (recorder: Recorder) =>
    until(async () => (await recorder.lag()) === 0, { what: 'the record is up to date', timeout: 30_000 })
  const rows = async (sql: string) => withCallers((await postgres.query(sql)).rows)
  return { centre, postgres, start, recorded, rows, journal: journalOf(centre), key: keyOf(centre.centre, 'journal') }
}

const CALLS =
  'SELECT id, state, end_state, agent_id, wait_ms, ring_ms, talk_ms, hold_ms, wrap_ms, attempts FROM contacts ORDER BY id'
const SEGMENTS = `SELECT contact_id, ordinal, kind, outcome, ended_at IS NULL AS open FROM segments ORDER BY contact_id, ordinal`
const INTERVALS = 'SELECT agent_id, kind, state, ended_at IS NULL AS open FROM agent_state_intervals ORDER BY id'
const finished = (id: string) => ({
  id,
  state: 'completed',
  end_state: 'completed',
  agent_id: 'a01',
  wait_ms: 4_000,
  ring_ms: 3_000,
  talk_ms: 1_000,
  hold_ms: 0,
  wrap_ms: 2_000,
  attempts: 0,
})

t.test('a call becomes a contact with segments, sums, reservation and intervals, linked to the citizen', async (t) => {
  const { postgres, start, recorded, rows, journal } = await world(t)
  await postgres.query(
    `INSERT INTO citizens (id, name, phone, created_by) VALUES ('00000000-0000-7000-8000-000000000001', '홍길동', '01012345678', 't')`,
  )
  await sealWritten(postgres)
  const recorder = start()
  await journal.call('c1')
  await recorded(recorder)
  t.same(await rows(CALLS), [finished('c1')])
  t.same(
    (await rows(SEGMENTS)).map(({ kind, outcome, open }) => [kind, outcome, open]),
    [
      ['queue', 'ring', false],
      ['ring', 'talk', false],
      ['talk', 'wrap', false],
      ['wrap', 'completed', false],
    ],
  )
  t.match(await rows('SELECT id, state, accepted_by, ended_at IS NULL AS open FROM reservations'), [
    { id: 'r-c1', state: 'completed', accepted_by: 'device', open: false },
  ])
  t.same(
    (await rows(INTERVALS)).map(({ state, open }) => [state, open]),
    [
      ['reserved', false],
      ['idle', true],
    ],
  )
  t.match(await rows('SELECT citizen_id, caller FROM contacts'), [
    { citizen_id: '00000000-0000-7000-8000-000000000001', caller: '01012345678' },
  ])
})

t.test('delivered again, from the beginning, nothing is recorded twice', async (t) => {
  const { centre, start, recorded, rows, journal, key } = await world(t)
  for (let i = 0; i < 20; i++) await journal.call(`c${i}`)
  const first = start()
  await recorded(first)
  await first.stop()
  const before = [await rows(CALLS), await rows(SEGMENTS), await rows(INTERVALS)]
  t.equal(before[0]?.length, 20)
  await centre.redis.xgroup('DESTROY', key, RECORDER_GROUP)
  await centre.redis.xgroup('CREATE', key, RECORDER_GROUP, '0')
  const second = start()
  await journal.begin('last')
  await recorded(second)
  await until(async () => ((await centre.redis.xpending(key, RECORDER_GROUP)) as [number])[0] === 0, {
    what: 'everything is acknowledged',
  })
  t.same(
    (await rows(CALLS)).filter(({ id }) => id !== 'last'),
    before[0],
  )
  t.same(
    (await rows(SEGMENTS)).filter(({ contact_id }) => contact_id !== 'last'),
    before[1],
  )
})

t.test('killed between the commit and the acknowledgement, or before the commit', async (t) => {
  const { centre, postgres, start, recorded, rows, journal, key } = await world(t)
  await journal.call('c1')
  await journal.call('c2')
  const epoch = (await centre.redis.get(keyOf(centre.centre, 'epoch'))) ?? ''
  const source = new JournalSource(centre.redis, centre.redis, centre.centre)
  await source.seek(0)
  const entries = await source.read(epoch)
  t.equal(entries.length, 20)
  // What a process that dies here leaves behind: half of what it was given is committed, nothing acknowledged.
  await postgres.transaction(async () => undefined)
  const client = await postgres.pool.connect()
  await recordBatch(client, centre.centre, undefined, epoch, entries.slice(0, 10), testSealing)
  client.release()
  t.equal(((await centre.redis.xpending(key, RECORDER_GROUP)) as [number])[0], 20)
  const recorder = start()
  await recorded(recorder)
  await until(async () => ((await centre.redis.xpending(key, RECORDER_GROUP)) as [number])[0] === 0, {
    what: 'everything is acknowledged',
  })
  t.same(await rows(CALLS), [finished('c1'), finished('c2')])
  t.equal((await rows(SEGMENTS)).length, 8)
})

t.test('PostgreSQL stops and crashes while calls go on: nothing is lost, nothing is double', async (t) => {
  const server = await createPrivatePostgres()
  t.teardown(() => server.remove())
  await server.start()
  await migrate({ url: server.url })
  const postgres = createPostgres({ url: server.url, applicationName: 'cti120-recorder-test' })
  const { start, recorded, rows, journal } = await world(t, postgres)
  t.teardown(() => postgres.close())
  const recorder = start()
  await journal.call('c0')
  await recorded(recorder)
  for (const how of ['fast', 'crash'] as const) {
    await journal.begin(`open-${how}`)
    await server.stop(how)
    for (let i = 0; i < 30; i++) await journal.call(`away-${how}-${String(i).padStart(2, '0')}`)
    await journal.finish(`open-${how}`)
    await server.start()
    await recorded(recorder)
  }
  const calls = await rows(CALLS)
  t.equal(calls.length, 63)
  t.ok(calls.every(({ state }) => state === 'completed'))
  t.equal((await rows(SEGMENTS)).length, 63 * 4)
  t.equal((await rows(SEGMENTS)).filter(({ open }) => open).length, 0)
})

t.test(
  'Redis emptied: what the old epoch left open is closed, the new one is recorded from its beginning',
  async (t) => {
    const { centre, start, recorded, rows, journal } = await world(t)
    const recorder = start()
    await journal.call('done')
    await journal.begin('cut')
    await recorded(recorder)
    await centre.redis.unlink(
      keyOf(centre.centre, 'epoch'),
      keyOf(centre.centre, 'seq'),
      keyOf(centre.centre, 'journal'),
    )
    await journal.call('new')
    await until(async () => (await rows(CALLS)).some(({ id, state }) => id === 'new' && state === 'completed'), {
      what: 'the new epoch is recorded',
      timeout: 20_000,
    })
    await recorded(recorder)
    const calls = await rows(CALLS)
    t.match(
      calls.find(({ id }) => id === 'cut'),
      { state: 'ended', end_state: 'failed' },
    )
    t.same(
      calls.filter(({ id }) => id !== 'cut'),
      [finished('done'), finished('new')],
    )
    t.match((await rows(SEGMENTS)).filter(({ contact_id }) => contact_id === 'cut').at(-1), {
      kind: 'talk',
      outcome: 'lost',
      open: false,
    })
    t.equal((await rows(INTERVALS)).filter(({ open }) => open).length, 1, 'only what the new epoch opened')
  },
)

t.test('Redis comes back without its newest events: the numbers that are given out again are recorded', async (t) => {
  const { centre, start, recorded, rows, journal, key } = await world(t)
  const recorder = start()
  await journal.call('kept')
  await journal.begin('half')
  await recorded(recorder)
  // An append-only file that ends three events early.
  const seq = Number(await centre.redis.get(keyOf(centre.centre, 'seq')))
  await centre.redis
    .multi()
    .xdel(key, ...[0, 1, 2].map((i) => `${seq - i}-0`))
    .xgroup('SETID', key, RECORDER_GROUP, `${seq - 3}-0`)
    .call('XSETID', key, `${seq - 3}-0`)
    .set(keyOf(centre.centre, 'seq'), String(seq - 3))
    .exec()
  await journal.call('after')
  await until(async () => (await rows(CALLS)).some(({ id, state }) => id === 'after' && state === 'completed'), {
    what: 'the new events are recorded',
    timeout: 20_000,
  })
  await recorded(recorder)
  t.same(
    (await rows(CALLS)).filter(({ id }) => id !== 'half'),
    [finished('after'), finished('kept')],
  )
  t.equal((await rows(SEGMENTS)).filter(({ contact_id }) => contact_id === 'after').length, 4)
})

t.test('two recorders: one works, the other takes over, and every event is recorded once', async (t) => {
  const { postgres, start, recorded, rows, journal } = await world(t)
  const recorders = [start(), start()]
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 5; i++) await journal.call(`c${round}${i}`)
    // Whoever holds the lock is cut off in the middle of its work.
    await postgres.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1200122
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
  }
  await recorded(recorders[1]!)
  await recorders[0]!.stop()
  await journal.call('c99')
  await recorded(recorders[1]!)
  t.equal((await rows(CALLS)).length, 26)
  t.equal((await rows(SEGMENTS)).length, 26 * 4)
  t.equal((await rows(INTERVALS)).length, 26 * 2)
})

t.test('events that another read of the group took away, time and again, are recorded all the same', async (t) => {
  const { centre, start, recorded, rows, journal, key } = await world(t)
  const recorder = start()
  await journal.call('c1')
  await recorded(recorder)
  await recorder.stop()
  // As a read that was given up while Redis stood still: it waits in Redis before the recorder's own and gets the next event.
  const lost = centre.redis.duplicate()
  t.teardown(() => lost.disconnect())
  const takeNext = () =>
    lost.xreadgroup('GROUP', RECORDER_GROUP, 'recorder', 'COUNT', 1, 'BLOCK', 0, 'STREAMS', key, '>')
  const first = takeNext()
  const again = start()
  await journal.call('c2')
  t.ok(await first, 'an event went to nobody')
  await recorded(again)
  const second = takeNext()
  await journal.call('c3')
  t.ok(await second, 'and another one')
  await recorded(again)
  t.strictSame(await rows(CALLS), ['c1', 'c2', 'c3'].map(finished))
})

t.test('an event that no column takes is set aside by number; the others of its batch are recorded', async (t) => {
  const { centre, start, recorded, rows, journal, key } = await world(t)
  await journal.call('c1')
  await journal.begin('x'.repeat(90))
  await centre.redis.xadd(
    key,
    `${await centre.redis.incr(keyOf(centre.centre, 'seq'))}-0`,
    'type',
    'contact.created',
    'time',
    '1',
    'subject',
    's',
    'contactId',
    'c',
    'version',
    '1',
    'data',
    '{not json',
  )
  await centre.redis.xadd(
    key,
    `${await centre.redis.incr(keyOf(centre.centre, 'seq'))}-0`,
    'type',
    'contact.created',
    'time',
    'late',
    'subject',
    's',
    'contactId',
    'c',
    'version',
    '1',
    'data',
    '{}',
  )
  await centre.redis.xadd(
    key,
    `${await centre.redis.incr(keyOf(centre.centre, 'seq'))}-0`,
    'type',
    'from.the_future',
    'time',
    '1',
    'subject',
    's',
    'contactId',
    '',
    'version',
    '1',
    'data',
    '{}',
  )
  await journal.call('c2')
  await journal.append(
    'contact.disposed',
    { agentId: 'a01', disposition: 'resolved', notes: 'a\0b \ud800 😀 주민 900101-1234567' },
    'c2',
  )
  const recorder = start()
  await recorded(recorder)
  t.same(
    (await rows(CALLS)).filter(({ id }) => id !== 'x'.repeat(90)),
    [finished('c1'), finished('c2')],
  )
  const rejects = await rows('SELECT type, code FROM recorder_rejects ORDER BY seq')
  t.ok(rejects.some(({ type, code }) => type === 'contact.created' && code === 'CTI_ERR_VALUE_REFUSED'))
  t.equal(rejects.filter(({ code }) => code === 'CTI_ERR_EVENT_UNREADABLE').length, 2)
  t.match(await rows(`SELECT notes, disposition FROM contacts WHERE id = 'c2'`), [
    { notes: 'ab \ufffd 😀 주민 900101-1******', disposition: 'resolved' },
  ])
})

t.test('who listened to whom: a row for each mode, an end however it came, in one batch or in several', async (t) => {
  const listens = { contactId: 'c1', supervisorId: 's1', agentId: 'a01', queue: 'general', shown: false }
  const first = { ...listens, supervisionId: 'r-1' }
  const promise = { agentId: 's1', queue: 'general', token: 9, part: 'supervision' }
  const made = { route: '@s1', createdAt: 1, deadline: 2, enqueuedAt: 1, attempts: 0 }
  const handed = { agentId: 'a01', queue: 'general', kind: 'taken_over', toAgent: 's1', toReservation: 'r-1' }
  const stepsOf = ({ append, begin }: ReturnType<typeof journalOf>) => [
    () => begin('c1'),
    () => append('reservation.created', { ...promise, reservationId: 'r-1', ...made }, 'c1'),
    () => append('supervision.started', { ...first, mode: 'listen' }, 'c1'),
    () => append('supervision.mode_changed', { ...first, mode: 'barge' }, 'c1'),
    // The server died before it could tell: the core's word about the promise is the end.
    () => append('supervision.started', { ...listens, supervisionId: 'r-2', mode: 'listen' }, 'c1'),
    () => append('reservation.completed', { ...promise, reservationId: 'r-2' }, 'c1'),
    () => append('contact.transferred', handed, 'c1'),
    () => append('supervision.ended', { ...first, mode: 'barge', why: 'taken_over' }, 'c1'),
  ]
  const [together, apart] = [await world(t), await world(t)]
  for (const step of stepsOf(together.journal)) await step()
  await together.recorded(together.start())
  const recorder = apart.start()
  for (const step of stepsOf(apart.journal)) {
    await step()
    await apart.recorded(recorder)
  }
  for (const { rows } of [together, apart]) {
    t.match(await rows('SELECT * FROM supervisions ORDER BY id'), [
      { supervision_id: 'r-1', mode: 'listen', end_reason: 'mode_changed', ended_at: Date },
      { supervision_id: 'r-1', mode: 'barge', end_reason: 'taken_over', ended_at: Date },
      { supervision_id: 'r-2', mode: 'listen', end_reason: 'released', ended_at: Date },
    ])
    t.same(await rows("SELECT id FROM reservations WHERE agent_id = 's1'"), [], 'no promise of the contact')
  }
})
