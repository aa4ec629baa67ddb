import t from 'tap'
import WebSocket from 'ws'
import { startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// An agent calls out: the own phone first, then the number outside, with the centre's number shown.
const trunkPort = await findUdpPort()
const world = await startWorld({
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
  reconcileEveryMs: 1_000,
})
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
t.afterEach(async () => {
  await world.expectClean()
  t.ok(Number.isNaN(await world.metric('cti_repairs_total')), 'nothing had to be mended')
})

const NUMBER = '01071234567'
const place = (body: object = {}, headers: Record<string, string> = {}) =>
  a1.request<{ contactId: string; code?: string }>('POST', '/v1/calls', { to: { number: NUMBER }, ...body }, headers)
const record = (contactId: string) =>
  until(
    async () => {
      const { body } = await a1.request<{ state: string; end?: string }>('GET', `/v1/contacts/${contactId}`)
      return body.end === undefined ? undefined : body
    },
    { what: 'the record is complete' },
  )
/** Everybody outside. */
async function outside(
  t: { teardown(work: () => unknown): void },
  options: Omit<Parameters<typeof startPhone>[0], 'port'> = {},
) {
  const citizen = await startPhone({ ...options, port: trunkPort })
  t.teardown(() => citizen.stop())
  return citizen
}

t.test('the own phone rings, then the other one; who is phoned is on the screen; a call like any other', async (t) => {
  const known = await a1.request('POST', '/v1/citizens', { name: '김발신', phone: NUMBER })
  t.equal(known.status, 201)
  const citizen = await outside(t, { tone: 1100 })
  const phone = await world.phone('3001', { tone: 700 })
  await a1.available()
  const placed = await place({ queue: 'quick' }, { 'idempotency-key': 'call-out-0001' })
  t.equal(placed.status, 202)
  const { contactId } = placed.body
  t.equal((await place({ queue: 'quick' }, { 'idempotency-key': 'call-out-0001' })).body.contactId, contactId)
  t.match(await place(), { status: 409, body: { code: 'CTI_ERR_AGENT_WRONG_STATE' } }, 'one call at a time')
  const pop = await a1.popOf(contactId)
  t.match(pop, { contactId, agentId: 'a1', queue: 'quick', dialled: '0311200120', complete: true })
  t.match(pop.context?.citizen, { name: '김*신' }, 'with what is known of the number')
  await until(() => phone.isRinging(), { what: 'the own phone rings' })
  t.equal(citizen.invites().length, 0, 'nobody is phoned before the agent is there')
  t.match(phone.invites()[0]?.headers.from, /발신/)
  t.match(await a1.me(), { work: 'ringing', contactId })

  await phone.answer()
  await until(() => citizen.isRinging(), { what: 'it rings outside' })
  await until(() => phone.audio?.hearsAnything(), { what: 'the agent hears it ring' })
  t.match(citizen.invites()[0]?.headers.from, /sip:0311200120@/, "the centre's number is shown")
  t.match(citizen.invites()[0]?.firstLine, new RegExp(`sip:${NUMBER}@`))
  await citizen.answer()
  await until(() => phone.audio?.hears(1100) && citizen.audio?.hears(700), { what: 'the two hear each other' })
  await a1.untilWork('talking')
  t.equal((await a1.request('POST', `/v1/contacts/${contactId}/hold`, {})).status, 200)
  await until(() => !citizen.audio?.hears(700), { what: 'held' })
  t.equal((await a1.request('POST', `/v1/contacts/${contactId}/resume`, {})).status, 200)
  await until(() => citizen.audio?.hears(700), { what: 'back' })
  await citizen.hangUp()
  await a1.untilWork('idle')
  t.match(await record(contactId), { direction: 'outbound', end: 'completed', queue: 'quick', agentId: 'a1' })
  t.equal(citizen.invites().length, 1)
})

t.test('out of a break, and out of a wrap-up once its disposition is given', async (t) => {
  const citizen = await outside(t, { answerAfterMs: 1, tone: 1100 })
  const phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })
  t.match(await place(), { status: 409, body: { code: 'CTI_ERR_AGENT_WRONG_STATE' } }, 'not while signed out')
  await a1.takeBreak('meal')
  const first = (await place({ queue: 'general' })).body.contactId
  await until(() => phone.audio?.hears(1100), { what: 'they talk' })
  await citizen.hangUp()
  await a1.untilWork('wrapping')
  t.match(await place({ queue: 'quick' }), { status: 409, body: { code: 'CTI_ERR_DISPOSITION_REQUIRED' } })
  t.equal((await a1.request('PUT', `/v1/contacts/${first}/disposition`, { disposition: 'resolved' })).status, 200)
  const second = (await place({ queue: 'quick' })).body.contactId
  await world.event(first, 'contact.completed')
  await world.event(second, 'contact.connected')
  t.equal((await a1.request('POST', `/v1/contacts/${second}/hang-up`, {})).status, 202)
  await a1.untilWork('idle')
  t.match(await a1.me(), { presence: 'break' })
  t.equal(citizen.invites().length, 2)
})

