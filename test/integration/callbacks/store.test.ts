import t from 'tap'
import type { NewCallback } from '../../../src/callbacks/ports.js'
import { createCallbackStore } from '../../../src/callbacks/store.js'
import { createTell } from '../../../src/callbacks/tell.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { createDatabase } from '../../helpers/postgres.js'
import { createTestCentre } from '../../helpers/redis.js'
import { testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'

/** The promises in a real PostgreSQL, told to a real journal. */
const database = await createDatabase()
t.teardown(() => database.drop())
const { redis, centre, cleanUp } = createTestCentre()
t.teardown(cleanUp)
let now = Date.parse('2026-03-02T01:00:00Z')
const journal = createJournalWriter(redis, centre)
const tell = createTell(journal, database.postgres, () => now)
const store = createCallbackStore(database.postgres, tell, testSealing)
t.teardown(() => tell.settled())

let next = 0
const wanted = (more: Partial<NewCallback> = {}): NewCallback => ({
  kind: 'agent_promised',
  queue: 'general',
  number: `0100000${String(++next).padStart(4, '0')}`,
  callerId: '0311200120',
  priority: 50,
  dueAt: now + 60_000,
  promisedAt: now + 120_000,
  maxAttempts: 3,
  createdBy: 'a01',
  ...more,
})
const queued = async (contactId: string, more: Partial<NewCallback> = {}) => {
  const { callback } = await store.create(wanted(more), now)
  await store.move(callback.id, { do: 'fall_due' }, now)
  return store.move(callback.id, { do: 'queue', contactId, enqueuedAt: now }, now)
}

t.test('one open promise for a number and queue, however many ask at once', async (t) => {
  const input = wanted()
  const made = await Promise.all(Array.from({ length: 8 }, () => store.create(input, now)))
  t.equal(made.filter(({ created }) => created).length, 1)
  t.equal(new Set(made.map(({ callback }) => callback.id)).size, 1)
  t.ok((await store.create({ ...input, queue: 'tax' }, now)).created, 'another queue is another promise')
  await store.move(made[0]!.callback.id, { do: 'cancel', reason: 'citizen' }, now)
  t.ok((await store.create(input, now)).created, 'a new one after the end')
  t.equal((await store.openOf(input.number)).length, 2)
})

t.test('the same request twice is one promise, also after it ended', async (t) => {
  const input = wanted({ requestKey: 'contact:1' })
  const { callback } = await store.create(input, now)
  await store.move(callback.id, { do: 'expire' }, now)
  t.match(await store.create(input, now), { created: false, callback: { id: callback.id, state: 'expired' } })
})

t.test('eight who claim: one may dial', async (t) => {
  await queued('k-race')
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, n) => store.claim('k-race', { agentId: `a${n}`, node: 'node1' }, now)),
  )
  t.equal(claims.filter(({ claimed }) => claimed).length, 1)
  t.same([...new Set(claims.flatMap((c) => (c.claimed ? [] : [c.why])))], ['claimed_already'])
  const row = await store.getByContact('k-race')
  t.match(row, { state: 'dialing', attempts: 1 })
  t.match(await store.attempts(row!.id), [{ ordinal: 1, contactId: 'k-race', node: 'node1', result: undefined }])
  await store.endAttempt('k-race', 'no_answer', now + 5)
  await store.endAttempt('k-race', 'busy', now + 9)
  t.match(await store.attempts(row!.id), [{ result: 'no_answer', endedAt: now + 5 }], 'the first word counts')
})

t.test('why a claim is refused', async (t) => {
  t.same(await store.claim('k-nobody', {}, now), { claimed: false, why: 'not_found' })
  const row = await queued('k-cancelled')
  await store.move(row.id, { do: 'cancel', reason: 'citizen' }, now)
  t.same(await store.claim('k-cancelled', {}, now), { claimed: false, why: 'cancelled' })
  const other = await queued('k-superseded')
  await store.move(other.id, { do: 'supersede', by: 'k9' }, now)
  t.same(await store.claim('k-superseded', {}, now), { claimed: false, why: 'superseded' })
})

