import t from 'tap'
import { type Baresip, startBaresip } from '../../helpers/baresip.js'
import { type Phone, startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// The agent consults and transfers at the phone alone: holds, dials a second call, connects the two (SIP REFER with Replaces). Tones: citizen
// 1100, r1's phone 700, a2 500, outside 900 Hz.
const trunkPort = await findUdpPort()
const world = await startWorld({
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
  reconcileEveryMs: 1_000,
})
t.teardown(() => world.stop())
const { asterisk } = world
const phone = await startBaresip({ user: '2001', password: asterisk.phonePassword, tone: 700, server: asterisk })
t.teardown(() => phone.stop())
const r1 = await world.signIn('r1')
const a2 = await world.signIn('a2')
t.afterEach(async () => {
  await world.expectClean()
  t.ok(Number.isNaN(await world.metric('cti_repairs_total')), 'nothing had to be mended')
  t.notMatch(asterisk.log(), /FRACK/, 'no leg was hung up while Asterisk read it')
})

const uri = (user: string) => `sip:${user}@${asterisk.sipHost}:${asterisk.sipPort}`
const count = (softphone: Baresip, type: string) => softphone.events().filter((event) => event.type === type).length
type Ear = { audio?: { hears(hz: number): boolean; hearsAnything(): boolean } }
const hears = (party: Ear, hz: number, what: string) => until(() => party.audio?.hears(hz), { what })
const music = (party: Ear, voice: number) =>
  until(() => party.audio?.hearsAnything() && !party.audio.hears(voice), { what: 'music' })

/** r1 and a citizen talk, and the phone has the call on hold. */
async function onHold() {
  await until(async () => (await r1.me())?.device === 'up', { what: 'the phone can be rung' })
  const before = count(phone, 'CALL_INCOMING')
  await r1.available()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await phone.event('CALL_INCOMING', before + 1)
  await phone.command('accept')
  await hears(citizen, 700, 'the phone is heard')
  const contactId = await world.contactOf(citizen.caller)
  await phone.command('hold')
  await world.event(contactId, 'contact.held')
  await music(citizen, 700)
  return { citizen, contactId }
}

/** The phone's channels, oldest first: the talk, the second call. */
async function channels(): Promise<string[]> {
  const all = (await asterisk.ari('channels')) as { id: string; name: string; creationtime: string }[]
  return all
    .filter(({ name }) => name.startsWith('PJSIP/2001-'))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ id }) => id)
}

/** The phone connects its two calls: a REFER in the one that names the dialog of the other. @param on 1: the talk, 2: the second call */
async function connect(on: 1 | 2) {
  const other = (await channels())[on === 1 ? 1 : 0]
  const read = async (what: string) => {
    const query = `variable=${encodeURIComponent(`CHANNEL(pjsip,${what})`)}`
    return ((await asterisk.ari(`channels/${other}/variable?${query}`)) as { value: string }).value
  }
  const [callId, toTag, fromTag] = [await read('call-id'), await read('local_tag'), await read('remote_tag')]
  const replaces = encodeURIComponent(`${callId};to-tag=${toTag};from-tag=${fromTag}`)
  await phone.command('line', String(on))
  await phone.command('transfer', `<${uri('3002')}?Replaces=${replaces}>`)
}

const transfers = (contactId: string) =>
  until(
    async () => {
      const { rows } = await world.postgres.query(
        'SELECT kind, from_agent, to_agent FROM contact_transfers WHERE contact_id = $1',
        [contactId],
      )
      return rows.length > 0 && rows
    },
    { what: 'the record has it' },
  )

/** r1 consults a2 by the phone's second call. */
async function consult(there?: Phone) {
  const colleague = there ?? (await world.phone('3002', { tone: 500 }))
  const { citizen, contactId } = await onHold()
  await a2.available()
  await phone.command('dial', uri('3002'))
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  return { colleague, citizen, contactId }
}

t.test('to a colleague: a consultation like any other, and the call is theirs', async (t) => {
  const closed = count(phone, 'CALL_CLOSED')
  const { colleague, citizen, contactId } = await consult()
  t.match(await a2.popOf(contactId), { from: { agentId: 'r1', part: 'consult' } })
  await colleague.answer()
  await hears(colleague, 700, 'the two agents talk')
  await music(citizen, 700)
  t.match(await r1.request('GET', `/v1/contacts/${contactId}/call`), {
    body: {
      state: 'held',
      heldByPhone: true,
      consultsByPhone: true,
      parties: [
        { id: 'caller', state: 'aside' },
        { agentId: 'a2', state: 'talking' },
      ],
    },
  })
  t.match(await r1.request('POST', `/v1/contacts/${contactId}/swap`, {}), {
    status: 409,
    body: { code: 'CTI_ERR_HELD_BY_PHONE' },
  })
  await connect(1)
  t.match(await world.event(contactId, 'contact.transferred'), {
    data: { agentId: 'r1', toAgent: 'a2', kind: 'attended' },
  })
  await hears(citizen, 500, 'the citizen has the colleague')
  await hears(colleague, 1100, 'and the other way')
  await phone.event('CALL_CLOSED', closed + 2)
  t.equal(count(phone, 'TRANSFER_FAILED'), 0, 'the phone hears that it is done')
  await r1.untilWork('idle')
  await a2.untilWork('talking')
  t.equal((await a2.request('POST', `/v1/contacts/${contactId}/hold`, {})).status, 200, 'theirs to control')
  t.match(await transfers(contactId), [{ kind: 'attended', from_agent: 'r1', to_agent: 'a2' }])
  await citizen.hangUp()
  await a2.untilWork('idle')
})

