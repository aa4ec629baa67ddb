import t from 'tap'
import WebSocket from 'ws'
import type { Desk } from '../../helpers/desk.js'
import { operationsTagged, succeededOperations } from '../../helpers/documented.js'
import { findUdpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// What can be done to a talk, by the API: every control with its audio. Tones: citizen 1100, a1 700, a2 500, outside 900 Hz.
const trunkPort = await findUdpPort()
const world = await startWorld({
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
  reconcileEveryMs: 1_000,
})
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
t.afterEach(async () => {
  await world.expectClean()
  t.ok(Number.isNaN(await world.metric('cti_repairs_total')), 'nothing had to be mended')
})

const act = (desk: Desk, contactId: string, what: string, body: object = {}, headers: Record<string, string> = {}) =>
  desk.request<{ code?: string; version?: number; parties?: { id: string; state: string }[] }>(
    'POST',
    `/v1/contacts/${contactId}/${what}`,
    body,
    headers,
  )

const parkedCalls = async (desk: Desk) =>
  (await desk.request<{ items: object[] }>('GET', '/v1/parked-calls')).body.items

/** A citizen and a1 talk. */
async function talk(queue = '7001') {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: queue, tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'the two hear each other' })
  return { phone, citizen, contactId: await world.contactOf(citizen.caller) }
}
const hears = (party: { audio?: { hears(hz: number): boolean } }, hz: number, what: string) =>
  until(() => party.audio?.hears(hz), { what })

t.test('hold and resume, mute, keys; once for each Idempotency-Key, only on the version that was seen', async (t) => {
  const { phone, citizen, contactId } = await talk()
  const held = await act(a1, contactId, 'hold', {}, { 'idempotency-key': 'hold-0001' })
  t.match(held, { status: 200, body: { state: 'held', held: true, version: 1 }, etag: '"1"' })
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'the citizen hears music' })
  await until(() => !phone.audio?.hearsAnything(), { what: 'the agent hears nothing' })
  await a1.untilWork('holding')
  t.equal((await act(a1, contactId, 'hold')).status, 204, 'held already')
  t.match(await act(a1, contactId, 'hold', {}, { 'idempotency-key': 'hold-0001' }), {
    status: 200,
    body: { version: 1 },
  })
  t.match(await act(a1, contactId, 'resume', {}, { 'if-match': '"0"' }), {
    status: 412,
    body: { code: 'CTI_ERR_VERSION_MISMATCH' },
  })
  t.equal((await act(a1, contactId, 'resume', {}, { 'if-match': '"1"' })).status, 200)
  await hears(citizen, 700, 'the citizen hears the agent again')
  await hears(phone, 1100, 'the agent hears the citizen again')
  t.equal((await act(a1, contactId, 'resume')).status, 204)
  await a1.untilWork('talking')

  t.equal((await act(a1, contactId, 'mute')).status, 200)
  await until(() => !citizen.audio?.hearsAnything(), { what: 'the citizen does not hear the agent' })
  t.ok(phone.audio?.hears(1100), 'the agent hears on')
  t.equal((await act(a1, contactId, 'mute')).status, 204)
  t.equal((await act(a1, contactId, 'unmute')).status, 200)
  await hears(citizen, 700, 'heard again')
  t.equal((await act(a1, contactId, 'dtmf', { digits: '12#' })).status, 200)

  t.match(await act(a2, contactId, 'hold'), { status: 403, body: { code: 'CTI_ERR_CONTACT_OTHER_AGENT' } })
  t.match(await act(a1, contactId, 'swap'), { status: 409, body: { code: 'CTI_ERR_NO_CONSULT' } })
  t.match(await act(a1, contactId, 'leave'), { status: 409, body: { code: 'CTI_ERR_NOBODY_STAYS' } })
  t.match(await act(a1, contactId, 'parties/p1/drop'), { status: 404, body: { code: 'CTI_ERR_PARTY_NOT_FOUND' } })
  t.match(await act(a1, contactId, 'consult', { to: { number: '0041123' } }), {
    status: 422,
    body: { code: 'CTI_ERR_NUMBER_NOT_ALLOWED' },
  })
  t.match(await act(a1, contactId, 'consult', { to: { agent: 'a2' } }), {
    status: 409,
    body: { code: 'CTI_ERR_AGENT_WRONG_STATE' },
  })
  // Two at once: one is first, the other finds it done.
  const both = await Promise.all([act(a1, contactId, 'hold'), act(a1, contactId, 'hold')])
  t.same(both.map(({ status }) => status).sort(), [200, 204])
  await citizen.hangUp()
  await a1.untilWork('idle')
  t.match(await act(a1, contactId, 'hold'), { status: /40[49]/ })
})

