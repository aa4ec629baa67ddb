import t from 'tap'
import type { Phone } from '../../helpers/callers.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// The caller or the agent goes, at each point of a call.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
t.afterEach(() => world.expectClean())

const typesOf = async (contactId: string) => (await world.story(contactId)).map((event) => event.type)

t.test('the caller hangs up during the greeting', async (t) => {
  await a1.available()
  const citizen = await world.call({ number: '7010', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.ivr_entered')
  await until(() => citizen.audio?.hearsAnything(), { what: 'the greeting is heard' })
  await citizen.hangUp()
  t.match(await world.event(contactId, 'contact.ended'), { data: { end: 'abandoned', reason: 'caller_hangup' } })
  t.same(await typesOf(contactId), ['contact.created', 'contact.ivr_entered', 'contact.ended'])
  t.equal((await a1.me())?.work, 'idle')
})

t.test('the caller hangs up in the queue', async (t) => {
  const citizen = await world.call({ number: '7001', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  await until(() => citizen.audio?.hearsAnything(), { what: 'the music is heard' })
  await citizen.hangUp()
  t.match(await world.event(contactId, 'contact.abandoned'), { data: { queue: 'quick', reason: 'caller_hangup' } })
})

t.test('the caller hangs up while the phone rings: cancelled, the agent is idle with the old place', async (t) => {
  await a1.available()
  const before = (await a1.me())?.idleSince
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const contactId = await world.contactOf(citizen.caller)
  await citizen.hangUp()
  await world.event(contactId, 'reservation.cancelled')
  await until(() => !phone.isRinging(), { what: 'the phone stops ringing' })
  t.equal((await a1.untilWork('idle')).idleSince, before)
  await world.event(contactId, 'contact.abandoned')
})

for (const side of ['caller', 'agent'] as const) {
  t.test(`the ${side} hangs up in the talk`, async (t) => {
    await a1.available()
    const phone = await world.phone('3001')
    const citizen = await world.call({ number: '7001' })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    await phone.answer()
    await a1.untilWork('talking')
    const contactId = await world.contactOf(citizen.caller)
    if (side === 'caller') await citizen.hangUp()
    else await phone.hangUp()
    t.equal((await citizen.exited).code, 0)
    t.equal(citizen.byeFrom(), side === 'caller' ? 'caller' : 'callee')
    await until(() => !phone.isTalking(), { what: 'the phone is done' })
    t.match(await world.event(contactId, 'contact.wrapping'), { data: { endedBy: side } })
    await world.event(contactId, 'contact.completed')
    await a1.untilWork('idle')
  })
}

t.test('the caller hangs up at the moment of the answer: nothing is left, whoever was first', async (t) => {
  await a1.available()
  const phone = await world.phone('3001')
  for (let round = 0; round < 5; round += 1) {
    const citizen = await world.call({ number: '7001' })
    await until(() => phone.invites().length > round && phone.isRinging(), { what: 'the phone rings' })
    const contactId = await world.contactOf(citizen.caller)
    await Promise.all([answerIfStillThere(phone), citizen.hangUp()])
    await a1.untilWork('idle')
    const ends = (await typesOf(contactId)).filter(
      (type) => type === 'contact.abandoned' || type === 'contact.completed',
    )
    t.equal(ends.length, 1, ends.join())
  }
})

/** A phone whose call was cancelled a moment ago has nobody to answer. */
async function answerIfStillThere(phone: Phone): Promise<void> {
  await phone.answer().catch(() => undefined)
}
