import t, { type Test } from 'tap'
import { keyOf } from '../../../src/platform/keys.js'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import type { QueueContact } from '../../../src/routing/model.js'
import { agentRoutes } from '../../../src/routing/rank.js'
import { queueRoutes } from '../../../src/routing/relax.js'
import { createTestCentre, type TestCentre } from '../../helpers/redis.js'
import { POLICIES } from './history.js'

const NOW = 1_763_700_000_000

interface World extends TestCentre {
  readonly core: RedisRoutingCore
  agent(id: string, skills: Record<string, number>, at?: number): Promise<void>
  contact(id: string, more?: Partial<QueueContact>): QueueContact
  events(): Promise<number>
}

async function createWorld(t: Test): Promise<World> {
  const centre = createTestCentre()
  t.teardown(() => centre.cleanUp())
  const core = new RedisRoutingCore(centre.redis, centre.centre)
  await core.prepare()
  return {
    ...centre,
    core,
    async agent(id, skills, at = NOW) {
      await core.setUpAgent({ agentId: id, routes: agentRoutes(skills, POLICIES), configVersion: 1 }, at)
      await core.setDevice(id, 'up', at)
      await core.setPresence(id, 'available', undefined, at)
    },
    contact: (id, more = {}) => {
      const policy = POLICIES.find((one) => one.id === (more.queue ?? 'tax'))!
      return {
        contactId: id,
        queue: policy.id,
        channel: 'voice',
        priority: 50,
        enqueuedAt: NOW,
        routes: queueRoutes(policy),
        ringMs: 15_000,
        rejectMs: 10_000,
        ...more,
      }
    },
    events: async () => centre.redis.xlen(keyOf(centre.centre, 'journal')),
  }
}

const promiseOf = (r: { id: string; token: number }) => ({ reservationId: r.id, token: r.token })

t.test('a command repeated in the state it led to answers alike and writes nothing', async (t) => {
  const { core, agent, contact, events } = await createWorld(t)
  await agent('a1', { tax: 3 })
  const twice = async (name: string, run: () => Promise<unknown>): Promise<unknown> => {
    const first = await run()
    const written = await events()
    t.same(await run(), first, `${name}: same answer`)
    t.equal(await events(), written, `${name}: no further event`)
    return first
  }
  const queued = (await twice('queue', () => core.queueContact(contact('c1'), NOW))) as Awaited<
    ReturnType<typeof core.queueContact>
  >
  const p = promiseOf(queued.reservations[0]!)
  await twice('ring', () => core.markRinging(p, NOW + 10))
  await twice('accept', () => core.acceptReservation(p, 'a1', NOW + 20))
  await twice('connect', () => core.connectContact(p, NOW + 30))
  await twice('hold', () => core.holdContact('c1', NOW + 40))
  await twice('park', () => core.parkContact('c1', NOW + 45))
  await twice('resume', () => core.resumeContact('c1', NOW + 50))
  await twice('end', () => core.endTalk('c1', 30_000, 'caller', NOW + 60))
  await twice('break while busy', () => core.setPresence('a1', 'break', 'lunch', NOW + 70))
  await twice('finish', () => core.finishWrapUp('a1', NOW + 80))
  t.match(
    await core.getAgent('a1'),
    { presence: 'break', breakReason: 'lunch', work: 'idle' },
    'the break began with the end of the work',
  )
  await twice('device', () => core.setDevice('a1', 'down', NOW + 90))
})