t.test('consult a colleague: context on the screen, swap, cancel, the agent back; then hand over', async (t) => {
  const { phone, citizen, contactId } = await talk()
  await a2.available()
  const colleague = await world.phone('3002', { tone: 500 })
  t.equal((await act(a1, contactId, 'consult', { to: { agent: 'a2' } })).status, 200)
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  const pop = await a2.popOf(contactId)
  t.match(pop, { contactId, agentId: 'a2', from: { agentId: 'a1', part: 'consult' }, queue: 'quick' })
  t.match(await a2.untilWork('ringing'), { part: 'consult', contactId })
  t.match(await act(a1, contactId, 'consult', { to: { agent: 'a3' } }), {
    body: { code: 'CTI_ERR_CONSULT_IN_PROGRESS' },
  })
  t.match(await act(a1, contactId, 'swap'), { body: { code: 'CTI_ERR_CONSULT_NOT_ANSWERED' } })
  await colleague.answer()
  await hears(colleague, 700, 'the colleague hears the agent')
  await hears(phone, 500, 'the agent hears the colleague')
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'the citizen hears music' })
  await a2.untilWork('talking')

  t.equal((await act(a1, contactId, 'swap')).status, 200)
  await hears(citizen, 700, 'the citizen has the agent')
  await until(() => colleague.audio?.hearsAnything() && !colleague.audio.hears(700), {
    what: 'the colleague hears music',
  })
  t.equal((await act(a1, contactId, 'swap')).status, 200)
  await hears(colleague, 700, 'and back')
  t.equal((await act(a1, contactId, 'cancel')).status, 200)
  await hears(citizen, 700, 'the agent is back')
  await a2.untilWork('idle')
  t.equal((await act(a1, contactId, 'cancel')).status, 204)

  await act(a1, contactId, 'consult', { to: { agent: 'a2' } })
  await until(() => colleague.isRinging(), { what: 'it rings again' })
  await colleague.decline()
  await hears(citizen, 700, 'declined: the agent is back')
  await a2.untilWork('idle')

  await act(a1, contactId, 'consult', { to: { agent: 'a2' } })
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  await colleague.answer()
  await hears(colleague, 700, 'the colleague hears the agent')
  t.equal((await act(a1, contactId, 'complete')).status, 200)
  await hears(citizen, 500, 'the citizen has the colleague')
  await hears(colleague, 1100, 'the colleague has the citizen')
  await a1.untilWork('idle')
  t.notOk(phone.isTalking(), "the first agent's phone has hung up")
  t.match(await a2.me(), { work: 'talking', contactId })
  t.match(await act(a1, contactId, 'hold'), { body: { code: 'CTI_ERR_CONTACT_OTHER_AGENT' } })
  t.equal((await act(a2, contactId, 'hold')).status, 200, 'it is the colleague’s call like any other')
  t.equal((await act(a2, contactId, 'resume')).status, 200)
  await hears(citizen, 500, 'held and resumed by the new agent')
  await citizen.hangUp()
  await a2.untilWork('idle')
  await world.event(contactId, 'contact.completed')
  t.match(await world.event(contactId, 'contact.transferred'), {
    data: { agentId: 'a1', toAgent: 'a2', kind: 'attended', queue: 'quick' },
  })
  const record = await until(
    async () => {
      const { body } = await a1.request<{
        state?: string
        transfers?: number
        segments: { kind: string; agentId?: string }[]
      }>('GET', `/v1/contacts/${contactId}`)
      return body.state === 'completed' ? body : undefined
    },
    { what: 'the record is complete' },
  )
  t.match(record, { transfers: 1, agentId: 'a2' })
  const talkers = record.segments.filter(({ kind }) => kind === 'talk').map(({ agentId }) => agentId)
  t.equal(talkers[0], 'a1')
  t.equal(talkers.at(-1), 'a2')
})

