import t, { type Test } from 'tap'
import { keyOf } from '../../../src/platform/keys.js'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import type { QueueContact } from '../../../src/routing/model.js'
import { agentRoutes } from '../../../src/routing/rank.js'
import { queueRoutes } from '../../../src/routing/relax.js'
import { createTestCentre } from '../../helpers/redis.js'
import { POLICIES } from './history.js'

// What the reconciler asks of the core when its data do not fit together: such data are made by hand here.
const NOW = 1_763_700_000_000

async function createWorld(t: Test) {
  const centre = createTestCentre()
  t.teardown(() => centre.cleanUp())
  const core = new RedisRoutingCore(centre.redis, centre.centre)
  await core.prepare()
  const contact = (contactId: string): QueueContact => ({
    contactId,
    queue: 'tax',
    channel: 'voice',
    priority: 50,
    enqueuedAt: NOW,
    routes: queueRoutes(POLICIES[0]!),
    ringMs: 15_000,
    rejectMs: 10_000,
  })
  const agent = async (agentId: string) => {
    await core.setUpAgent({ agentId, routes: agentRoutes({ tax: 3 }, POLICIES), configVersion: 1 }, NOW)
    await core.setDevice(agentId, 'up', NOW)
    return core.setPresence(agentId, 'available', undefined, NOW)
  }
  return { ...centre, core, contact, agent, key: keyOf.bind(undefined, centre.centre) }
}

t.test('an agent whose work is in order is not released, an idle one stays as it is', async (t) => {
  const { core, contact, agent } = await createWorld(t)
  await t.rejects(core.releaseAgent('a1', NOW), { code: 'CTI_ERR_AGENT_NOT_FOUND' })
  const { agent: idle } = await agent('a1')
  t.strictSame((await core.releaseAgent('a1', NOW + 1)).agent, idle)
  const { reservations } = await core.queueContact(contact('c1'), NOW)
  const inOrder = { code: 'CTI_ERR_AGENT_WRONG_STATE' }
  await t.rejects(core.releaseAgent('a1', NOW), inOrder, 'reserved')
  await core.connectContact({ reservationId: reservations[0]!.id, token: reservations[0]!.token }, NOW)
  await t.rejects(core.releaseAgent('a1', NOW), inOrder, 'talking')
  await core.endTalk('c1', 30_000, 'caller', NOW)
  await t.rejects(core.releaseAgent('a1', NOW), inOrder, 'wrapping')
})

t.test('an agent who is busy with nothing is released, once, and gets the next contact', async (t) => {
  const { core, contact, agent, redis, key } = await createWorld(t)
  await agent('a1')
  // Still listed as free although the hash says otherwise: the worst case.
  await redis.hset(key('agent', 'a1'), { work: 'talking', contactId: 'c-gone', reservationId: 'r-gone' })
  const { agent: released, reservations } = await core.releaseAgent('a1', NOW + 5)
  t.match(released, { work: 'idle', idleSince: NOW + 5 })
  t.same(reservations, [])
  t.strictSame((await core.releaseAgent('a1', NOW + 6)).agent, released)

  await redis.hset(key('agent', 'a1'), { work: 'wrapping', contactId: 'c-gone', wrapUntil: NOW })
  await redis.zrem(key('free'), 'a1')
  for (const name of await redis.keys(key('freeIn', 'tax/*'))) await redis.zrem(name, 'a1')
  await core.queueContact(contact('c1'), NOW)
  const { reservations: next } = await core.releaseAgent('a1', NOW + 7)
  t.match(next, [{ contactId: 'c1', agentId: 'a1' }])
  t.equal((await core.queueContact(contact('c2'), NOW)).reservations.length, 0, 'promised once')
})

t.test('a contact whose hash was lost is queued again and promised once', async (t) => {
  const { core, contact, agent, redis, key } = await createWorld(t)
  await core.queueContact(contact('c1'), NOW)
  await redis.del(key('contact', 'c1'))
  t.same(await core.listContacts(), [], 'an id without a hash is nobody')
  await core.queueContact(contact('c1'), NOW)
  t.match(await core.listContacts(), [{ contactId: 'c1', state: 'queued', enqueuedAt: NOW }])
  await core.leaveQueue('c1', 'caller_hangup', NOW)

  // Waits beside a free agent that it is kept apart from, is lost, and is then promised at once: its old place must go.
  await agent('a1')
  await core.queueContact({ ...contact('c2'), excluded: ['a1'] }, NOW)
  await redis.del(key('contact', 'c2'))
  t.match((await core.queueContact(contact('c2'), NOW)).reservations, [{ contactId: 'c2', agentId: 'a1' }])
  t.equal((await agent('a2')).agent.work, 'idle', 'promised once')
})
