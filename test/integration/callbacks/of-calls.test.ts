import t from 'tap'
import { offerFor } from '../../../src/callbacks/of-calls.js'
import type { CallbackPort, HoldRequest } from '../../../src/calls/callback-port.js'
import type { QueueContact } from '../../../src/routing/model.js'
import { createDatabase } from '../../helpers/postgres.js'
import { createTestCentre } from '../../helpers/redis.js'
import { centreInForce, closedCentre, openCentre, startInstance, wanted } from './world.js'

const database = await createDatabase()
const redis = createTestCentre()
const centre = centreInForce()
const one = await startInstance({ redisUrl: redis.url, pgUrl: database.url, centreId: redis.centre, centre }, false)
t.teardown(async () => {
  await one.stop()
  await redis.cleanUp()
  await database.drop()
})
const { store, routing } = one
const calls: CallbackPort = one.ofCalls
const NOW = Date.now()
const ask = (contactId: string, more: Partial<HoldRequest> = {}): HoldRequest => ({
  contactId,
  queue: 'tax',
  number: `0105555${contactId.padStart(4, '0')}`,
  dialled: '120',
  priority: 50,
  enqueuedAt: NOW - 40_000,
  busyUntil: NOW + 6_000,
  ...more,
})

t.test('a hold: one promise however often it is asked for, at the place of the caller', async (t) => {
  const ids = await Promise.all([1, 2, 3].map(() => calls.hold(ask('11'), NOW)))
  t.equal(new Set(ids).size, 1)
  t.equal(await calls.hold(ask('11'), NOW + 1_000), ids[0])
  const row = await store.get(ids[0]!)
  t.match(row, {
    kind: 'virtual_hold',
    state: 'queued',
    enqueuedAt: NOW - 40_000,
    dueAt: NOW + 6_000,
    callerId: '0311200120',
    sourceContactId: '11',
  })
  t.match(await routing.getContact(row!.contactId!), { state: 'queued', enqueuedAt: NOW - 40_000, priority: 50 })
  t.equal((await store.openOf(ask('11').number)).length, 1)
})

t.test(
  'nothing is promised that means something else: another promise is open, hours are closed, it was superseded',
  async (t) => {
    await store.create(wanted(NOW, { queue: 'tax', number: ask('12').number, dueAt: NOW + 3_600_000 }), NOW)
    t.equal(await calls.hold(ask('12'), NOW), undefined)
    centre.apply(closedCentre)
    t.equal(await calls.hold(ask('13'), NOW), undefined)
    centre.apply(openCentre)
    t.same(await store.openOf(ask('13').number), [])
    const id = await calls.hold(ask('14'), NOW)
    await calls.supersede(id!, '15', NOW)
    t.equal(await calls.hold(ask('14'), NOW), undefined, 'the same call cannot wake it up again')
  },
)

t.test('superseded: the row ends, its contact leaves the core, its attempt is closed; twice is once', async (t) => {
  const id = (await calls.hold(ask('16'), NOW))!
  const { contactId } = (await store.get(id))!
  await store.claim(contactId!, { agentId: 'a01' }, NOW)
  await calls.supersede(id, '17', NOW)
  await calls.supersede(id, '17', NOW)
  t.match(await store.get(id), { state: 'superseded', supersededBy: '17', endedReason: 'citizen_rang_in' })
  t.match(await store.attempts(id), [{ result: 'superseded' }])
  t.equal(await routing.getContact(contactId!), undefined)
  await calls.supersede(id, '18', NOW)
  t.equal((await store.get(id))?.supersededBy, '17')
  await calls.supersede('00000000-0000-0000-0000-000000000000', '18', NOW)

  const lost: QueueContact = {
    contactId: contactId!,
    queue: 'tax',
    channel: 'voice',
    priority: 50,
    enqueuedAt: NOW,
    routes: [{ route: 'tax/0', afterMs: 0 }],
    ringMs: 1_000,
    rejectMs: 1_000,
  }
  await routing.queueContact(lost, NOW)
  await calls.supersede(id, '17', NOW)
  t.equal(await routing.getContact(contactId!), undefined, 'Redis was away the first time: the second look finds it')
})

t.test('taken back by the citizen: only while nobody is being phoned', async (t) => {
  const id = (await calls.hold(ask('19'), NOW))!
  t.equal(await calls.cancel(id, NOW), true)
  t.equal(await calls.cancel(id, NOW), false)
  t.match(await store.get(id), { state: 'cancelled', endedReason: 'by_citizen' })
  const other = (await calls.hold(ask('20'), NOW))!
  await store.claim((await store.get(other))!.contactId!, {}, NOW)
  t.equal(await calls.cancel(other, NOW), false)
})

t.test('whom it is offered to', async (t) => {
  const offer = (queue: string, number?: string, file = openCentre) => offerFor(file, queue, number, NOW)
  t.match(offer('tax', '01012345678'), { afterMs: 30_000, key: '9' })
  t.equal(offer('tax'), undefined, 'a withheld number')
  t.equal(offer('tax', '15881234'), undefined, 'nobody can be phoned there')
  t.equal(offer('disaster', '01012345678'), undefined, 'an emergency waits for nobody')
  t.equal(offer('tax', '01012345678', closedCentre), undefined)
  const { virtualHold: _, ...others } = openCentre.callbacks ?? {}
  t.equal(offer('tax', '01012345678', { ...openCentre, callbacks: others }), undefined)
})
