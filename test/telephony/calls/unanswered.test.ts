import t from 'tap'
import { registerPhone, startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// The agent's side does not take the call: missed, rejected and failed are three different things, and the caller keeps the place.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
const r1 = await world.signIn('r1')
t.afterEach(() => world.expectClean())

t.test(
  'no answer: timed out, the agent is not responding, the next one gets the caller with the original wait',
  async (t) => {
    await a1.available()
    const silent = await world.phone('3001')
    const citizen = await world.call({ number: '7002' })
    const contactId = await world.contactOf(citizen.caller)
    await until(() => silent.isRinging(), { what: 'the first phone rings' })
    const first = await world.event(contactId, 'contact.queued')
    await world.event(contactId, 'reservation.timed_out')
    t.match(await a1.untilWork('not_responding'), { presence: 'available', workReason: 'no_answer' })
    await until(() => !silent.isRinging(), { what: 'the first phone is told to stop' })
    const again = await world.event(contactId, 'contact.queued', 2)
    t.equal(again.data.enqueuedAt, first.data.enqueuedAt)
    t.equal(again.data.attempts, 1)

    const phone = await world.phone('3002')
    await a2.available()
    await until(() => phone.isRinging(), { what: 'the second phone rings' })
    const second = await world.event(contactId, 'reservation.created', 2)
    t.match(second.data, { agentId: 'a2', enqueuedAt: first.data.enqueuedAt })
    await phone.answer()
    await a2.untilWork('talking')
    await a1.available()
    t.equal((await a1.me())?.work, 'idle', 'saying so is enough to work again')
    t.equal((await citizen.hangUp()).code, 0)
  },
)

t.test('rejected in the client: the next agent, never the same one at once', async (t) => {
  await a1.available()
  const [phone1, phone2] = [await world.phone('3001'), await world.phone('3002')]
  const citizen = await world.call({ number: '7001' })
  await until(() => phone1.isRinging(), { what: 'the first phone rings' })
  const { contactId, reservationId } = await a1.popOf(await world.contactOf(citizen.caller))
  t.equal((await a1.reject(reservationId)).status, 200)
  await world.event(contactId, 'reservation.rejected')
  await until(() => !phone1.isRinging(), { what: 'the phone stops ringing' })
  t.equal((await a1.untilWork('idle')).presence, 'available')
  await a2.available()
  await until(() => phone2.isRinging(), { what: 'the second phone rings' })
  t.equal(phone1.invites().length, 1)
  t.equal((await a1.reject(reservationId)).status, 410, 'rejecting what is over changes nothing')
  await citizen.hangUp()
})

t.test('declined on the phone (603): rejected', async (t) => {
  await a1.available()
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  const contactId = await world.contactOf(citizen.caller)
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.decline()
  await world.event(contactId, 'reservation.rejected')
  t.equal((await a1.untilWork('idle')).presence, 'available')
  await world.event(contactId, 'contact.queued', 2)
  t.notOk(citizen.byeFrom(), 'the caller waits on')
  await citizen.hangUp()
})

for (const [what, refuse, reason] of [
  ['busy (486)', 486, 'busy'],
  ['broken (503)', 503, 'unreachable'],
] as const) {
  t.test(`${what}: failed, the next agent gets the caller`, async (t) => {
    await a1.available()
    const [, phone2] = [await world.phone('3001', { refuse }), await world.phone('3002')]
    const citizen = await world.call({ number: '7001' })
    const contactId = await world.contactOf(citizen.caller)
    t.match((await world.event(contactId, 'reservation.failed')).data, { agentId: 'a1', reason })
    t.match(await a1.untilWork('not_responding'), { workReason: reason })
    await a2.available()
    await until(() => phone2.isRinging(), { what: 'the second phone rings' })
    await phone2.answer()
    await a2.untilWork('talking')
    await citizen.hangUp()
  })
}

t.test('a phone that rings and then gives up by itself (480): not answered', async (t) => {
  await a1.available()
  await world.phone('3001', { refuse: 480 })
  const citizen = await world.call({ number: '7001' })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'reservation.timed_out')
  t.match(await a1.untilWork('not_responding'), { workReason: 'no_answer' })
  await citizen.hangUp()
})

t.test('a phone that says nothing at all: the caller goes on when the ring time is over', async () => {
  await a1.available()
  const citizen = await world.call({ number: '7002' })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'reservation.created')
  const over = await until(
    async () =>
      (await world.story(contactId)).find((e) => e.type === 'reservation.failed' || e.type === 'reservation.timed_out'),
    { what: 'the promise is over', timeout: 15_000 },
  )
  t.equal((over.data as { agentId: string }).agentId, 'a1')
  await a1.untilWork('not_responding')
  const phone = await world.phone('3002')
  await a2.available()
  await until(() => phone.isRinging(), { what: 'the second phone rings' })
  await citizen.hangUp()
})

t.test('an agent whose phone is not registered is not offered anything until it is', async (t) => {
  await r1.available()
  t.equal((await r1.me())?.device, 'down')
  const citizen = await world.call({ number: '7001' })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  t.equal((await world.story(contactId)).filter((e) => e.type === 'reservation.created').length, 0)

  const port = await findUdpPort()
  const { asterisk } = world
  const registration = { user: '2001', password: asterisk.phonePassword, port }
  t.equal((await registerPhone(asterisk, registration)).code, 0)
  const phone = await startPhone({ port })
  t.teardown(() => phone.stop())
  await until(() => phone.isRinging(), { what: 'the registered phone rings' })
  t.equal((await r1.me())?.device, 'up')
  await phone.answer()
  await r1.untilWork('talking')
  await citizen.hangUp()
  await r1.untilWork('idle')

  await phone.stop()
  t.equal((await registerPhone(asterisk, { ...registration, expires: 0 })).code, 0)
  await until(async () => (await r1.me())?.device === 'down', { what: 'the phone is known to be gone' })
})