t.test('busy, declined, no such number, the agent hangs up or declines: over, said why, and free', async (t) => {
  await world.changeCentre((file) => {
    for (const agent of file.agents) if (agent.id === 'a1') agent.autoAnswer = 'accept'
  })
  await a1.available()
  const ended = async (contactId: string, reason: string) => {
    t.match(await world.event(contactId, 'contact.abandoned'), { data: { reason } })
    await a1.untilWork('idle')
    t.match(await record(contactId), { end: 'failed', direction: 'outbound' }, reason)
  }
  for (const [refuse, reason] of [
    [486, 'busy'],
    [603, 'no_answer'],
    [404, 'failed'],
  ] as const) {
    const phone = await world.phone('3001', { answerAfterMs: 1 })
    const citizen = await startPhone({ port: trunkPort, refuse })
    const { contactId } = (await place()).body
    await ended(contactId, reason)
    t.equal(citizen.invites().length, 1)
    t.equal(phone.invites()[0]?.headers['answer-mode'], 'Auto', 'who asked for the call need not pick up as well')
    await citizen.stop()
    await phone.stop()
  }
  const citizen = await outside(t)
  const phone = await world.phone('3001')
  const declined = (await place()).body.contactId
  await until(() => phone.isRinging(), { what: 'the own phone rings' })
  await phone.decline()
  await ended(declined, 'agent_gone')
  t.equal(citizen.invites().length, 0)
  const givenUp = (await place()).body.contactId
  await until(() => phone.isRinging(), { what: 'the own phone rings again' })
  await phone.answer()
  await until(() => citizen.isRinging(), { what: 'it rings outside' })
  await phone.hangUp()
  await ended(givenUp, 'agent_gone')
  await until(() => citizen.messages().some(({ method }) => method === 'CANCEL'), { what: 'it stops ringing' })
  const byClient = (await place()).body.contactId
  await until(() => phone.isRinging(), { what: 'once more' })
  await phone.answer()
  await until(() => citizen.isRinging(), { what: 'it rings outside' })
  t.equal((await a1.request('POST', `/v1/contacts/${byClient}/hang-up`, {})).status, 202)
  await ended(byClient, 'agent_gone')
})

t.test('what is not allowed is refused before anybody’s phone rings', async (t) => {
  await a1.available()
  const refuses = async (body: object, status: number, code: string) =>
    t.match(await place(body), { status, body: { code } }, JSON.stringify(body))
  await refuses({ to: { number: '0041123456' } }, 422, 'CTI_ERR_NUMBER_NOT_ALLOWED')
  await refuses({ to: { number: '0609001234' } }, 422, 'CTI_ERR_NUMBER_NOT_ALLOWED')
  await refuses({ to: { number: '0311200120' } }, 422, 'CTI_ERR_NUMBER_NOT_ALLOWED')
  await refuses({ callerId: '0215880000' }, 422, 'CTI_ERR_CALLER_ID_NOT_ALLOWED')
  await refuses({ queue: 'none' }, 404, 'CTI_ERR_QUEUE_NOT_FOUND')
  await refuses({ to: { department: 'none' } }, 422, 'CTI_ERR_DEPARTMENT_UNKNOWN')
  await refuses({ to: { queue: 'quick' } }, 400, 'CTI_ERR_VALIDATION')
  const { rows } = await world.postgres.query(
    `SELECT 1 FROM contacts WHERE direction = 'outbound' AND ended_at IS NULL`,
  )
  t.equal(rows.length, 0)
  t.match(await a1.me(), { work: 'idle' })
})