t.test('a fallen promise answers its repetition, and nobody else', async (t) => {
  const { core, agent, contact, events } = await createWorld(t)
  await agent('a1', { tax: 3 })
  await agent('a2', { tax: 3 }, NOW + 1)
  const { reservations } = await core.queueContact(contact('c1'), NOW + 5)
  const p = promiseOf(reservations[0]!)
  const rejected = await core.rejectReservation(p, 'a1', NOW + 10)
  t.match(rejected.reservations, [{ contactId: 'c1', agentId: 'a2' }], 'the next agent gets it, not the same')
  const written = await events()
  t.same((await core.rejectReservation(p, 'a1', NOW + 11)).reservations, [], 'rejecting again is fine')
  await t.rejects(core.acceptReservation(p, 'a1', NOW + 12), { code: 'CTI_ERR_RESERVATION_EXPIRED' })
  await t.rejects(core.connectContact(p, NOW + 12), { code: 'CTI_ERR_RESERVATION_EXPIRED' })
  const p2 = promiseOf(rejected.reservations[0]!)
  await t.rejects(core.acceptReservation(p2, 'a1', NOW + 12), { code: 'CTI_ERR_RESERVATION_OTHER_AGENT' })
  await t.rejects(core.acceptReservation({ ...p2, token: p.token }, 'a2', NOW + 12), {
    code: 'CTI_ERR_RESERVATION_STALE',
  })
  await t.rejects(core.timeOutReservation(p2, NOW + 12), { code: 'CTI_ERR_NOT_YET_DUE' })
  await t.rejects(
    core.acceptReservation(p2, 'a2', NOW + 15_010),
    { code: 'CTI_ERR_RESERVATION_EXPIRED' },
    'too late by the clock',
  )
  await t.rejects(core.acceptReservation({ reservationId: 'r1-1', token: 1 }, 'a1', NOW), {
    code: 'CTI_ERR_RESERVATION_NOT_FOUND',
  })
  t.equal(await events(), written, 'none of it changed anything')
  const late = await core.sweep(NOW + 15_010)
  t.match(
    late,
    { done: 1, reservations: [{ agentId: 'a1', contactId: 'c1' }] },
    'no answer: the pair that was apart may meet again',
  )
  t.match(await core.getAgent('a2'), { work: 'not_responding', workReason: 'no_answer' })
  t.match(await core.getContact('c1'), { enqueuedAt: NOW, attempts: 2 }, 'with its original wait')
})

t.test('the caller hangs up while it rings: cancelled, and the agent keeps its place', async (t) => {
  const { core, agent, contact } = await createWorld(t)
  await agent('a1', { tax: 3 }, NOW - 60_000)
  await agent('a2', { tax: 3 }, NOW - 30_000)
  const first = await core.queueContact(contact('c1'), NOW)
  t.match(await core.leaveQueue('c1', 'caller_hangup', NOW + 4_000), { state: 'reserved', waitedMs: 4_000 })
  await t.rejects(core.connectContact(promiseOf(first.reservations[0]!), NOW + 4_001), {
    code: 'CTI_ERR_RESERVATION_EXPIRED',
  })
  await t.rejects(core.leaveQueue('c1', 'caller_hangup', NOW + 4_002), { code: 'CTI_ERR_CONTACT_NOT_FOUND' })
  t.match(
    await core.queueContact(contact('c2', { enqueuedAt: NOW + 5_000 }), NOW + 5_000),
    { reservations: [{ agentId: 'a1' }] },
    'longest idle still',
  )
})

t.test('long heads of pairs kept apart are walked to the one that fits', async (t) => {
  const { core, agent, contact } = await createWorld(t)
  for (let n = 0; n < 40; n += 1) {
    await core.queueContact(contact(`c${n}`, { enqueuedAt: NOW + n, excluded: n < 39 ? ['a1'] : [] }), NOW + n)
  }
  t.equal(await core.getPosition('c39'), 39)
  await agent('a1', { tax: 3 }, NOW + 100)
  t.match(await core.getAgent('a1'), { work: 'reserved', contactId: 'c39' }, 'an agent skips 39 contacts')
  const many = Array.from({ length: 40 }, (_, n) => `b${n}`)
  for (const [n, id] of many.entries()) await agent(id, { water: 1 }, NOW + n)
  const { reservations } = await core.queueContact(
    contact('w', { queue: 'water', excluded: many.slice(0, 39) }),
    NOW + 200,
  )
  t.match(reservations, [{ agentId: 'b39' }], 'a contact skips 39 agents')
})

