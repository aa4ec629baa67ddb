import { pino } from 'pino'
import t, { type Test } from 'tap'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { Lease } from '../../../src/lease/lease.js'
import type { Term } from '../../../src/lease/term.js'
import type { Fence } from '../../../src/platform/fence.js'
import { keyOf } from '../../../src/platform/keys.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import { testEnvironment } from '../../helpers/environment.js'
import { createGate } from '../../helpers/gate.js'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { createTestCentre, type TestCentre } from '../../helpers/redis.js'
import { until } from '../../helpers/until.js'

const logger = pino({ level: 'silent' })

function stand(t: Test, centre: TestCentre, owner: string, url = centre.url, notBeforeMs = 0) {
  const redis = connectRedis({ url, name: `test-${owner}`, offlineQueue: false, maxRetries: 0 })
  const terms: Term[] = []
  let lost = 0
  const lease = new Lease({
    redis,
    centre: centre.centre,
    node: 'node1',
    owner,
    notBeforeMs,
    logger,
    onTerm: (term) => void terms.push(term),
    onOver: () => {
      lost += 1
    },
  })
  t.teardown(async () => {
    await lease.release()
    redis.disconnect()
  })
  return { lease, terms, redis, lost: () => lost, owns: () => lease.term?.mayAct() === true }
}

const fenceOf = (centre: TestCentre, token: string, refused: () => void = () => undefined): Fence => ({
  key: keyOf(centre.centre, 'leaseToken', 'node1'),
  token,
  mayAct: () => true,
  onRefused: refused,
})

function openCentre(t: Test): TestCentre {
  const centre = createTestCentre()
  t.teardown(() => centre.cleanUp())
  return centre
}

t.test('one owner; given up, the next one has it under a larger token; dead, when it has run out', async (t) => {
  const centre = openCentre(t)
  const [a, b] = [stand(t, centre, 'a'), stand(t, centre, 'b')]
  await a.lease.start()
  t.ok(a.owns(), 'a free lease is had at once')
  await b.lease.start()
  t.notOk(b.owns())
  t.equal(b.lease.owner, 'a', 'a standby knows the owner')
  const first = a.lease.term
  await a.lease.release()
  t.equal(first?.mayAct(), false)
  await until(() => b.owns(), { what: 'the other one has it' })
  t.ok(Number(b.terms[0]?.token) > Number(first?.token))

  const c = stand(t, centre, 'c')
  await c.lease.start()
  // A process that dies takes its connection along and says nothing.
  b.redis.disconnect()
  await until(() => c.owns(), { what: 'the third one has it' })
  t.ok(Number(c.terms[0]?.token) > Number(b.terms[0]?.token))
})

t.test('whose home it is not asks later, and takes it all the same when nobody else does', async (t) => {
  const centre = openCentre(t)
  const [guest, home] = [stand(t, centre, 'guest', centre.url, 500), stand(t, centre, 'home')]
  await guest.lease.start()
  t.notOk(guest.owns(), 'free, but not asked for yet')
  await home.lease.start()
  t.ok(home.owns())
  await until(() => guest.lease.owner === 'home', { what: 'the guest has asked' })
  await home.lease.release()
  await until(() => guest.owns(), { what: 'the guest has it' })
})

t.test('Redis away: the owner goes on and keeps its term; a standby does not jump in when it is back', async (t) => {
  const centre = openCentre(t)
  const gate = await createGate(testEnvironment('CTI_TEST_REDIS_URL'))
  t.teardown(() => gate.shut())
  const [a, b] = [stand(t, centre, 'a', gate.url), stand(t, centre, 'b', gate.url)]
  await a.lease.start()
  await b.lease.start()
  const term = a.lease.term
  await gate.shut()
  await until(() => term?.isSure === false, { what: 'the lease has run out', timeout: 10_000 })
  t.ok(term?.mayAct(), 'calls flow on')
  await gate.open()
  await until(() => term?.isSure, { what: 'the owner has it again', timeout: 10_000 })
  t.equal(a.terms.length, 1)
  t.equal(b.terms.length, 0)
  t.equal(a.lost(), 0)
})

