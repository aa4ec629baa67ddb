import t from 'tap'
import { startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { openSipTap } from '../../helpers/sip-tap.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A call as it should be: pop, ring, talk, wrap-up, record.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
const supervisor = await world.signIn('sup')
t.afterEach(() => world.expectClean())

t.test('a citizen dials 120: pop, ring, talk both ways, wrap-up with a disposition, record', async (t) => {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ tone: 1100, displayName: '홍길동' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await until(() => citizen.audio?.hearsAnything(), { what: 'the caller hears music while it rings' })
  await a1.untilWork('ringing')

  const contactId = await world.contactOf(citizen.caller)
  const pop = await a1.popOf(contactId)
  t.match(pop, {
    contactId,
    agentId: 'a1',
    queue: 'general',
    dialled: '120',
    requirement: { general: 1 },
    complete: true,
  })
  t.equal(pop.caller, '010-****-0001', 'masked for an agent')
  t.equal((await supervisor.popOf(contactId)).caller, citizen.caller, 'unmasked for a supervisor')
  t.ok(pop.deadline > Date.now(), 'the deadline lies ahead')
  t.equal(pop.popTarget, `https://crm.gaon.example/contacts/${contactId}?queue=general`)

  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'the caller hears the agent, and no music any more' })
  await until(() => phone.audio?.hears(1100), { what: 'the agent hears the caller' })
  await a1.untilWork('talking')
  t.equal((await citizen.hangUp()).code, 0)
  await a1.untilWork('wrapping')
  const refused = await a1.request('POST', '/v1/me/wrap-up/finish', {})
  t.equal(refused.body.code, 'CTI_ERR_DISPOSITION_REQUIRED')
  t.equal((await a1.finishWrapUp('resolved', '안내함')).status, 200)
  await a1.untilWork('idle')

  await world.event(contactId, 'contact.completed')
  const types = (await world.story(contactId)).map((event) => event.type)
  t.same(
    types.filter(
      (type) => type.startsWith('contact.') || type.startsWith('reservation.') || type.startsWith('screenpop.'),
    ),
    [
      'contact.created',
      'contact.queued',
      'reservation.created',
      'screenpop.created',
      'reservation.accepted',
      'contact.connected',
      'contact.wrapping',
      'contact.disposed',
      'reservation.completed',
      'contact.completed',
    ],
  )
})

t.test('the pop is with the agent before the phone hears of the call', async (t) => {
  await a1.available()
  const phonePort = await findUdpPort()
  const phone = await startPhone({ port: phonePort })
  t.teardown(() => phone.stop())
  const tap = await openSipTap(world.asterisk.phones['3001']!, phonePort)
  t.teardown(() => tap.close())
  // Both ends are read by this process: the order in which the kernel got them is the order here.
  const seen: string[] = []
  tap.onRequest((line) => {
    if (line.startsWith('INVITE')) seen.push('INVITE')
  })
  a1.onEvent((event) => {
    if (event.type === 'screenpop.created') seen.push('pop')
  })
  for (let call = 0; call < 5; call += 1) {
    const citizen = await world.call({ number: '7001' })
    await until(() => phone.invites().length > call && phone.isRinging(), { what: 'the phone rings' })
    await citizen.hangUp()
    await a1.untilWork('idle')
  }
  t.same(
    seen.filter((entry, at) => entry !== seen[at - 1]),
    Array.from({ length: 5 }, () => ['pop', 'INVITE']).flat(),
  )
})

t.test('a plain desk phone shows queue and caller and carries the contact', async (t) => {
  await a1.available()
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001', displayName: '홍길동' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const contactId = await world.contactOf(citizen.caller)
  const { headers } = phone.invites().at(-1)!
  t.equal(headers['x-contact-id'], contactId)
  t.equal(headers['call-info'], `<https://crm.gaon.example/contacts/${contactId}?queue=quick>;purpose=info`)
  t.match(headers.from, '"[빠른] 홍*동"')
  t.notMatch(headers.from, citizen.caller, 'the number stands there masked')
  await citizen.hangUp()
})

t.test('accepted in the client, answered on the phone, ended by the agent', async (t) => {
  await a1.available()
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const { contactId, reservationId } = await a1.popOf(await world.contactOf(citizen.caller))
  const foreign = await a2.accept(reservationId)
  t.equal(foreign.body.code, 'CTI_ERR_RESERVATION_OTHER_AGENT')
  t.equal(foreign.status, 403)
  t.equal((await a1.accept(reservationId)).status, 200)
  t.equal((await a1.accept(reservationId)).status, 200, 'accepting twice is accepting')
  await phone.answer()
  await a1.untilWork('talking')
  t.match(await world.event(contactId, 'reservation.accepted'), { data: { by: 'client' } })
  await phone.hangUp()
  t.equal((await citizen.exited).code, 0)
  t.equal(citizen.byeFrom(), 'callee')
  await a1.untilWork('idle')
  const late = await a1.accept(reservationId)
  t.ok(late.status === 409 || late.status === 410, `late: ${late.status}`)
})

t.test('a supervisor ends a call', async (t) => {
  await a1.available()
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await a1.untilWork('talking')
  const contactId = await world.contactOf(citizen.caller)
  t.equal((await a2.request('POST', `/v1/contacts/${contactId}/hang-up`, {})).status, 403, 'not by a colleague')
  t.equal((await supervisor.request('POST', `/v1/contacts/${contactId}/hang-up`, {})).status, 202)
  t.equal((await citizen.exited).code, 0)
  await a1.untilWork('idle')
})