t.test('what cannot be is refused by name and changes nothing', async (t) => {
  const { core, agent, contact, events, redis, centre } = await createWorld(t)
  await agent('a1', { water: 1 })
  await core.queueContact(contact('c1', { limit: 1 }), NOW)
  const written = await events()
  const bad = { code: 'CTI_ERR_INVALID_ARGUMENT' }
  await t.rejects(core.queueContact(contact('c1', { enqueuedAt: NOW + 1 }), NOW + 1), {
    code: 'CTI_ERR_CONTACT_EXISTS',
  })
  await t.rejects(core.queueContact(contact('c2', { limit: 1 }), NOW), { code: 'CTI_ERR_QUEUE_FULL' })
  await t.rejects(core.queueContact(contact('c"2'), NOW), bad)
  await t.rejects(core.queueContact(contact('c2', { priority: 1.5 }), NOW), bad)
  await t.rejects(
    core.queueContact(contact('c2', { routes: [{ route: '@a1', afterMs: 0 }] }), NOW),
    bad,
    'personal routes are made, not given',
  )
  await t.rejects(core.queueContact(contact('c2', { excluded: ['a\n1'] }), NOW), bad)
  await t.rejects(core.leaveQueue('c1', 'x\r\nAction: Originate', NOW), bad)
  await t.rejects(core.setPresence('a1', 'asleep' as 'break', undefined, NOW), bad)
  await t.rejects(core.setPresence('nobody', 'break', 'lunch', NOW), { code: 'CTI_ERR_AGENT_NOT_FOUND' })
  await t.rejects(core.setPresence('a1', 'break', 'lunch', NOW, { ifVersion: 99 }), {
    code: 'CTI_ERR_VERSION_MISMATCH',
  })
  await t.rejects(core.endTalk('c1', 0, 'agent', NOW), { code: 'CTI_ERR_CONTACT_WRONG_STATE' })
  await t.rejects(core.extendWrapUp('a1', 1_000, NOW), { code: 'CTI_ERR_AGENT_WRONG_STATE' })
  await t.rejects(core.sweep(Number.NaN), bad)
  t.equal(await events(), written, 'nothing was written')
  const facts = { topic: '자동차세 "환급"\n', quote: "'}" }
  await core.queueContact(contact('c3', { facts }), NOW)
  const [last] = await redis.xrevrange(keyOf(centre, 'journal'), '+', '-', 'COUNT', 1)
  t.same(JSON.parse(last![1].at(-1)!).facts, facts, 'facts come out of the journal as they went in')
})

t.test('an agent taken out of the centre finishes its call and is gone', async (t) => {
  const { core, agent, contact } = await createWorld(t)
  await agent('a1', { tax: 3 })
  const { reservations } = await core.queueContact(contact('c1'), NOW)
  await core.connectContact(promiseOf(reservations[0]!), NOW + 1_000)
  await core.removeAgent('a1', NOW + 2_000)
  await core.queueContact(contact('c2', { enqueuedAt: NOW + 2_500 }), NOW + 2_500)
  t.match(await core.getAgent('a1'), { work: 'talking' }, 'the call goes on')
  await core.endTalk('c1', 10_000, 'caller', NOW + 3_000)
  t.match(await core.sweep(NOW + 13_000), { done: 1, reservations: [] }, 'nobody is given to it any more')
  t.same(await core.listAgents(), [])
  t.match(await core.listContacts(), [{ contactId: 'c2', state: 'queued' }])
})

t.test('a running system takes new routes without losing a call', async (t) => {
  const { core, agent, contact } = await createWorld(t)
  await agent('a1', { water: 1 })
  await core.queueContact(contact('c1'), NOW)
  const setup = (tax: number, configVersion: number) =>
    core.setUpAgent({ agentId: 'a1', routes: agentRoutes({ tax }, POLICIES), configVersion }, NOW + 1)
  t.match(await setup(5, 0), { reservations: [] }, 'an older file changes nothing')
  t.match(await setup(5, 2), { reservations: [{ contactId: 'c1', agentId: 'a1' }] }, 'a new skill matches at once')
})
