import pg from 'pg'
import t from 'tap'
import { ALARM_QUEUE } from '../../../src/callbacks/alarm-clock.js'
import { createDueRows } from '../../../src/callbacks/due-rows.js'
import { letFallDue } from '../../../src/callbacks/fall-due.js'
import type { Callback } from '../../../src/callbacks/model.js'
import { createPromoter } from '../../../src/callbacks/promoter.js'
import { createCallbackStore } from '../../../src/callbacks/store.js'
import { createSweep } from '../../../src/callbacks/sweep.js'
import { keyPrefix } from '../../../src/platform/keys.js'
import { startOwnPostgres } from '../../helpers/own-postgres.js'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { centreInForce, closedCentre, openCentre, signIn, silent, startInstance, wanted } from './world.js'

/** Alarms, sweep and turns on a Redis and a PostgreSQL of their own, which are emptied, killed and started. */
const ownRedis = await startOwnRedis()
const ownPostgres = await startOwnPostgres()
t.teardown(() => ownRedis.remove())
t.teardown(() => ownPostgres.remove())
let worlds = 0
/** A centre of its own; one database holds one centre, so what the last one left is deleted. */
const world = async () => {
  const client = new pg.Client({ connectionString: ownPostgres.url })
  await client.connect()
  await client.query('DELETE FROM callbacks')
  await client.end()
  return { redisUrl: ownRedis.url, pgUrl: ownPostgres.url, centreId: `cb${++worlds}`, centre: centreInForce() }
}
const stateOf = (states: readonly string[]) => (row: Callback | undefined) =>
  row !== undefined && states.includes(row.state)

t.test('an alarm rings, the call-back takes its place, the free agent gets it', async (t) => {
  const on = await world()
  const one = await startInstance(on)
  t.teardown(() => one.stop())
  await signIn(one.routing, ['a01'])
  const { callback } = await one.store.create(wanted(Date.now(), { dueAt: Date.now() + 300 }), Date.now())
  const alarms = `${keyPrefix(on.centreId)}jobs:${ALARM_QUEUE}:${callback.id}-1`
  await until(() => one.redis.exists(alarms), { what: 'the alarm is set' })
  const row = await until(
    async () => {
      const found = await one.store.get(callback.id)
      return found?.state === 'offered' && found
    },
    { what: 'it is offered' },
  )
  t.equal(row.version, 4, 'due once, queued once, offered once')
  t.equal(row.enqueuedAt, callback.dueAt, 'its place is the moment it fell due')
  const contact = await one.routing.getContact(row.contactId!)
  t.match(contact, { state: 'reserved', agentId: 'a01', enqueuedAt: callback.dueAt, queue: 'general' })
  const free = await startInstance({ ...on, centreId: 'other' }, false)
  t.teardown(() => free.stop())
  const again = await Promise.all(
    Array.from({ length: 8 }, () => letFallDue(free.store, openCentre, { ...callback }, Date.now())),
  )
  t.same(again, Array(8).fill(false), 'alarms that ring late or twice do nothing')
  t.equal((await one.store.get(callback.id))?.version, 4)
})

t.test('two instances: never more under way than agents are free, and each once', async (t) => {
  const on = await world()
  const [one, two] = await Promise.all([startInstance(on), startInstance(on)])
  t.teardown(() => Promise.all([one.stop(), two.stop()]))
  const now = Date.now()
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, i) => (i % 2 ? one : two).store.create(wanted(now, { dueAt: now + 500 }), now)),
  )
  const ids = made.map(({ callback }) => callback.id)
  const rows = async () => Promise.all(ids.map((id) => one.store.get(id)))
  await until(async () => (await rows()).every(stateOf(['due'])), { what: 'all are due and nobody is there' })
  await signIn(one.routing, ['a01', 'a02', 'a03'])
  await until(async () => (await rows()).filter(stateOf(['queued', 'offered'])).length === 3, {
    what: 'three agents, three call-backs',
  })
  const waiting = await one.routing.listContacts()
  t.equal(waiting.length, 3)
  t.same(
    waiting.map(({ state }) => state),
    ['reserved', 'reserved', 'reserved'],
  )
  // An agent rejects: the offer goes back to its place, nothing else comes in for an agent who is there already.
  const first = waiting[0]!
  await one.routing.rejectReservation(
    { reservationId: first.reservationId!, token: first.token! },
    first.agentId!,
    Date.now(),
  )
  await signIn(one.routing, ['a04'])
  await until(async () => (await rows()).filter(stateOf(['queued', 'offered'])).length >= 4, {
    what: 'one more agent, one more call-back',
  })
  t.ok((await one.routing.listContacts()).length <= 5, 'five agents at most have one each')
  t.equal(
    new Set((await rows()).map((row) => row?.contactId).filter(Boolean)).size,
    (await one.routing.listContacts()).length,
    'no contact twice',
  )
})

