import t from 'tap'
import { openPromises } from '../../helpers/callbacks.js'
import { startPhone } from '../../helpers/callers.js'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { findUdpPort } from '../../helpers/ports.js'
import type { TestServer } from '../../helpers/server.js'
import { ownsNode } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A server dies between two steps of a call-back, or Redis loses everything: nobody is phoned twice, nobody is forgotten.
const trunkPort = await findUdpPort()
// Of its own: it is emptied.
const ownRedis = await startOwnRedis()
const world = await startWorld({
  redisUrl: ownRedis.url,
  server: 'none',
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
})
t.teardown(async () => {
  await world.stop()
  await ownRedis.remove()
})
const promises = openPromises(world)
let phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })

async function serve(fault?: string): Promise<TestServer> {
  const armed: Record<string, string> =
    fault === undefined ? {} : { CTI_FAULT: fault, CTI_FAULT_CENTRE: world.redis.centre }
  const server = await world.startStandby(armed)
  await until(() => ownsNode(server), { what: 'the server owns the node', timeout: 20_000 })
  world.turnTo(server)
  return server
}

/** Lets a server die at a fault point of a try, and starts the next one. */
async function dieAt(fault: string) {
  const first = await serve(fault)
  const a1 = await world.signIn('a1')
  await a1.available()
  const { id } = await promises.promise()
  t.equal(await first.exited, 'SIGKILL')
  const next = await serve()
  return { id, next, a1: await world.signIn('a1') }
}

async function close(server: TestServer) {
  await promises.endAll()
  await world.expectClean()
  await server.stop()
  phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })
}

t.test('dead after the claim, before the phone rang: the try is lost, and never made a second time', async (t) => {
  const citizen = await startPhone({ port: trunkPort })
  t.teardown(() => citizen.stop())
  const { id, next } = await dieAt('outbound.dial.before')
  t.ok((await promises.untilState(id, 'no_answer')).dueAt > Date.now() + 60_000, 'it is tried again later')
  t.match(await promises.attempts(id), [{ ordinal: 1, result: 'lost' }])
  t.equal(citizen.invites().length, 0)
  await close(next)
})

t.test('dead before the claim: nothing was dialled, the agent who waits on the line is served on', async (t) => {
  const citizen = await startPhone({ port: trunkPort, answerAfterMs: 1, tone: 1100 })
  t.teardown(() => citizen.stop())
  const { id, next, a1 } = await dieAt('outbound.claim.before')
  await until(() => phone.audio?.hears(1100), { what: 'they talk' })
  t.equal(citizen.invites().length, 1)
  await citizen.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp('resolved')
  t.match(await promises.untilState(id, 'completed'), { attempts: 1 })
  await close(next)
})

t.test('dead while the phone rings, and dead in the talk: the next one goes on, the phone rang once', async (t) => {
  const citizen = await startPhone({ port: trunkPort, tone: 1100 })
  t.teardown(() => citizen.stop())
  const { id, next } = await dieAt('outbound.dial.after')
  await until(() => citizen.isRinging(), { what: "the citizen's phone rings" })
  await citizen.answer()
  await until(() => phone.audio?.hears(1100), { what: 'they talk' })
  await promises.untilState(id, 'connected')
  await next.kill()
  const third = await serve()
  const a1 = await world.signIn('a1')
  await until(async () => (await a1.me())?.work === 'talking', { what: 'the talk is known' })
  t.ok(phone.isTalking() && citizen.isTalking(), 'and was not cut')
  await citizen.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp('resolved')
  t.match(await promises.untilState(id, 'completed'), { attempts: 1 })
  t.equal(citizen.invites().length, 1, 'it rang once')
  await close(third)
})

t.test('Redis loses everything while one waits: it is queued anew at its old place', async (t) => {
  const citizen = await startPhone({ port: trunkPort, answerAfterMs: 1 })
  t.teardown(() => citizen.stop())
  const server = await serve()
  const a1 = await world.signIn('a1')
  await a1.available()
  await phone.stop()
  const busy = await world.phone('3001', { answerAfterMs: 1 })
  const caller = await world.call({ number: '7001' })
  await a1.untilWork('talking')
  const { id } = await promises.promise({ kind: 'virtual_hold', queue: 'quick', enqueuedAt: Date.now() - 60_000 })
  const before = await promises.untilState(id, 'queued')
  await world.redis.redis.flushall()
  await until(async () => (await promises.store.get(id))?.contactId !== before.contactId, {
    what: 'it is queued anew',
    timeout: 40_000,
  })
  t.equal((await promises.store.get(id))?.enqueuedAt, before.enqueuedAt)
  await caller.hangUp()
  await promises.untilState(id, 'connected')
  t.equal(citizen.invites().length, 1)
  await citizen.hangUp()
  await promises.untilState(id, 'completed')
  await busy.stop()
  await promises.endAll()
  await world.expectClean()
  await server.stop()
})