t.test('blind transfer: to a free agent, who is refused when not free; to a queue, ahead of new callers', async (t) => {
  const { citizen, contactId } = await talk('120')
  t.match(await act(a1, contactId, 'transfer', { to: { agent: 'a2' } }), {
    body: { code: 'CTI_ERR_AGENT_WRONG_STATE' },
  })
  t.match(await act(a1, contactId, 'transfer', { to: { agent: 'a1' } }), {
    body: { code: 'CTI_ERR_AGENT_WRONG_STATE' },
  })
  t.match(await act(a1, contactId, 'transfer', { to: { queue: 'closed' } }), { body: { code: 'CTI_ERR_QUEUE_CLOSED' } })
  t.match(await act(a1, contactId, 'transfer', { to: { queue: 'none' } }), {
    body: { code: 'CTI_ERR_QUEUE_NOT_FOUND' },
  })
  await a2.available()
  const colleague = await world.phone('3002', { tone: 500 })
  t.match(await act(a1, contactId, 'transfer', { to: { agent: 'a2' } }), { status: 200 })
  await a1.untilWork('wrapping')
  t.match(await a1.me(), { part: 'after' }, 'wraps up what went on')
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  t.match(await a2.popOf(contactId), { from: { agentId: 'a1', part: 'transfer' } })
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'music meanwhile' })
  await colleague.answer()
  await hears(citizen, 500, 'the citizen has the colleague')
  t.equal((await a1.finishWrapUp('resolved')).status, 200)
  await a1.untilWork('idle')
  t.match(await a2.me(), { work: 'talking', contactId }, 'the contact is not ended by that')

  // Nobody is free for tax: the caller waits, ahead of whoever rang in before.
  const other = await world.call({ number: '7004' })
  await world.event(await world.contactOf(other.caller), 'contact.queued')
  t.match(await act(a2, contactId, 'transfer', { to: { queue: 'tax_expert' } }), { status: 200 })
  t.match(await world.event(contactId, 'contact.queued', 3), {
    data: { queue: 'tax_expert', position: 0, priority: 20, transferred: true },
  })
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(500), { what: 'music again' })
  await a2.untilWork('wrapping')
  await a2.finishWrapUp('resolved')
  // a2 is the only expert, so its own caller comes back rather than waits for ever.
  await until(() => colleague.isRinging(), { what: 'the transferred caller is first' })
  t.equal((await a2.popOf(contactId)).contactId, contactId)
  await colleague.answer()
  await hears(citizen, 500, 'and is heard')
  await citizen.hangUp()
  await other.hangUp()
  await a2.untilWork('idle')
  const { rows } = await until(
    async () => {
      const found = await world.postgres.query(
        `SELECT c.transfers, t.kind, t.from_agent, t.to_agent, t.to_queue FROM contacts c JOIN contact_transfers t ON t.contact_id = c.id
          WHERE c.id = $1 AND c.ended_at IS NOT NULL ORDER BY t.id`,
        [contactId],
      )
      return found.rows.length > 0 && found
    },
    { what: 'the record is complete' },
  )
  t.match(rows, [
    { transfers: 2, kind: 'blind', from_agent: 'a1', to_agent: 'a2' },
    { transfers: 2, kind: 'blind', from_agent: 'a2', to_queue: 'tax_expert' },
  ])
})