t.test('Redis is emptied between alarm and due: it costs seconds', async (t) => {
  const on = await world()
  const one = await startInstance(on)
  t.teardown(() => one.stop())
  const now = Date.now()
  const { callback } = await one.store.create(wanted(now, { dueAt: now + 1_500 }), now)
  const alarm = (id: string) => `${keyPrefix(on.centreId)}jobs:${ALARM_QUEUE}:${id}`
  await until(() => one.redis.exists(alarm(`${callback.id}-1`)), { what: 'the alarm is set' })
  const { callback: later } = await one.store.create(wanted(now, { dueAt: now + 4 * 60_000 }), now)
  await one.redis.flushall()
  await until(async () => stateOf(['due', 'queued', 'offered'])(await one.store.get(callback.id)), {
    what: 'the sweep found it',
  })
  await until(() => one.redis.exists(alarm(`${later.id}-1`)), { what: 'the alarm of the other is set again' })
  await until(async () => (await one.redis.zcard(`${keyPrefix(on.centreId)}jobs:callback-chores:repeat`)) === 3, {
    what: 'the schedules are there again',
  })
  await signIn(one.routing, ['a01'])
  await until(async () => stateOf(['queued', 'offered'])(await one.store.get(callback.id)), {
    what: 'and its turn comes',
  })
})

t.test('a process that died between row and journal has not forgotten anybody', async (t) => {
  // Six seconds ahead, so that the row is behind for long enough at once.
  const on = { ...(await world()), clock: () => Date.now() + 6_000 }
  const one = await startInstance(on)
  t.teardown(() => one.stop())
  const mute = { changed: () => {}, behind: async () => 0, settled: async () => {} }
  const store = createCallbackStore(one.postgres, mute, testSealing)
  const { callback } = await store.create(wanted(Date.now(), { dueAt: Date.now() + 120_000 }), Date.now())
  const told = async () => {
    const events = await one.redis.xrange(`${keyPrefix(on.centreId)}journal`, '-', '+')
    return events.filter(([, fields]) => fields.includes('callback.requested')).length
  }
  await until(async () => (await told()) > 0, { what: 'it is told afterwards' })
  await until(() => one.redis.exists(`${keyPrefix(on.centreId)}jobs:${ALARM_QUEUE}:${callback.id}-1`), {
    what: 'the alarm is set',
  })
  t.equal(await told(), 1)
})

t.test('PostgreSQL is away when the alarm rings; Redis is killed and comes back', async (t) => {
  const on = await world()
  const one = await startInstance(on)
  t.teardown(() => one.stop())
  await signIn(one.routing, ['a01', 'a02'])
  const now = Date.now()
  const { callback } = await one.store.create(wanted(now, { dueAt: now + 400 }), now)
  await until(() => one.redis.exists(`${keyPrefix(on.centreId)}jobs:${ALARM_QUEUE}:${callback.id}-1`), {
    what: 'the alarm is set',
  })
  await ownPostgres.stop()
  await until(() => Date.now() > callback.dueAt, { what: 'it is over' })
  await ownPostgres.start()
  await until(async () => stateOf(['offered'])(await one.store.get(callback.id)), {
    what: 'it is offered all the same',
  })
  t.equal((await one.store.get(callback.id))?.version, 4, 'once')

  const second = (await one.store.create(wanted(Date.now(), { dueAt: Date.now() + 400 }), Date.now())).callback
  await ownRedis.kill()
  await until(() => Date.now() > second.dueAt, { what: 'it is over' })
  await ownRedis.start()
  await until(async () => stateOf(['offered'])(await one.store.get(second.id)), {
    what: 'the other, too',
    timeout: 30_000,
  })
  t.equal((await one.store.get(second.id))?.version, 4, 'once')
})

/** With a clock of the test's own and nothing that runs by itself. */
async function still(t: Tap) {
  let now = Date.parse('2026-11-26T01:00:00Z')
  const on = { ...(await world()), clock: () => now }
  const one = await startInstance(on, false)
  t.teardown(() => one.stop())
  const { store, routing, postgres } = one
  const rows = createDueRows(postgres, testSealing)
  const deps = { store, rows, routing, centre: on.centre, clock: on.clock, logger: silent }
  const { enqueue } = await import('../../../src/callbacks/enqueue.js').then(({ createEnqueue }) => ({
    enqueue: createEnqueue({ node: async () => 'node1', store, routing, centre: on.centre }),
  }))
  return {
    ...one,
    centre: on.centre,
    now: () => now,
    pass: (ms: number) => (now += ms),
    sweep: createSweep(deps),
    promote: createPromoter({ ...deps, postgres, enqueue, isTroubled: () => false }),
    state: async (id: string) => (await store.get(id))?.state,
  }
}
type Tap = { teardown(work: () => unknown): void }