t.test('a move that has no meaning, a stale version, an unknown id: refused, nothing changed', async (t) => {
  const { callback } = await store.create(wanted(), now)
  await t.rejects(store.move(callback.id, { do: 'connect' }, now), { code: 'CTI_ERR_CALLBACK_WRONG_STATE' })
  await t.rejects(store.move(callback.id, { do: 'cancel', reason: 'x' }, now, { by: 's01', ifVersion: 9 }), {
    code: 'CTI_ERR_VERSION_MISMATCH',
  })
  await t.rejects(store.move('nothing', { do: 'expire' }, now), { code: 'CTI_ERR_CALLBACK_NOT_FOUND' })
  t.strictSame(await store.get(callback.id), callback)
  t.same(await store.changes(callback.id), [])
})

t.test('what a person changes is in the history, and told', async (t) => {
  const { callback } = await store.create(wanted({ reason: '서류 확인' }), now)
  const moved = await store.move(
    callback.id,
    { do: 'schedule', dueAt: now + 3_600_000, promisedAt: now + 3_900_000 },
    now,
    {
      by: 's01',
      reason: '민원인 요청',
      ifVersion: 1,
    },
  )
  t.match(moved, { state: 'scheduled', version: 2, firstPromisedAt: callback.promisedAt, promisedAt: now + 3_900_000 })
  t.match(await store.reassign(callback.id, 'a02', now, { by: 's01' }), { ownerAgent: 'a02', version: 3 })
  t.match(await store.changes(callback.id), [
    {
      by: 's01',
      change: 'schedule',
      reason: '민원인 요청',
      before: { state: 'requested' },
      after: { state: 'scheduled' },
    },
    { change: 'reassign', after: { ownerAgent: 'a02' } },
  ])
  await tell.settled()
  const types = (await eventsOf(callback.id)).map(({ type }) => type)
  t.strictSame(types.sort(), ['callback.reassigned', 'callback.requested', 'callback.rescheduled'])
})

t.test('what the journal did not hear is told later; no number is ever in it', async (t) => {
  const { callback } = await store.create(wanted(), now)
  await tell.settled()
  await database.postgres.query('UPDATE callbacks SET told_version = 0, updated_at = $2 WHERE id = $1', [
    callback.id,
    new Date(now),
  ])
  now += 10_000
  await until(async () => (await tell.behind(10)) === 0, { what: 'everything is told' })
  const events = await eventsOf(callback.id)
  t.equal(events.filter(({ type }) => type === 'callback.requested').length, 2)
  t.notMatch(JSON.stringify(events), callback.number)
})

t.test('lists: filters and pages', async (t) => {
  const queue = 'tax'
  for (let n = 0; n < 5; n++) await store.create(wanted({ queue, ownerAgent: n % 2 ? 'a01' : 'a02' }), now + n)
  const first = await store.list({ queues: [queue], requestedFrom: now, limit: 3 })
  const second = await store.list({ queues: [queue], requestedFrom: now, limit: 3, cursor: first.nextCursor })
  t.equal(first.items.length + second.items.length, 5)
  t.equal(second.nextCursor, undefined)
  t.equal(new Set([...first.items, ...second.items].map(({ id }) => id)).size, 5)
  t.equal((await store.list({ queues: [queue], ownerAgent: 'a02', requestedFrom: now, limit: 9 })).items.length, 3)
  t.equal(
    (await store.list({ queues: [queue], overdueAt: now + 119_000, limit: 9, requestedFrom: now })).items.length,
    0,
  )
  t.equal(
    (await store.list({ queues: [queue], overdueAt: now + 121_000, limit: 9, requestedFrom: now })).items.length,
    5,
  )
  t.same((await store.list({ citizenId: "' OR 1=1", limit: 9 })).items, [])
  await t.rejects(store.list({ cursor: 'x', limit: 1 }), { code: 'CTI_ERR_CURSOR_INVALID' })
})

async function eventsOf(id: string): Promise<{ type: string; data: string }[]> {
  const entries = await redis.xrange(`cti:{${centre}}:journal`, '-', '+')
  return entries
    .map(([, fields]) => Object.fromEntries(fields.flatMap((f, i) => (i % 2 ? [] : [[f, fields[i + 1]]]))))
    .filter((entry) => entry.subject === `callback:${id}`) as { type: string; data: string }[]
}