t.test('a department is called in: conference, mute, drop; the agent leaves and the two talk on', async (t) => {
  const { startPhone } = await import('../../helpers/callers.js')
  const outside = await startPhone({ port: trunkPort, tone: 900 })
  t.teardown(() => outside.stop())
  const { phone, citizen, contactId } = await talk()
  t.match(await act(a1, contactId, 'conference', { to: { department: 'nothing' } }), {
    body: { code: 'CTI_ERR_DEPARTMENT_UNKNOWN' },
  })
  t.equal((await act(a1, contactId, 'conference', { to: { department: 'tax_dept' } })).status, 200)
  await until(() => outside.isRinging(), { what: "the department's phone rings" })
  t.match(outside.invites()[0]?.headers.from, /sip:0311200120@/, "the centre's own number is shown")
  t.ok(citizen.audio?.hears(700), 'the two talk on meanwhile')
  await outside.answer()
  // Two tones at once, each a part of what is heard; a trunk is less loud in the mix.
  const share = (party: { audio?: { share(hz: number): number } }, hz: number) => (party.audio?.share(hz) ?? 0) > 0.1
  await until(() => share(citizen, 700) && share(citizen, 900), { what: 'the citizen hears both' })
  await until(() => share(phone, 1100) && share(phone, 900), { what: 'the agent hears both' })
  await until(() => share(outside, 1100) && share(outside, 700), { what: 'the department hears both' })
  const { body: call } = await a1.request<{ parties: { id: string }[] }>('GET', `/v1/contacts/${contactId}/call`)
  t.match(call.parties, [
    { id: 'caller', state: 'talking' },
    { id: 'p1', kind: 'outside', department: 'tax_dept' },
  ])
  t.notMatch(JSON.stringify(call), /0311201001/, 'no number')
  t.equal((await act(a1, contactId, 'parties/p1/mute')).status, 200)
  await hears(citizen, 700, 'the department is not heard any more')
  t.equal((await act(a1, contactId, 'parties/p1/mute')).status, 204)
  t.equal((await act(a1, contactId, 'parties/p1/unmute')).status, 200)
  await until(() => share(citizen, 900), { what: 'heard again' })
  t.equal((await act(a1, contactId, 'parties/p1/drop')).status, 200)
  await hears(citizen, 700, 'only the agent is left')
  await until(() => !outside.isTalking(), { what: 'the department has no call' })

  await act(a1, contactId, 'consult', { to: { number: '0311201001' } })
  await until(() => outside.isRinging(), { what: 'it rings again' })
  await outside.answer()
  await hears(outside, 700, 'the agent asks first')
  t.equal((await act(a1, contactId, 'merge')).status, 200)
  await until(() => share(citizen, 700) && share(citizen, 900), { what: 'all three' })
  t.equal((await act(a1, contactId, 'leave')).status, 200)
  await a1.untilWork('idle')
  await hears(citizen, 900, 'citizen and department talk on')
  await hears(outside, 1100, 'both ways')
  t.notOk(phone.isTalking(), 'without the agent')
  t.match(await world.event(contactId, 'contact.transferred'), { data: { outside: true, kind: 'conference' } })
  await outside.hangUp()
  await citizen.exited
  t.match((await world.event(contactId, 'contact.forward_ended')).data, { queue: 'quick', agentId: 'a1' })
})

t.test(
  'blind to a department that is busy: the agent has the citizen back; one that answers has the citizen',
  async (t) => {
    const { startPhone } = await import('../../helpers/callers.js')
    const { phone, citizen, contactId } = await talk()
    const busy = await startPhone({ port: trunkPort, refuse: 486 })
    t.equal((await act(a1, contactId, 'transfer', { to: { department: 'tax_dept' } })).status, 200)
    await until(
      () => a1.of('contact.call_changed').some(({ data }) => (data.left as { why?: string })?.why === 'busy'),
      {
        what: 'the screen says that it was busy',
      },
    )
    await hears(citizen, 700, 'the agent is back')
    await busy.stop()
    const outside = await startPhone({ port: trunkPort, tone: 900 })
    t.teardown(() => outside.stop())
    await act(a1, contactId, 'transfer', { to: { department: 'tax_dept' } })
    await until(() => outside.isRinging(), { what: 'the department rings' })
    await phone.hangUp()
    await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), {
      what: 'the agent has put the phone down: music',
    })
    await outside.answer()
    await hears(citizen, 900, 'the department has the citizen')
    await a1.untilWork('idle')
    await citizen.hangUp()
    await until(() => !outside.isTalking(), { what: 'nobody is left alone' })
  },
)

t.test('park, pick up by the same agent, park, pick up by a colleague', async (t) => {
  const { phone, citizen, contactId } = await talk()
  t.equal((await act(a1, contactId, 'park')).status, 200)
  await until(() => !phone.isTalking(), { what: "the agent's phone is free" })
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'music' })
  t.match(await act(a1, contactId, 'hold'), { body: { code: 'CTI_ERR_CALL_PARKED' } })
  t.equal((await act(a1, contactId, 'park')).status, 204)
  const { parkedAt } = (await world.event(contactId, 'contact.parked')).data as { parkedAt: number }
  t.match(await parkedCalls(a2), [{ contactId, agentId: 'a1', queue: 'quick', parkedAt }], 'a colleague sees it')
  t.equal((await act(a1, contactId, 'pick-up')).status, 200)
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await hears(citizen, 700, 'back')
  await hears(phone, 1100, 'both ways')
  t.same(await parkedCalls(a2), [], 'picked up')

  await act(a1, contactId, 'park')
  await until(async () => (await parkedCalls(a2)).length === 1, { what: 'parked again' })
  const { contacts } = (await world.signIn('a3')).snapshot
  t.match(contacts, [{ contactId, agentId: 'a1', parkedAt: Number }], 'in the snapshot as well')
  await a2.available()
  const colleague = await world.phone('3002', { tone: 500 })
  t.equal((await act(a2, contactId, 'pick-up')).status, 200)
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  await colleague.answer()
  await hears(citizen, 500, 'the colleague has picked it up')
  await a1.untilWork('idle')
  t.match(await world.event(contactId, 'contact.transferred'), { data: { kind: 'picked_up', toAgent: 'a2' } })
  t.same(await parkedCalls(a2), [], 'it is no parked call any more')
  await citizen.hangUp()
  await a2.untilWork('idle')
})

