import t from 'tap'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// `cti120 apply` on a running centre loses no call, and what it says counts at once.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
t.afterEach(() => world.expectClean())

t.test('one waits, one talks: both live on, new skills count', async (t) => {
  await a2.available()
  const [phone1, phone2] = [await world.phone('3001', { tone: 700 }), await world.phone('3002', { tone: 900 })]
  const talking = await world.call({ number: '7004', tone: 1100 })
  await until(() => phone2.isRinging(), { what: 'the expert rings' })
  await phone2.answer()
  await until(() => phone2.audio?.hears(1100), { what: 'they talk' })
  const waiting = await world.call({ number: '7004', tone: 1300 })
  const contactId = await world.contactOf(waiting.caller)
  await world.event(contactId, 'contact.queued')
  await a1.available()
  t.equal((await a1.me())?.work, 'idle', 'no skill for it yet')

  await world.changeCentre((file) => {
    file.agents.find((agent) => agent.id === 'a1')!.skills = { general: 3, tax: 5 }
    file.queues.find((queue) => queue.id === 'tax_expert')!.label = { ko: '새 이름', en: 'New name' }
  })
  await until(() => phone1.isRinging(), { what: 'the one with the new skill rings' })
  const told = await until(() => a1.of('config.applied').at(-1), { what: 'a1 is told' })
  t.match(told, { subject: 'centre', data: { version: 2 } })
  t.match(await a1.popOf(contactId), { contactId, queueLabel: { ko: '새 이름' } })
  await phone1.answer()
  await until(() => waiting.audio?.hears(700), { what: 'the caller who waited hears the agent' })
  t.ok(talking.audio?.hears(900), 'the others still talk')
  t.ok(phone2.audio?.hears(1100))
  await talking.hangUp()
  await waiting.hangUp()
  await a1.untilWork('idle')
  await a2.untilWork('idle')
})

t.test('the queue of a waiting caller is gone from the file: the caller is not lost', async (t) => {
  const waiting = await world.call({ number: '7001', tone: 1300 })
  const contactId = await world.contactOf(waiting.caller)
  await world.event(contactId, 'contact.queued')
  await world.changeCentre((file) => {
    file.numbers = file.numbers.filter((n) => n.queue !== 'short_ring')
    file.queues = file.queues.filter((queue) => queue.id !== 'short_ring')
  })
  const phone = await world.phone('3001')
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the agent rings' })
  t.ok(await a1.popOf(contactId))
  await waiting.hangUp()
  await a1.untilWork('idle')
})

t.test('an agent who talks loses every skill: the talk goes on to its end', async (t) => {
  await a2.available()
  const phone = await world.phone('3002', { tone: 900 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(900), { what: 'they talk' })
  const contactId = await world.contactOf(citizen.caller)
  await world.changeCentre((file) => {
    file.agents.find((agent) => agent.id === 'a2')!.skills = {}
  })
  t.ok(citizen.audio?.hears(900), 'still')
  await citizen.hangUp()
  await world.event(contactId, 'contact.completed')
  const next = await world.call({ number: '7001' })
  const nextId = await world.contactOf(next.caller)
  await world.event(nextId, 'contact.queued')
  t.equal((await a2.untilWork('idle')).work, 'idle', 'without a skill there is nothing to offer')
  await next.hangUp()
})