t.test('by the WebSocket', async (t) => {
  const citizen = await outside(t, { answerAfterMs: 1 })
  await world.phone('3001', { answerAfterMs: 1 })
  await a1.available()
  const socket = new WebSocket(`${world.server().url.replace('http', 'ws')}/v1/events`)
  t.teardown(() => socket.terminate())
  const results: { id: string; status: number; contactId?: string }[] = []
  socket.on('open', () => {
    socket.send(JSON.stringify({ type: 'hello', token: a1.accessToken }))
    socket.send(JSON.stringify({ type: 'command', id: '0', do: 'hold' }))
    socket.send(
      JSON.stringify({ type: 'command', id: '1', do: 'call', to: { department: 'tax_dept' }, queue: 'quick' }),
    )
  })
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'command_result') results.push(frame)
  })
  const placed = await until(() => results.find(({ id }) => id === '1'), { what: 'the answer' })
  t.match(placed, { status: 202 })
  t.match(
    results,
    [{ id: '0', status: 400, problem: { code: 'CTI_ERR_VALIDATION' } }],
    'other commands name their call',
  )
  await world.event(placed.contactId!, 'contact.connected')
  t.match(citizen.invites()[0]?.firstLine, /sip:0311201001@/, 'the number of the department')
  await citizen.hangUp()
  await a1.untilWork('idle')
})

t.test('a colleague: only one who is free; neither is offered a call meanwhile; hold, and the record', async (t) => {
  const a2 = await world.signIn('a2')
  const phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })
  const colleague = await world.phone('3002', { tone: 500 })
  await a1.available()
  const call = (agent = 'a2') => place({ to: { agent } })
  t.match(await call(), { status: 409, body: { code: 'CTI_ERR_AGENT_WRONG_STATE' } }, 'signed out')
  t.match(await call('a1'), { status: 409, body: { code: 'CTI_ERR_AGENT_WRONG_STATE' } }, 'oneself')
  t.match(await call('nobody'), { status: 404, body: { code: 'CTI_ERR_AGENT_NOT_FOUND' } })
  await a2.available()
  const { contactId } = (await call()).body
  t.match(await a1.popOf(contactId), { queue: 'INTERNAL', queueLabel: { ko: '내선' } })
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  t.match(colleague.invites()[0]?.headers.from, /내선.*3001/)
  t.match(await a2.me(), { work: 'idle', device: 'busy' })
  const citizen = await world.call({ number: '7001' })
  const waiting = await world.contactOf(citizen.caller)
  await world.event(waiting, 'contact.queued')
  await colleague.answer()
  await until(() => phone.audio?.hears(500) && colleague.audio?.hears(700), { what: 'the two talk' })
  t.notOk(
    (await world.story(waiting)).some(({ type }) => type === 'reservation.created'),
    'nobody is free for a caller',
  )
  await citizen.hangUp()
  t.equal((await a1.request('POST', `/v1/contacts/${contactId}/hold`, {})).status, 200)
  await until(() => colleague.audio?.hearsAnything() && !colleague.audio.hears(700), {
    what: 'the colleague hears music',
  })
  t.match(await a1.request('POST', `/v1/contacts/${contactId}/transfer`, { to: { agent: 'a3' } }), {
    body: { code: 'CTI_ERR_CONTACT_WRONG_STATE' },
  })
  t.equal((await a1.request('POST', `/v1/contacts/${contactId}/resume`, {})).status, 200)
  await until(() => colleague.audio?.hears(700), { what: 'back' })
  await colleague.hangUp()
  await a1.untilWork('idle')
  await until(async () => (await a2.me())?.device === 'up', { what: 'the colleague is free again' })
  t.match(await record(contactId), { direction: 'outbound', queue: 'INTERNAL', dialled: '3002', end: 'completed' })

  const declined = (await call()).body.contactId
  await until(() => colleague.isRinging(), { what: 'it rings again' })
  await colleague.decline()
  t.match(await world.event(declined, 'contact.abandoned'), { data: { reason: 'no_answer' } })
  await a1.untilWork('idle')
  await until(async () => (await a2.me())?.device === 'up', { what: 'free again' })
  const givenUp = (await call()).body.contactId
  await until(() => colleague.isRinging(), { what: 'and again' })
  await phone.hangUp()
  t.match(await world.event(givenUp, 'contact.abandoned'), { data: { reason: 'agent_gone' } })
  await until(async () => (await a2.me())?.device === 'up', { what: 'free once more' })
  t.match(await a2.me(), { work: 'idle', presence: 'available' })
})