t.test(
  'hold at the phone gives the same events; the caller who leaves in the middle of it all leaves nothing behind',
  async (t) => {
    await a1.available()
    const phone = await world.phone('3001', { tone: 700, holdAfterMs: 2_500 })
    const citizen = await world.call({ number: '7001', tone: 1100 })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    await phone.answer()
    const contactId = await world.contactOf(citizen.caller)
    await world.event(contactId, 'contact.held')
    t.match(await act(a1, contactId, 'resume'), { status: 409, body: { code: 'CTI_ERR_HELD_BY_PHONE' } })
    t.equal((await act(a1, contactId, 'hold')).status, 204)
    await world.event(contactId, 'contact.resumed')
    await a2.available()
    const colleague = await world.phone('3002')
    // Transfer while the caller leaves: whichever is first, it ends in one right state.
    const [sent] = await Promise.all([act(a1, contactId, 'consult', { to: { agent: 'a2' } }), citizen.hangUp()])
    t.ok([200, 404, 409].includes(sent.status), `answered: ${sent.status} ${sent.body.code}`)
    await a1.untilWork('idle')
    await a2.untilWork('idle')
    t.notOk(colleague.isTalking())
  },
)

t.test('answered in the client where the device may answer by itself; commands by the WebSocket', async (t) => {
  await world.changeCentre((file) => {
    for (const agent of file.agents) if (agent.id === 'a1') agent.autoAnswer = 'accept'
  })
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await a1.popOf(contactId)
  t.equal(phone.invites().length, 0, 'the phone is rung only when the agent takes the call')
  t.match(await act(a2, contactId, 'answer'), { body: { code: 'CTI_ERR_CONTACT_OTHER_AGENT' } })
  t.equal((await act(a1, contactId, 'answer')).status, 202)
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const { headers } = phone.invites()[0]!
  t.equal(headers['answer-mode'], 'Auto')
  t.match(headers['call-info'], /answer-after=0/)
  // The test's phone has no automatic answer of its own.
  await phone.answer()
  await hears(citizen, 700, 'the two talk')

  const socket = new WebSocket(`${world.server().url.replace('http', 'ws')}/v1/events`)
  t.teardown(() => socket.terminate())
  const results: { id: string; status: number; call?: { held: boolean }; problem?: { code: string } }[] = []
  let greeted = false
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: a1.accessToken })))
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'snapshot') greeted = true
    if (frame.type === 'command_result') results.push(frame)
  })
  await until(() => greeted, { what: 'the socket is greeted' })
  const command = async (id: string, more: object) => {
    socket.send(JSON.stringify({ type: 'command', id, contactId, ...more }))
    return until(() => results.find((result) => result.id === id), { what: `answer to ${id}` })
  }
  t.match(await command('1', { do: 'hold', idempotencyKey: 'ws-hold-1' }), { status: 200, call: { held: true } })
  t.match(await command('2', { do: 'hold' }), { status: 204 })
  t.match(await command('3', { do: 'resume', ifVersion: 0 }), {
    status: 412,
    problem: { code: 'CTI_ERR_VERSION_MISMATCH' },
  })
  t.match(await command('4', { do: 'party_drop', party: 'p9' }), {
    status: 404,
    problem: { code: 'CTI_ERR_PARTY_NOT_FOUND' },
  })
  t.match(await command('5', { do: 'resume' }), { status: 200, call: { held: false } })
  await hears(citizen, 700, 'back')
  t.match(await command('6', { do: 'hang_up' }), { status: 202 })
  await citizen.exited
  await a1.untilWork('idle')
})

t.test('no control was left out, and each was answered as the API document says (helpers/desk.ts)', async (t) => {
  // A call that an agent places: call-out.test.ts.
  for (const id of operationsTagged('calls').filter((each) => each !== 'placeCall'))
    t.ok(succeededOperations().has(id), id)
})