t.test(
  'Redis stands still: the owner keeps its term; the questions that lie there give the standby nothing',
  async (t) => {
    const redis = await startOwnRedis()
    t.teardown(() => redis.remove())
    const centre = openCentre(t)
    const [a, b] = [stand(t, centre, 'a', redis.url), stand(t, centre, 'b', redis.url)]
    await a.lease.start()
    await b.lease.start()
    const term = a.lease.term
    for (let round = 0; round < 3; round++) {
      redis.freeze()
      await until(() => term?.isSure === false, { what: 'the lease has run out', timeout: 10_000 })
      t.ok(term?.mayAct(), 'calls flow on')
      redis.thaw()
      await until(() => term?.isSure, { what: 'the owner has it again', timeout: 10_000 })
    }
    t.equal(a.terms.length, 1)
    t.equal(b.terms.length, 0)
    t.equal(a.lost(), 0)
    t.equal(b.lease.owner, 'a')
  },
)

t.test('taken over behind its back: the owner loses it; emptied, it keeps it', async (t) => {
  const centre = openCentre(t)
  const a = stand(t, centre, 'a')
  await a.lease.start()
  const lease = keyOf(centre.centre, 'lease', 'node1')
  const counter = keyOf(centre.centre, 'leaseToken', 'node1')
  const token = a.lease.term?.token
  await centre.redis.del(lease, counter)
  await until(async () => (await centre.redis.get(counter)) === token, { what: 'it is there again' })
  t.equal(a.terms.length, 1, 'the same term')
  await centre.redis.set(lease, `${Number(token) + 1} other`)
  await until(() => a.lost() === 1, { what: 'the loss is told' })
  t.notOk(a.owns())
  await centre.redis.del(lease)
  await until(() => a.owns(), { what: 'it has it again' })
  t.ok(Number(a.lease.term?.token) > Number(token), 'in a new term')
})

t.test('a token that a failover lost is never given out again, whatever the clock of the new primary', async (t) => {
  const centre = openCentre(t)
  const a = stand(t, centre, 'a')
  await a.lease.start()
  const [lease, counter] = [keyOf(centre.centre, 'lease', 'node1'), keyOf(centre.centre, 'leaseToken', 'node1')]
  // An hour ahead: the clock of the primary that died.
  const lost = String(Date.now() + 3_600_000)
  await centre.redis.set(lease, `${lost} other`)
  await until(() => a.lease.owner === 'other', { what: 'the other one is heard of' })
  await centre.redis.set(counter, '1')
  await centre.redis.del(lease)
  await until(() => a.owns(), { what: 'it has the node' })
  t.ok(Number(a.lease.term?.token) > Number(lost))
})

t.test('an older token changes nothing, in the core and in the journal, and its owner hears it', async (t) => {
  const centre = openCentre(t)
  const a = stand(t, centre, 'a')
  await a.lease.start()
  const token = a.lease.term?.token ?? ''
  const plain = new RedisRoutingCore(centre.redis, centre.centre)
  await plain.prepare()
  let refused = 0
  const old = fenceOf(centre, String(Number(token) - 1), () => {
    refused += 1
  })
  const moment = async () => JSON.stringify(await plain.snapshot([]))
  const before = await moment()
  const core = new RedisRoutingCore(centre.redis, centre.centre, old)
  const setup = { agentId: 'a1', routes: [], configVersion: 1 }
  const notOwner = { code: 'CTI_ERR_NOT_OWNER' }
  await t.rejects(core.setUpAgent(setup, 1_763_700_000_000), notOwner)
  await t.rejects(core.leaveQueue('c1', 'lost', 1_763_700_000_000), notOwner)
  const event = { subject: 'contact:c1', contactId: 'c1', time: 1_763_700_000_000, data: { prompts: [] } }
  await t.rejects(createJournalWriter(centre.redis, centre.centre, old).append('contact.ivr_entered', event), notOwner)
  t.equal(await moment(), before)
  t.equal(refused, 3)

  const present = fenceOf(centre, token)
  await new RedisRoutingCore(centre.redis, centre.centre, present).setUpAgent(setup, 1_763_700_000_000)
  await createJournalWriter(centre.redis, centre.centre, present).append('contact.ivr_entered', event)
  t.equal((await plain.listAgents()).length, 1)
  const paused: Fence = { ...present, mayAct: () => false }
  await t.rejects(new RedisRoutingCore(centre.redis, centre.centre, paused).removeAgent('a1', 1), notOwner)
  t.equal((await plain.listAgents()).length, 1)
})
