import t from 'tap'
import { sealWritten } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Who gets whom, with real calls; the rule itself is held by the routing suites.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
const a3 = await world.signIn('a3')
const a4 = await world.signIn('a4')
const a5 = await world.signIn('a5')
t.afterEach(() => world.expectClean())

/** Agents the contact was promised to so far. */
const promisedTo = async (contactId: string) =>
  (await world.story(contactId)).flatMap((e) => (e.type === 'reservation.created' ? [e.data.agentId] : []))
const call = async (number: string) => {
  const citizen = await world.call({ number })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  return { citizen, contactId }
}

t.test('two callers, one agent: served in their order', async (t) => {
  const first = await call('7001')
  const second = await call('7001')
  const phone = await world.phone('3001')
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  t.same(await promisedTo(first.contactId), ['a1'])
  t.same(await promisedTo(second.contactId), [])
  await phone.answer()
  await a1.untilWork('talking')
  t.same(await promisedTo(second.contactId), [], 'nothing while talking')
  await first.citizen.hangUp()
  await world.event(second.contactId, 'reservation.created')
  await until(() => phone.invites().length === 2 && phone.isRinging(), { what: 'the phone rings for the second' })
  await second.citizen.hangUp()
})

t.test('a disaster goes before those who came earlier', async (t) => {
  const ordinary = await call('7001')
  const disaster = await call('7006')
  const phone = await world.phone('3001')
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  t.same([await promisedTo(ordinary.contactId), await promisedTo(disaster.contactId)], [[], ['a1']])
  await disaster.citizen.hangUp()
  await world.event(ordinary.contactId, 'reservation.created')
  await ordinary.citizen.hangUp()
})

t.test('the highest level is rung first, then who has been idle longest', async (t) => {
  await a1.available()
  await a2.available()
  await a3.available()
  await Promise.all(['3001', '3002', '3003'].map((device) => world.phone(device)))
  const first = await call('7001')
  await world.event(first.contactId, 'reservation.created')
  const second = await call('7001')
  await world.event(second.contactId, 'reservation.created')
  t.same(await promisedTo(first.contactId), ['a3'], 'general 5')
  t.same(await promisedTo(second.contactId), ['a1'], 'level 3 like a2, but idle for longer')
  await first.citizen.hangUp()
  await second.citizen.hangUp()
})

t.test('relaxation: those with less skill are asked after a while, without any skill never', async (t) => {
  await a5.available()
  await a1.available()
  const phone = await world.phone('3001')
  await world.phone('3005')
  const { citizen, contactId } = await call('7004')
  const relaxing = await call('7003')
  await world.event(relaxing.contactId, 'contact.relaxed', 2)
  await until(() => phone.isRinging(), { what: 'the phone of a1 rings after the second step' })
  t.equal((await world.event(relaxing.contactId, 'reservation.created')).data.route, 'tax/2')
  t.same(await promisedTo(contactId), [], 'the expert queue has no step: it waits')
  await relaxing.citizen.hangUp()
  await citizen.hangUp()
  t.equal(a5.of('reservation.created').length, 0, 'a5 has none of the skills')
})

t.test('a queue that needs two skills; one agent serves several queues', async (t) => {
  await Promise.all([a2, a5, a4].map((desk) => desk.available()))
  const phone = await world.phone('3004')
  const both = await call('7005')
  await until(() => phone.isRinging(), { what: 'the phone of a4 rings' })
  t.same(await promisedTo(both.contactId), ['a4'], 'tax alone (a2) or Vietnamese alone (a5) is not enough')
  await phone.answer()
  await a4.untilWork('talking')
  await both.citizen.hangUp()
  await a4.untilWork('idle')
  await a2.offline()
  const plain = await call('7001')
  await until(() => phone.invites().length === 2 && phone.isRinging(), {
    what: 'the same phone rings for another queue',
  })
  t.same(await promisedTo(plain.contactId), ['a4'])
  await plain.citizen.hangUp()
})

t.test('a match while a prompt is playing: the prompt is cut, the two talk', async (t) => {
  const citizen = await world.call({ number: '7011', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.position_changed')
  const phone = await world.phone('3001', { tone: 700 })
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'the caller hears the agent only' })
  await until(() => phone.audio?.hears(1100), { what: 'the agent hears the caller' })
  const story = await world.story(contactId)
  t.equal(story.filter((e) => e.type === 'contact.position_changed').length, 1)
  await citizen.hangUp()
  await a1.untilWork('idle')
})

t.test('a match before the announcement: it is not played to somebody who is being connected', async () => {
  const phone = await world.phone('3001', { answerAfterMs: 0, tone: 700 })
  await a1.available()
  const citizen = await world.call({ number: '7011', tone: 1100 })
  await until(() => citizen.audio?.hears(700), { what: 'the caller hears the agent' })
  await until(() => phone.audio?.hears(1100), { what: 'the agent hears the caller' })
  await citizen.hangUp()
})

t.test('sticky: the last agent is waited for, for a while', async (t) => {
  const citizenId = '0f3b1c52-5f0e-4c3e-9a40-3f0a1d6f7a01'
  const caller = '01055550001'
  await world.postgres.query('INSERT INTO citizens (id, name, phone, created_by) VALUES ($1, $2, $3, $4)', [
    citizenId,
    '홍길동',
    caller,
    'test',
  ])
  await world.postgres.query(
    `INSERT INTO tickets (id, number, citizen_id, subject, created_by) VALUES ($1, $2, $3, $4, $5)`,
    ['0f3b1c52-5f0e-4c3e-9a40-3f0a1d6f7a02', 'T-1', citizenId, '도로 파손', 'test'],
  )
  await world.postgres.query(
    `INSERT INTO contacts (id, caller, state, agent_id, created_at, connected_at, ended_at, end_state)
     VALUES ('earlier', $1, 'completed', 'a1', now() - interval '1 hour', now() - interval '1 hour', now() - interval '59 minutes', 'completed')`,
    [caller],
  )
  await sealWritten(world.postgres)
  await a1.available()
  await a3.available()
  const [phone1] = await Promise.all([world.phone('3001'), world.phone('3003')])
  const other = await call('7001')
  await world.event(other.contactId, 'reservation.created')
  t.same(await promisedTo(other.contactId), ['a3'], 'a stranger goes to the higher level')
  await other.citizen.hangUp()
  await a3.untilWork('idle')

  const citizen = await world.call({ number: '7001', caller })
  await until(() => phone1.isRinging(), { what: 'the phone of the last agent rings' })
  const pop = await a1.popOf(await world.contactOf(caller))
  t.equal(pop.context?.citizen?.id, citizenId)
  t.equal(pop.context?.tickets[0]?.number, 'T-1')
  t.equal(pop.context?.contacts[0]?.id, 'earlier')
  await phone1.answer()
  await a1.untilWork('talking')

  // The agent is busy now: the same caller from elsewhere waits for the agent, then anybody may take it.
  const again = await world.call({ number: '120', caller })
  const contactId = await until(
    async () => {
      const id = await world.contactOf(caller)
      return id === pop.contactId ? undefined : id
    },
    { what: 'the second call is in the journal' },
  )
  const queued = await world.event(contactId, 'contact.queued')
  t.equal(queued.data.preferredAgent, 'a1')
  const taken = await world.event(contactId, 'reservation.created')
  t.equal(taken.data.agentId, 'a3')
  t.ok(taken.data.createdAt - queued.data.enqueuedAt >= 2000, 'after the two seconds of the centre file')
  await again.hangUp()
  await citizen.hangUp()
})
