import t from 'tap'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import type { Citizen, Phone } from '../../helpers/callers.js'
import { registerPhone, startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { testSealing } from '../../helpers/sealing.js'
import { startTwoNodes } from '../../helpers/two-nodes.js'
import { until } from '../../helpers/until.js'

// One queue over two PBX nodes, one server that owns both: a caller at one, the agent's phone at the other.
const { world, two, phoneAt2, callAt2, expectClean } = await startTwoNodes(t)
t.afterEach(() => expectClean())

const core = new RedisRoutingCore(world.redis.redis, world.redis.centre)
const rings = (phone: Phone, what = 'the phone rings') => until(() => phone.isRinging(), { what, timeout: 40_000 })
const hear = (citizen: Citizen, phone: Phone, hz: { caller: number; agent: number }) =>
  until(() => citizen.audio?.hears(hz.agent) && phone.audio?.hears(hz.caller), { what: 'they hear each other' })
const row = async (caller: string) =>
  until(
    async () => {
      const { rows } = await world.postgres.query('SELECT * FROM contacts WHERE caller_index = $1', [
        testSealing.index(caller),
      ])
      return rows.find((one) => (one as { ended_at: Date | null }).ended_at !== null)
    },
    { what: 'the call is in the record', timeout: 40_000 },
  )

t.test('a caller at node1, the agent at node2: pop first, both hear, either hangs up', async (t) => {
  const phone = await phoneAt2('3004', { tone: 700 })
  const a4 = await world.signIn('a4')
  await a4.available()
  let poppedAt = 0
  a4.onEvent(({ type, time }) => {
    if (type === 'screenpop.created') poppedAt = time
  })
  for (const by of ['caller', 'agent'] as const) {
    const citizen = await world.call({ number: '7001', tone: 1100 })
    const contactId = await world.contactOf(citizen.caller)
    await rings(phone)
    // By the server's time: a busy test process may hear of the two in either order.
    const rangAt = Date.now()
    t.ok(await a4.popOf(contactId))
    t.ok(poppedAt > 0 && poppedAt <= rangAt, 'the pop was told before the phone rang')
    poppedAt = 0
    const invite = phone.invites().at(-1)!
    t.equal(invite.headers['x-contact-id'], contactId)
    t.match(invite.headers['call-info'], `contacts/${contactId}?queue=quick`)
    t.match(invite.headers.from, /빠른.*<sip:010\*{4}/, 'queue and masked number on the display')
    t.equal((await world.event(contactId, 'reservation.created')).data.node, 'node2')
    await a4.untilWork('ringing')
    await phone.answer()
    await hear(citizen, phone, { caller: 1100, agent: 700 })
    await world.event(contactId, 'contact.connected')
    await (by === 'caller' ? citizen.hangUp() : phone.hangUp())
    const { data } = await world.event(contactId, 'contact.wrapping')
    t.equal(data.endedBy, by)
    await a4.untilWork('idle')
    await until(() => !phone.isTalking() && citizen.byeFrom() !== undefined, { what: 'both have ended' })
    t.match(await row(citizen.caller), { agent_id: 'a4', queue: 'quick' })
  }
})

t.test('an agent at the other node holds the caller and takes the call again', async (t) => {
  const a4 = await world.signIn('a4')
  await a4.available()
  const phone = await phoneAt2('3004', { answerAfterMs: 200, holdAfterMs: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.connected')
  await world.event(contactId, 'contact.held')
  await until(() => citizen.audio?.hearsAnything(), { what: 'the caller hears music' })
  await world.event(contactId, 'contact.resumed')
  await a4.untilWork('talking')
  await citizen.hangUp()
  await a4.untilWork('idle')
  await phone.stop()
  t.match(await row(citizen.caller), { agent_id: 'a4', end_state: 'completed' })
})

t.test('what the phone at the other node says comes back as what it is', async (t) => {
  const a4 = await world.signIn('a4')
  await a4.available()
  const phone = await phoneAt2('3004', { tone: 700 })
  const near = await world.phone('3001', { tone: 500 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await rings(phone)
  const a1 = await world.signIn('a1')
  await a1.available()
  await phone.decline()
  await world.event(contactId, 'reservation.rejected')
  await rings(near, 'the next agent rings, at node1')
  await near.answer()
  await hear(citizen, near, { caller: 1100, agent: 500 })
  t.equal((await a4.me())?.work, 'idle', 'who declined is not blamed')
  await citizen.hangUp()
  await a1.untilWork('idle')
  await a1.offline()
  await phone.stop()

  const busy = await phoneAt2('3004', { refuse: 486 })
  const second = await world.call({ number: '7001' })
  const failed = await world.event(await world.contactOf(second.caller), 'reservation.failed')
  t.equal(failed.data.reason, 'busy')
  await busy.stop()
  await second.hangUp()

  await a4.available()
  const quiet = await phoneAt2('3004')
  const third = await world.call({ number: '7002' })
  await rings(quiet)
  await world.event(await world.contactOf(third.caller), 'reservation.timed_out')
  await until(() => !quiet.isRinging(), { what: 'the phone rings no more' })
  await third.hangUp()
  await a4.offline()

  const r1 = await world.signIn('r1')
  await r1.available()
  await core.setDevice('r1', 'up', Date.now(), 'node2')
  const fourth = await world.call({ number: '7001' })
  const gone = await world.event(await world.contactOf(fourth.caller), 'reservation.failed')
  t.equal(gone.data.reason, 'unregistered', 'the core had not heard yet that it went away')
  await core.setDevice('r1', 'down', Date.now(), 'node2')
  await fourth.hangUp()
})

t.test('a phone that moves from one node to the other is rung where it is', async (t) => {
  const r1 = await world.signIn('r1')
  await r1.available()
  const port = await findUdpPort()
  const account = { user: '2001', password: two.phonePassword, port }
  const atOne = { ...account, password: world.asterisk.phonePassword }
  const nodes = async () => (await core.getAgent('r1'))?.deviceNodes?.join()
  const start = () => startPhone({ port, tone: 700 })
  await registerPhone(two, account)
  let phone = await start()
  t.teardown(() => phone.stop())
  await until(async () => (await nodes()) === 'node2', { what: 'it is up at node2' })
  await phone.stop()
  await registerPhone(world.asterisk, atOne)
  phone = await start()
  await until(async () => (await nodes()) === 'node1,node2', { what: 'it is up at node1, too, and rung there' })
  await phone.stop()
  await registerPhone(two, { ...account, expires: 0 })
  phone = await start()
  await until(async () => (await nodes()) === 'node1', { what: 'it is gone from node2, which changes nothing' })
  t.equal((await core.getAgent('r1'))?.device, 'up')
  const citizen = await callAt2({ number: '7001', tone: 1100 })
  await rings(phone)
  await phone.answer()
  await hear(citizen, phone, { caller: 1100, agent: 700 })
  const contactId = await world.contactOf(citizen.caller)
  t.equal((await world.event(contactId, 'contact.created')).data.node, 'node2')
  t.equal((await core.getContact(contactId))?.node, 'node2')
  const { status } = await r1.request('POST', `/v1/contacts/${contactId}/hang-up`, {})
  t.equal(status, 202, 'a command finds the call whichever node it is at')
  await r1.untilWork('idle')
  await phone.stop()
  await registerPhone(world.asterisk, { ...atOne, expires: 0 })
  await until(async () => (await core.getAgent('r1'))?.device === 'down', { what: 'it is gone everywhere' })
})

t.test('node2 dies under calls: only its own are lost, its agents come back with their phones', async (t) => {
  const [a1, a4] = [await world.signIn('a1'), await world.signIn('a4')]
  const [phone1, phone4] = [await world.phone('3001', { tone: 500 }), await phoneAt2('3004', { tone: 700 })]
  await a1.available()
  const atHome = await world.call({ number: '7001', tone: 1100 })
  await rings(phone1)
  await phone1.answer()
  await hear(atHome, phone1, { caller: 1100, agent: 500 })
  await a4.available()
  const across = await world.call({ number: '7001', tone: 1200 })
  await rings(phone4)
  await phone4.answer()
  await hear(across, phone4, { caller: 1200, agent: 700 })
  const a2 = await world.signIn('a2')
  const phone2 = await world.phone('3002', { tone: 600 })
  await a2.available()
  const theirs = await callAt2({ number: '7001', tone: 1500 })
  await rings(phone2)
  await phone2.answer()
  await hear(theirs, phone2, { caller: 1500, agent: 600 })
  const waiting = await world.call({ number: '7001', tone: 1300 })
  const lost = await callAt2({ number: '7001', tone: 1400 })
  const [waitId, lostId] = [await world.contactOf(waiting.caller), await world.contactOf(lost.caller)]
  const { enqueuedAt } = (await world.event(waitId, 'contact.queued')).data
  await world.event(lostId, 'contact.queued')

  const offersOfA4 = async () =>
    (await world.journal()).filter((e) => e.type === 'reservation.created' && e.data.agentId === 'a4').length
  const offered = await offersOfA4()
  const killedAt = performance.now()
  await two.kill()
  const acrossId = await world.contactOf(across.caller)
  await world.event(acrossId, 'contact.wrapping')
  t.comment(`the talk over the trunk ended after ${Math.round(performance.now() - killedAt)} ms`)
  await until(async () => (await core.getAgent('a4'))?.device === 'down', { what: "node2's phones are down" })
  t.ok(atHome.audio?.hears(500), 'the talk within node1 goes on')
  const left = await until(async () => (await world.story(lostId)).find((e) => e.type === 'contact.abandoned'), {
    what: "node2's caller is given up",
    timeout: 40_000,
  })
  t.comment(`its caller was given up after ${Math.round(performance.now() - killedAt)} ms`)
  t.match(left.data, { reason: 'lost' })
  await until(() => !phone2.isTalking(), { what: "node1 has ended the agent's half of a talk with node2's caller" })
  await rings(phone2, 'that agent is free for the next caller')
  t.equal((await a4.me())?.work, 'idle')
  t.equal(await offersOfA4(), offered, 'no offer to an agent whose phone is gone')

  await phone2.decline()
  await world.event(waitId, 'reservation.rejected')
  await a2.offline()
  const before = (await world.journal()).length
  await two.restart()
  await rings(phone4, 'the phone at node2 is rung again')
  const blamed = (await world.journal()).slice(before).filter((e) => e.type === 'reservation.failed')
  t.strictSame(
    blamed.filter((e) => e.data.reason !== 'pbx_away'),
    [],
    'nobody is blamed for a trunk that is not up yet',
  )
  await phone4.answer()
  await hear(waiting, phone4, { caller: 1300, agent: 700 })
  t.equal((await world.event(waitId, 'contact.connected')).data.enqueuedAt, enqueuedAt, 'with the old place')
  t.ok(atHome.audio?.hears(500), 'the talk within node1 still goes on')
  await waiting.hangUp()
  await atHome.hangUp()
  for (const agent of [a1, a4]) await agent.untilWork('idle')
  t.match(await row(lost.caller), { end_reason: 'lost' })
  t.match(await row(across.caller), { agent_id: 'a4' })
})