t.test('never ahead of a live caller who came earlier, never behind one who came later', async (t) => {
  const w = await still(t)
  const live = (contactId: string, enqueuedAt: number) =>
    w.routing.queueContact(
      {
        contactId,
        queue: 'general',
        channel: 'voice',
        priority: 50,
        enqueuedAt,
        routes: [{ route: 'general/0', afterMs: 0 }],
        ringMs: 15_000,
        rejectMs: 30_000,
      },
      w.now(),
    )
  const began = w.now()
  w.pass(10_000)
  await live('early', began)
  // Asked for in the queue a second later, and taken up five minutes later: the place is the old one.
  const { callback: hold } = await w.store.create(
    wanted(began, { kind: 'virtual_hold', enqueuedAt: began + 1_000 }),
    began,
  )
  // A band of its own in the policy (10), but its promise falls due after the second caller came.
  await live('middle', began + 2_000)
  const { callback: welfare } = await w.store.create(
    wanted(began, { kind: 'welfare', dueAt: began + 3_000, promisedAt: began + 4_000 }),
    began,
  )
  await signIn(w.routing, ['a01', 'a02'], w.now())
  // Two agents who are busy with others: they are at work, and nobody is free.
  const busy = await w.routing.listContacts()
  t.equal(busy.filter(({ state }) => state === 'reserved').length, 2, 'the two callers got them')
  w.pass(300_000)
  await live('late', began + 4_000)
  await w.sweep()
  await w.promote()
  t.same(
    [await w.state(hold.id), await w.state(welfare.id)],
    ['queued', 'queued'],
    'a place without anybody free: virtual hold, and a promise at risk',
  )
  const order: string[] = []
  const names = new Map([
    [(await w.store.get(hold.id))!.contactId!, 'hold'],
    [(await w.store.get(welfare.id))!.contactId!, 'welfare'],
  ])
  for (const id of ['a03', 'a05', 'a06']) {
    await signIn(w.routing, [id], w.now())
    const { contactId } = (await w.routing.getAgent(id))!
    order.push(names.get(contactId!) ?? contactId!)
  }
  t.same(order, ['hold', 'welfare', 'late'])
})

t.test('the hours end: who waits leaves the queue and is promised the next opening', async (t) => {
  const w = await still(t)
  await signIn(w.routing, ['a01'], w.now())
  const { callback } = await w.store.create(wanted(w.now(), { kind: 'virtual_hold' }), w.now())
  const { callback: due } = await w.store.create(wanted(w.now(), { kind: 'agent_promised' }), w.now())
  await w.routing.setPresence('a01', 'break', 'rest', w.now())
  await w.sweep()
  await w.promote()
  const before = (await w.store.get(callback.id))!
  t.equal(before.state, 'queued')
  t.equal(await w.state(due.id), 'due')
  w.centre.apply(closedCentre)
  await w.sweep()
  for (const id of [callback.id, due.id]) {
    const row = (await w.store.get(id))!
    t.equal(row.state, 'scheduled')
    t.equal(new Date(row.dueAt).toISOString(), '2026-11-30T00:00:00.000Z', 'Monday, nine in the morning in Korea')
    t.ok(row.promisedAt >= row.dueAt)
    t.match(await w.store.changes(id), [
      { by: 'system', change: 'schedule', reason: 'closed_hours', before: { promisedAt: callback.promisedAt } },
    ])
  }
  t.equal(await w.routing.getContact(before.contactId!), undefined, 'no agent is rung for it any more')
  t.equal(await w.promote(), 0)
})

t.test(
  'what the core has lost comes again; what is over is given up; a row that just changes is left alone',
  async (t) => {
    const w = await still(t)
    const { callback } = await w.store.create(
      wanted(w.now(), { kind: 'virtual_hold', expiresAt: w.now() + 600_000 }),
      w.now(),
    )
    await w.sweep()
    await w.promote()
    const { contactId } = (await w.store.get(callback.id))!
    await w.redis.flushall()
    await w.sweep()
    w.pass(9_000)
    await w.sweep()
    t.equal(await w.state(callback.id), 'queued', 'it may be on its way')
    w.pass(2_000)
    t.match(await w.sweep(), { lost: 1 })
    t.equal(await w.promote(), 1)
    const again = (await w.store.get(callback.id))!
    t.match(again, { state: 'queued', enqueuedAt: callback.dueAt }, 'at its old place')
    t.not(again.contactId, contactId)
    t.match(await w.store.claim(contactId!, {}, w.now()), { claimed: false }, 'the lost contact can never dial')
    w.pass(600_000)
    t.match(await w.sweep(), { expired: 1 })
    t.equal(await w.state(callback.id), 'expired')
    t.equal(await w.routing.getContact(again.contactId!), undefined)
  },
)

t.test('one instance decides at a time', async (t) => {
  const w = await still(t)
  await signIn(w.routing, ['a01'], w.now())
  await w.store.create(wanted(w.now()), w.now())
  await w.store.create(wanted(w.now()), w.now())
  await w.sweep()
  const rounds = await Promise.all(Array.from({ length: 5 }, () => w.promote()))
  t.equal(
    rounds.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    1,
    'one agent, one call-back, however many ask at once',
  )
  t.equal((await w.routing.listContacts()).length, 1)
})
