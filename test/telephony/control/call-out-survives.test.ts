import t from 'tap'
import { startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { ownsNode, type TestServer } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A server dies between two steps of a call that an agent places: nobody is phoned twice, nobody stays behind on a line.
const trunkPort = await findUdpPort()
const world = await startWorld({
  server: 'none',
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
})
t.teardown(() => world.stop())

async function serve(fault?: string): Promise<TestServer> {
  const armed: Record<string, string> =
    fault === undefined ? {} : { CTI_FAULT: fault, CTI_FAULT_CENTRE: world.redis.centre }
  const server = await world.startStandby(armed)
  await until(() => ownsNode(server), { what: 'the server owns the node', timeout: 20_000 })
  world.turnTo(server)
  return server
}

/** Lets a server die at a fault point of a call out, and starts the next one. */
async function dieAt(fault: string) {
  const citizen = await startPhone({ port: trunkPort, tone: 1100 })
  const phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })
  const first = await serve(fault)
  const desk = await world.signIn('a1')
  await desk.available()
  // The answer may die with the server.
  await desk.request('POST', '/v1/calls', { to: { number: '01071234567' }, queue: 'quick' }).catch(() => undefined)
  t.equal(await first.exited, 'SIGKILL')
  const next = await serve()
  return { citizen, phone, next, a1: await world.signIn('a1') }
}

async function close(server: TestServer, citizen: { stop(): Promise<unknown> }) {
  await world.expectClean()
  await server.stop()
  await citizen.stop()
}

t.test('dead before the agent was promised: nothing has happened', async (t) => {
  const { citizen, phone, next, a1 } = await dieAt('callout.place.before')
  t.match(await a1.me(), { work: 'idle' })
  t.equal(phone.invites().length + citizen.invites().length, 0)
  await close(next, citizen)
})

t.test('dead before it was dialled: the agent, who is on the line, is served on', async (t) => {
  const { citizen, phone, next, a1 } = await dieAt('outbound.claim.before')
  await until(() => citizen.isRinging(), { what: 'it rings outside' })
  await citizen.answer()
  await until(() => phone.audio?.hears(1100), { what: 'they talk' })
  t.equal(citizen.invites().length, 1)
  await citizen.hangUp()
  await a1.untilWork('idle')
  await close(next, citizen)
})

t.test('dead at the dialling: over, since nobody can say whether it has rung', async (t) => {
  const { citizen, phone, next, a1 } = await dieAt('outbound.dial.before')
  await a1.untilWork('idle')
  await until(() => !phone.isTalking(), { what: "the agent's phone is free" })
  t.equal(citizen.invites().length, 0)
  await close(next, citizen)
})

t.test('dead while it rings, and dead in the talk: the next one goes on, it rang once', async (t) => {
  const { citizen, phone, next } = await dieAt('outbound.dial.after')
  await until(() => citizen.isRinging(), { what: 'it rings outside' })
  await citizen.answer()
  await until(() => phone.audio?.hears(1100), { what: 'they talk' })
  await next.kill()
  const third = await serve()
  const a1 = await world.signIn('a1')
  await a1.untilWork('talking')
  t.ok(phone.isTalking() && citizen.isTalking(), 'and was not cut')
  await citizen.hangUp()
  await a1.untilWork('idle')
  t.equal(citizen.invites().length, 1)
  await close(third, citizen)
})

t.test(
  'two colleagues talk, the server is killed: they talk on, the next one holds and ends their call, both are free',
  async (t) => {
    const phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })
    const colleague = await world.phone('3002', { answerAfterMs: 1, tone: 500 })
    const first = await serve()
    let [a1, a2] = await Promise.all([world.signIn('a1'), world.signIn('a2')])
    await Promise.all([a1.available(), a2.available()])
    const placed = await a1.request<{ contactId: string }>('POST', '/v1/calls', { to: { agent: 'a2' } })
    const { contactId } = placed.body
    const talk = () => phone.audio?.hears(500) && colleague.audio?.hears(700)
    await until(talk, { what: 'the two talk' })
    await a1.untilWork('talking')
    await first.kill()
    const next = await serve()
    ;[a1, a2] = await Promise.all([world.signIn('a1'), world.signIn('a2')])
    t.match(await a1.untilWork('talking'), { contactId })
    await until(async () => (await a2.me())?.device === 'busy', { what: 'nobody is offered to the colleague' })
    t.ok(talk(), 'nothing was cut')
    const call = () => a1.request<{ queue?: string; state?: string }>('GET', `/v1/contacts/${contactId}/call`)
    await until(async () => (await call()).status === 200, { what: 'the next server carries the call' })
    t.match((await call()).body, { state: 'connected', queue: 'INTERNAL', agentId: 'a1' })
    t.equal((await a1.request('POST', `/v1/contacts/${contactId}/hold`, {})).status, 200)
    await until(() => colleague.audio?.hearsAnything() && !colleague.audio.hears(700), { what: 'music' })
    t.equal((await a1.request('POST', `/v1/contacts/${contactId}/resume`, {})).status, 200)
    await until(talk, { what: 'back' })
    await colleague.hangUp()
    await until(() => !phone.isTalking(), { what: "the other one's phone has hung up" })
    await a1.untilWork('idle')
    await until(async () => (await a2.me())?.device === 'up', { what: 'the colleague is free' })
    t.match(await a2.me(), { work: 'idle', presence: 'available' })
    t.equal(phone.invites().length + colleague.invites().length, 2, 'each was rung once')
    await world.expectClean()
    await next.stop()
  },
)