t.test('to somebody outside, asked for in the second call', async (t) => {
  const outside = await startPhone({ port: trunkPort, tone: 900 })
  t.teardown(() => outside.stop())
  const closed = count(phone, 'CALL_CLOSED')
  const { citizen, contactId } = await onHold()
  await phone.command('dial', uri('0311201001'))
  await until(() => outside.isRinging(), { what: "the department's phone rings" })
  await outside.answer()
  await hears(outside, 700, 'the agent asks first')
  await connect(2)
  t.match(await world.event(contactId, 'contact.transferred'), {
    data: { outside: true, kind: 'attended', toDepartment: 'tax_dept' },
  })
  await hears(citizen, 900, 'the citizen has the department')
  await hears(outside, 1100, 'and the other way')
  await phone.event('CALL_CLOSED', closed + 2)
  await r1.untilWork('idle')
  await citizen.hangUp()
  await world.event(contactId, 'contact.forward_ended')
})

t.test('before the answer: whoever answers has the citizen; nobody does, and the agent has', async (t) => {
  const closed = count(phone, 'CALL_CLOSED')
  const { colleague, citizen, contactId } = await consult()
  await connect(1)
  await phone.event('CALL_CLOSED', closed + 2)
  await colleague.answer()
  await hears(citizen, 500, 'the citizen has the colleague')
  t.match(await world.event(contactId, 'contact.transferred'), { data: { toAgent: 'a2' } })
  await citizen.hangUp()
  await a2.untilWork('idle')

  const other = await consult(colleague)
  const before = count(phone, 'CALL_INCOMING')
  await connect(1)
  await phone.event('CALL_CLOSED', closed + 4)
  await colleague.decline()
  await phone.event('CALL_INCOMING', before + 1)
  await phone.command('accept')
  await hears(other.citizen, 700, 'the citizen has the agent again')
  t.match(await world.event(other.contactId, 'contact.transferred'), { data: { kind: 'returned' } })
  await other.citizen.hangUp()
  await r1.untilWork('idle')
})

t.test('to and fro at the phone; the second call put down ends the consultation', async (t) => {
  const { colleague, citizen, contactId } = await consult()
  await colleague.answer()
  await hears(colleague, 700, 'the two agents talk')
  await phone.command('hold')
  await phone.command('line', '1')
  await phone.command('resume')
  await hears(citizen, 700, 'the citizen has the agent')
  await music(colleague, 700)
  t.match(await r1.request('GET', `/v1/contacts/${contactId}/call`), {
    body: {
      state: 'connected',
      heldByPhone: false,
      parties: [{ state: 'talking' }, { agentId: 'a2', state: 'aside' }],
    },
  })
  await phone.command('hold')
  await phone.command('line', '2')
  await phone.command('resume')
  await hears(colleague, 700, 'the two agents talk again')
  await music(citizen, 700)
  const closed = count(phone, 'CALL_CLOSED')
  await phone.command('hangup')
  await phone.event('CALL_CLOSED', closed + 1)
  await until(() => !colleague.isTalking(), { what: 'the colleague is let go' })
  await a2.untilWork('idle')
  await music(citizen, 700)
  await phone.command('line', '1')
  await phone.command('resume')
  await hears(citizen, 700, 'the citizen has the agent')
  await phone.command('hangup')
  await citizen.exited
  await r1.untilWork('idle')
})

t.test('the citizen hangs up while two agents talk: both are free', async () => {
  const { colleague, citizen } = await consult()
  await colleague.answer()
  await hears(colleague, 700, 'the two agents talk')
  await citizen.hangUp()
  await until(() => !colleague.isTalking(), { what: 'the colleague is let go' })
  await Promise.all([r1.untilWork('idle'), a2.untilWork('idle')])
})

t.test(
  'whom the client could not consult is called as without a server, and cannot be given the citizen',
  async (t) => {
    await a2.takeBreak('meal')
    const colleague = await world.phone('3002', { tone: 500 })
    await phone.command('dial', uri('3002'))
    await until(() => colleague.isRinging(), { what: 'without a talk' })
    await colleague.answer()
    await hears(colleague, 700, 'the two talk')
    await phone.command('hangup')
    await until(() => !colleague.isTalking(), { what: 'the colleague is let go' })
    for (const on of [1, 2] as const) {
      const { citizen, contactId } = await onHold()
      await phone.command('dial', uri('3002'))
      await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
      await colleague.answer()
      await hears(colleague, 700, 'the two talk')
      t.equal((await a2.me())?.work, 'idle')
      const failed = count(phone, 'TRANSFER_FAILED')
      await connect(on)
      if (on === 1) await phone.event('TRANSFER_FAILED', failed + 1)
      t.notOk((await world.story(contactId)).some(({ type }) => type === 'contact.transferred'))
      // This phone hangs up a call of which the transfer was refused; the other one goes on.
      if (on === 1) {
        t.ok(colleague.isTalking())
        await phone.command('hangup')
        await citizen.exited
      } else {
        await phone.command('resume')
        await hears(citizen, 700, 'the citizen has the agent')
        await citizen.hangUp()
      }
      await until(() => !colleague.isTalking(), { what: 'the colleague is let go' })
      await r1.untilWork('idle')
    }
    const app = (await asterisk.ari('applications/cti-node1')) as { channel_ids: string[] }
    t.same(app.channel_ids, [], 'nothing is watched any more')
  },
)
