import t from 'tap'
import { registerPhone, startCitizen, startPhone } from '../../helpers/callers.js'
import type { Desk } from '../../helpers/desk.js'
import { findUdpPort } from '../../helpers/ports.js'
import { ownsNode } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// What stands in a talk outlives the server: killed on hold, in a consultation, with a parked call. Tones: citizen 1100, a1 700, a2 500 Hz.
const world = await startWorld({ server: 'process' })
t.teardown(() => world.stop())
t.afterEach(() => world.expectClean())

/** The owner is killed; another server stands by, so that no slow start races the dead-man switch of whoever hears music. */
async function killOwner() {
  const standby = await world.startStandby()
  await world.server().kill()
  await until(() => ownsNode(standby), { what: 'the standby owns the node', timeout: 30_000 })
  world.turnTo(standby)
}

const act = async (desk: Desk, contactId: string, what: string, body: object = {}) => {
  const { status } = await desk.request('POST', `/v1/contacts/${contactId}/${what}`, body)
  if (status !== 200) throw new Error(`${what}: ${status}`)
}

t.test('killed on hold: still music, and resumed by the next server; parked, killed, picked up', async () => {
  let a1 = await world.signIn('a1')
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'the two talk' })
  const contactId = await world.contactOf(citizen.caller)
  await act(a1, contactId, 'hold')
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'music' })
  await killOwner()
  a1 = await world.signIn('a1')
  await until(
    async () => {
      const { body } = await a1.request<{ held?: boolean }>('GET', `/v1/contacts/${contactId}/call`)
      return body.held === true
    },
    { what: 'the next server knows that it is on hold' },
  )
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'still music' })
  await act(a1, contactId, 'resume')
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'the two talk again' })

  await act(a1, contactId, 'park')
  await until(() => !phone.isTalking(), { what: "the agent's phone is free" })
  await killOwner()
  a1 = await world.signIn('a1')
  await until(
    async () => (await a1.request<{ parked?: boolean }>('GET', `/v1/contacts/${contactId}/call`)).body.parked === true,
    { what: 'the next server knows that it is parked' },
  )
  await act(a1, contactId, 'pick-up')
  await until(() => phone.isRinging(), { what: 'the phone rings for it' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'picked up' })
  await citizen.hangUp()
  await a1.untilWork('idle')
})

t.test('killed in a consultation: nobody is lost, and it goes on where it stood', async (t) => {
  let [a1, a2] = await Promise.all([world.signIn('a1'), world.signIn('a2')])
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'the two talk' })
  const contactId = await world.contactOf(citizen.caller)
  await a2.available()
  const colleague = await world.phone('3002', { tone: 500 })
  await act(a1, contactId, 'consult', { to: { agent: 'a2' } })
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  await colleague.answer()
  await until(() => colleague.audio?.hears(700), { what: 'the colleague hears the agent' })
  await a2.untilWork('talking')
  await killOwner()
  ;[a1, a2] = await Promise.all([world.signIn('a1'), world.signIn('a2')])
  await until(
    async () => {
      const { body } = await a1.request<{ parties?: unknown[] }>('GET', `/v1/contacts/${contactId}/call`)
      return body.parties?.length === 2
    },
    { what: 'the next server knows the colleague' },
  )
  t.ok(colleague.audio?.hears(700), 'the two have talked on')
  await act(a1, contactId, 'complete')
  await until(() => citizen.audio?.hears(500) && colleague.audio?.hears(1100), {
    what: 'the citizen has the colleague',
  })
  await a1.untilWork('idle')
  t.match(await a2.me(), { work: 'talking', contactId })
  await citizen.hangUp()
  await a2.untilWork('idle')
})

t.test('killed in a consultation at the phone: the second call is known, and goes with the consultation', async (t) => {
  const { asterisk } = world
  const port = await findUdpPort()
  const registered = await registerPhone(asterisk, { user: '2001', password: asterisk.phonePassword, port })
  t.equal(registered.code, 0)
  const phone = await startPhone({ port })
  t.teardown(() => phone.stop())
  let [r1, a2] = await Promise.all([world.signIn('r1'), world.signIn('a2')])
  await until(async () => (await r1.me())?.device === 'up', { what: 'the phone can be rung' })
  await r1.available()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await r1.untilWork('talking')
  const contactId = await world.contactOf(citizen.caller)
  await a2.available()
  const colleague = await world.phone('3002', { tone: 500 })
  const second = await startCitizen(asterisk, {
    ...{ caller: '2001', password: asterisk.phonePassword, number: '3002', tone: 900 },
  })
  t.teardown(() => second.stop())
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  await colleague.answer()
  await until(() => colleague.audio?.hears(900) && second.audio?.hears(500), { what: 'the two agents talk' })
  await killOwner()
  ;[r1, a2] = await Promise.all([world.signIn('r1'), world.signIn('a2')])
  await until(
    async () => {
      const { body } = await r1.request<{ parties?: unknown[] }>('GET', `/v1/contacts/${contactId}/call`)
      return body.parties?.length === 2
    },
    { what: 'the next server knows the colleague' },
  )
  t.ok(colleague.audio?.hears(900), 'the two have talked on')
  await act(r1, contactId, 'complete')
  await until(() => citizen.audio?.hears(500) && colleague.audio?.hears(1100), {
    what: 'the citizen has the colleague',
  })
  await second.exited
  t.equal(second.byeFrom(), 'callee')
  await until(() => !phone.isTalking(), { what: 'so is the talk' })
  await citizen.hangUp()
  await a2.untilWork('idle')
})
