import t from 'tap'
import { type Baresip, startBaresip } from '../../helpers/baresip.js'
import { startPhone } from '../../helpers/callers.js'
import type { Desk } from '../../helpers/desk.js'
import { findUdpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// An independent softphone as the agent's phone, driven by its own control interface: what the agent does at the phone gives the same events
// as the client's commands. Tones: citizen 1100, r1's phone 700, a2 500, outside 900 Hz; a3's phone says again what it hears.
const trunkPort = await findUdpPort()
const world = await startWorld({
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
  reconcileEveryMs: 1_000,
})
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  for (const agent of file.agents) if (agent.id === 'a3') agent.device = '2002'
})
const { asterisk } = world
const password = asterisk.phonePassword
const phone = await startBaresip({ user: '2001', password, tone: 700, server: asterisk })
t.teardown(() => phone.stop())
const echo = await startBaresip({ user: '2002', password, server: asterisk })
t.teardown(() => echo.stop())
const r1 = await world.signIn('r1')
const a2 = await world.signIn('a2')
const a3 = await world.signIn('a3')
t.afterEach(async () => {
  await world.expectClean()
  t.ok(Number.isNaN(await world.metric('cti_repairs_total')), 'nothing had to be mended')
})

const act = (desk: Desk, contactId: string, what: string, body: object = {}) =>
  desk.request<{ code?: string }>('POST', `/v1/contacts/${contactId}/${what}`, body)
const uri = (user: string) => `sip:${user}@${asterisk.sipHost}:${asterisk.sipPort}`
const count = (softphone: Baresip, type: string) => softphone.events().filter((event) => event.type === type).length
type Ear = { audio?: { hears(hz: number): boolean; share(hz: number): number; hearsAnything(): boolean } }
const hears = (party: Ear, hz: number, what: string) => until(() => party.audio?.hears(hz), { what })
const music = (party: Ear, voice: number) =>
  until(() => party.audio?.hearsAnything() && !party.audio.hears(voice), { what: 'the citizen hears music' })

/** A citizen and an agent, who takes the call at the phone, talk. @param heard what the citizen hears then */
async function talk(desk: Desk = r1, softphone: Baresip = phone, heard = 700) {
  await until(async () => (await desk.me())?.device === 'up', { what: 'the phone has registered' })
  const before = count(softphone, 'CALL_INCOMING')
  await desk.available()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await softphone.event('CALL_INCOMING', before + 1)
  await softphone.command('accept')
  await hears(citizen, heard, 'the phone is heard')
  await desk.untilWork('talking')
  return { citizen, contactId: await world.contactOf(citizen.caller) }
}

t.test('hold and resume by the client, a conference: what the phone hears it says again', async (t) => {
  const outside = await startPhone({ port: trunkPort, tone: 900 })
  t.teardown(() => outside.stop())
  const { citizen, contactId } = await talk(a3, echo, 1100)
  t.equal((await act(a3, contactId, 'hold')).status, 200)
  await music(citizen, 1100)
  t.equal((await act(a3, contactId, 'resume')).status, 200)
  await hears(citizen, 1100, 'heard by the phone, and heard from it, again')
  t.equal((await act(a3, contactId, 'conference', { to: { department: 'tax_dept' } })).status, 200)
  await until(() => outside.isRinging(), { what: "the department's phone rings" })
  await outside.answer()
  const share = (party: Ear, hz: number) => (party.audio?.share(hz) ?? 0) > 0.1
  await until(() => share(citizen, 900) && share(citizen, 1100), { what: 'the citizen hears both' })
  await until(() => share(outside, 1100), { what: 'the department hears them' })
  await echo.command('hangup')
  await hears(citizen, 900, 'the agent has gone, the two talk on')
  await outside.hangUp()
  await citizen.exited
  await a3.untilWork('idle')
})

t.test('hold and resume at the phone: the same events and the same state', async (t) => {
  const { citizen, contactId } = await talk()
  await phone.command('hold')
  await world.event(contactId, 'contact.held')
  await r1.untilWork('holding')
  await music(citizen, 700)
  t.match(await act(r1, contactId, 'resume'), { status: 409, body: { code: 'CTI_ERR_HELD_BY_PHONE' } })
  await phone.command('resume')
  await world.event(contactId, 'contact.resumed')
  await hears(citizen, 700, 'back')
  await r1.untilWork('talking')
  await phone.command('hangup')
  await citizen.exited
  await r1.untilWork('idle')
})

t.test('its own transfer is the server’s: to a free colleague, with events, context and record', async (t) => {
  const colleague = await world.phone('3002', { tone: 500 })
  const { citizen, contactId } = await talk()
  await a2.available()
  await phone.command('transfer', uri('3002'))
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  t.match(await a2.popOf(contactId), { from: { agentId: 'r1', part: 'transfer' } })
  t.match(await world.event(contactId, 'contact.transferred'), {
    data: { agentId: 'r1', toAgent: 'a2', kind: 'blind' },
  })
  t.equal(count(phone, 'TRANSFER_FAILED'), 0, 'the phone hears that it is done')
  await colleague.answer()
  await hears(citizen, 500, 'the citizen has the colleague')
  await hears(colleague, 1100, 'and the other way')
  await r1.untilWork('idle')
  await citizen.hangUp()
  await a2.untilWork('idle')
  const { rows } = await until(
    async () => {
      const found = await world.postgres.query(
        'SELECT kind, from_agent, to_agent FROM contact_transfers WHERE contact_id = $1',
        [contactId],
      )
      return found.rows.length > 0 && found
    },
    { what: 'the record has it' },
  )
  t.match(rows, [{ kind: 'blind', from_agent: 'r1', to_agent: 'a2' }])
})

t.test('to nobody who may be called, to a colleague who is not free: refused, nothing is done', async (t) => {
  for (const to of ['0041123456', '3002']) {
    const { citizen, contactId } = await talk()
    const before = count(phone, 'TRANSFER_FAILED')
    await phone.command('transfer', uri(to))
    t.match(await phone.event('TRANSFER_FAILED', before + 1), { param: /^603/ })
    // That a phone may go on talking is refer.test.ts's: this one hangs up by itself when it was refused.
    t.match(await world.event(contactId, 'contact.wrapping'), { data: { endedBy: 'agent' } })
    t.notOk((await world.story(contactId)).some(({ type }) => type === 'contact.transferred'))
    await citizen.exited
    await r1.untilWork('idle')
  }
})

t.test(
  'to somebody outside who is busy: the queue has the citizen, this agent first; who answers has the citizen',
  async (t) => {
    const busy = await startPhone({ port: trunkPort, refuse: 486 })
    const { citizen, contactId } = await talk()
    const before = count(phone, 'CALL_INCOMING')
    await phone.command('transfer', uri('0311201001'))
    await phone.event('CALL_INCOMING', before + 1)
    t.equal(busy.invites().length, 1)
    await busy.stop()
    await phone.command('accept')
    await hears(citizen, 700, 'the citizen has the agent again')
    const outside = await startPhone({ port: trunkPort, tone: 900 })
    t.teardown(() => outside.stop())
    await phone.command('transfer', uri('0311201001'))
    await until(() => outside.isRinging(), { what: "the department's phone rings" })
    await outside.answer()
    await hears(citizen, 900, 'the citizen has the department')
    await hears(outside, 1100, 'and the other way')
    await r1.untilWork('idle')
    t.match(await world.event(contactId, 'contact.transferred', 2), {
      data: { outside: true, kind: 'blind', toDepartment: 'tax_dept' },
    })
    await citizen.hangUp()
    await world.event(contactId, 'contact.forward_ended')
  },
)
