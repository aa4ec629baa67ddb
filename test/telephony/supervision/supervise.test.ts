import t from 'tap'
import WebSocket from 'ws'
import type { Desk } from '../../helpers/desk.js'
import { operationsTagged, succeededOperations } from '../../helpers/documented.js'
import type { RtpPeer } from '../../helpers/rtp.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A supervisor with a talk: who hears whom, by tones. Citizen 1100, a1 700, supervisor 500, second supervisor 300 Hz.
const world = await startWorld({ reconcileEveryMs: 1_000 })
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  for (const agent of file.agents) {
    if (agent.id === 'a5' || agent.id === 'a6') agent.device = undefined
    if (agent.id === 'sup') agent.device = '3006'
    if (agent.id === 'adm') agent.device = '3005'
  }
})
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
const sup = await world.signIn('sup')
const adm = await world.signIn('adm')
t.afterEach(async () => {
  await world.expectClean()
  t.ok(Number.isNaN(await world.metric('cti_repairs_total')), 'nothing had to be mended')
})

interface Answer {
  code?: string
  id?: string
  mode?: string
  state?: string
  agentId?: string
  version?: number
  items?: unknown[]
}
const ask = (
  desk: Desk,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  contactId: string,
  body?: object,
  headers?: Record<string, string>,
) => desk.request<Answer>(method, `/v1/contacts/${contactId}/supervision`, body, headers)

/** A citizen and a1 talk. */
async function talk() {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'the two hear each other' })
  return { phone, citizen, contactId: await world.contactOf(citizen.caller) }
}
type Party = { audio?: RtpPeer }
const hz = { citizen: 1100, agent: 700, supervisor: 500, second: 300 } as const
/** Each of these can be made out, and none of the others. */
const hearsOnly = (party: Party, ...tones: (keyof typeof hz)[]) =>
  (Object.keys(hz) as (keyof typeof hz)[]).every((name) => {
    const share = party.audio?.share(hz[name]) ?? 0
    return tones.includes(name) ? share > 0.6 / tones.length : share < 0.02
  })
const untilHears = (party: Party, what: string, ...tones: (keyof typeof hz)[]) =>
  until(() => hearsOnly(party, ...tones), { what })

/** The supervisor's phone has answered and hears both. */
async function listen(contactId: string, mode = 'listen') {
  const own = await world.phone('3006', { tone: hz.supervisor })
  t.match(await ask(sup, 'POST', contactId, { mode }), {
    status: 200,
    body: { mode, state: 'ringing', agentId: 'a1', supervisorId: 'sup' },
    etag: '"1"',
  })
  await until(() => own.isRinging(), { what: "the supervisor's phone rings" })
  await own.answer()
  await untilHears(own, 'the supervisor hears both', 'citizen', 'agent')
  return own
}

t.test('listen, whisper, barge and back, on hold, ended: who hears whom', async (t) => {
  const { phone, citizen, contactId } = await talk()
  t.match(await ask(a2, 'POST', contactId, { mode: 'listen' }), { status: 403, body: { code: 'CTI_ERR_FORBIDDEN' } })
  t.match(await ask(sup, 'PATCH', contactId, { mode: 'barge' }), { body: { code: 'CTI_ERR_SUPERVISION_NOT_FOUND' } })
  const own = await listen(contactId)
  t.ok(hearsOnly(phone, 'citizen'), 'the agent does not hear the supervisor')
  t.ok(hearsOnly(citizen, 'agent'), 'nor does the citizen')
  t.equal((await ask(sup, 'POST', contactId, { mode: 'listen' })).status, 204)
  t.match(await ask(sup, 'POST', contactId, { mode: 'barge' }), { body: { code: 'CTI_ERR_SUPERVISION_EXISTS' } })
  t.match(await sup.me(), { work: 'talking', part: 'supervision', contactId })

  t.match(await ask(sup, 'PATCH', contactId, { mode: 'whisper' }, { 'if-match': '"7"' }), { status: 412 })
  t.match(await ask(sup, 'PATCH', contactId, { mode: 'whisper' }, { 'if-match': '"1"' }), {
    status: 200,
    body: { mode: 'whisper', state: 'active', version: 2 },
    etag: '"2"',
  })
  await untilHears(phone, 'the agent hears the supervisor, too', 'citizen', 'supervisor')
  t.ok(hearsOnly(citizen, 'agent'), 'the citizen does not')
  await untilHears(own, 'the supervisor hears on', 'citizen', 'agent')

  // The citizen on hold: the agent can be helped meanwhile, and the citizen hears nothing of it.
  const order = (what: string) => a1.request<Answer>('POST', `/v1/contacts/${contactId}/${what}`, {})
  t.match(
    await order('hold'),
    { status: 200, body: { version: 1 } },
    'a supervision does not move the version of the call',
  )
  await untilHears(phone, 'the agent hears the supervisor alone', 'supervisor')
  await until(() => citizen.audio?.hearsAnything() && citizen.audio.share(hz.supervisor) < 0.02, { what: 'music' })
  await order('resume')
  await untilHears(phone, 'all as before', 'citizen', 'supervisor')

  await ask(sup, 'PATCH', contactId, { mode: 'barge' })
  await untilHears(citizen, 'the citizen hears both', 'agent', 'supervisor')
  await untilHears(phone, 'the agent hears both', 'citizen', 'supervisor')
  await untilHears(own, 'the supervisor hears both', 'citizen', 'agent')
  await ask(sup, 'PATCH', contactId, { mode: 'listen' })
  await untilHears(citizen, 'only the agent', 'agent')
  await untilHears(phone, 'only the citizen', 'citizen')
  await untilHears(own, 'the supervisor hears both', 'citizen', 'agent')
  t.equal((await world.observer.channels()).length, 4, 'caller, agent, supervisor, one listening channel')

  t.equal((await ask(sup, 'DELETE', contactId)).status, 204)
  await until(() => !own.isTalking(), { what: "the supervisor's phone has hung up" })
  await sup.untilWork('idle')
  t.equal((await ask(sup, 'DELETE', contactId)).status, 204)
  await until(async () => (await world.observer.channels()).length === 2, { what: 'caller and agent are left' })
  t.equal((await world.observer.bridges()).length, 1)
  t.ok(hearsOnly(citizen, 'agent') && hearsOnly(phone, 'citizen'), 'the talk was never touched')
  await citizen.hangUp()
  await a1.untilWork('idle')

  // Who listened to whom, and how, stands in the record; who may read it, and what the floor was told meanwhile.
  const record = (desk: Desk, query = '') =>
    desk.request<Answer>('GET', `/v1/supervisions?contact=${contactId}${query}`)
  const rows = await until(
    async () => {
      const { items = [] } = (await record(sup)).body
      // The end of the promise may be recorded before the word of the supervision itself.
      return items.length === 4 && (items as { endReason?: string }[])[0]?.endReason === 'ended' && items
    },
    { what: 'the record of it' },
  )
  t.match(
    rows,
    [
      { mode: 'listen', endReason: 'ended' },
      { mode: 'barge', endReason: 'mode_changed' },
      { mode: 'whisper', endReason: 'mode_changed' },
      { mode: 'listen', endReason: 'mode_changed' },
    ].map((row) => ({ ...row, supervisorId: 'sup', agentId: 'a1', contactId, shown: true, queue: 'quick' })),
  )
  t.equal((await record(a1)).status, 403)
  t.same((await record(adm, '&supervisor=adm')).body.items, [])
  const told = (desk: Desk) =>
    desk.events.filter(({ type, contactId: about }) => type.startsWith('supervision.') && about === contactId)
  await until(() => told(a1).length === 5, { what: 'the agent is told, as the centre has it' })
  t.equal(told(a2).length, 0, 'nobody else is')
  const busy = a2.events.filter(({ type, subject }) => type === 'agent.work_changed' && subject === 'agent:sup')
  t.match(
    busy.map(({ data }) => data.work),
    ['reserved', 'ringing', 'talking', 'idle'],
  )
  t.ok(
    busy.every(({ data, contactId: about }) => data.contactId === undefined && !about),
    'the floor sees that the supervisor is busy, not with whom',
  )
})

t.test('an agent who is not to know is not told', async (t) => {
  await world.changeCentre((file) => {
    file.centre.showSupervision = false
  })
  const { citizen, contactId } = await talk()
  const own = await listen(contactId)
  t.match((await ask(sup, 'GET', contactId)).body, { items: [{ shown: false }] })
  t.same((await ask(a1, 'GET', contactId)).body, { items: [] })
  const seen = (await a1.request<{ state?: object }>('GET', '/v1/agents/sup')).body.state
  t.match(seen, { work: 'talking', contactId: undefined, part: undefined })
  await ask(sup, 'DELETE', contactId)
  await until(() => sup.of('supervision.ended').some((event) => event.contactId === contactId), {
    what: 'the supervisor is told',
  })
  await citizen.hangUp()
  await a1.untilWork('idle')
  t.equal(
    a1.events.filter(({ type, contactId: about }) => type.startsWith('supervision.') && about === contactId).length,
    0,
  )
  await until(() => !own.isTalking(), { what: "the supervisor's phone has hung up" })
  await world.changeCentre((file) => {
    file.centre.showSupervision = undefined
  })
})

t.test('take over: the contact is the supervisor’s, the agent wraps up; who else listened has ended', async (t) => {
  const { phone, citizen, contactId } = await talk()
  const own = await listen(contactId, 'listen')
  const second = await world.phone('3005', { tone: hz.second })
  await ask(adm, 'POST', contactId, { mode: 'listen' })
  await until(() => second.isRinging(), { what: "the second supervisor's phone rings" })
  await second.answer()
  await untilHears(second, 'two listen, and neither hears the other', 'citizen', 'agent')
  await ask(adm, 'PATCH', contactId, { mode: 'whisper' })
  await untilHears(phone, 'one of them speaks', 'citizen', 'second')
  t.match(await ask(sup, 'PATCH', contactId, { mode: 'barge' }), {
    status: 409,
    body: { code: 'CTI_ERR_SUPERVISOR_SPEAKS' },
  })
  t.match(await ask(sup, 'GET', contactId), {
    body: {
      items: [
        { supervisorId: 'sup', mode: 'listen' },
        { supervisorId: 'adm', mode: 'whisper' },
      ],
    },
  })
  const take = (desk: Desk) => desk.request<Answer>('POST', `/v1/contacts/${contactId}/take-over`, {})
  t.match(await take(a2), { status: 403 })
  t.match(await take(sup), { status: 200, body: { agentId: 'sup' } })
  await untilHears(citizen, 'the citizen has the supervisor', 'supervisor')
  t.match(await sup.popOf(contactId), { agentId: 'sup', queue: 'quick' }, 'and the supervisor who is on the line')
  await untilHears(own, 'the supervisor has the citizen', 'citizen')
  await until(() => !phone.isTalking() && !second.isTalking(), { what: 'the others have hung up' })
  await a1.untilWork('idle')
  await adm.untilWork('idle')
  t.match(await sup.me(), { work: 'talking', contactId })
  t.match(await world.event(contactId, 'contact.transferred'), {
    data: { agentId: 'a1', toAgent: 'sup', kind: 'taken_over' },
  })
  const ends = await until(
    async () => {
      const found = (await world.story(contactId)).filter(({ type }) => type === 'supervision.ended')
      return found.length === 2 && found
    },
    { what: 'both have ended' },
  )
  t.same(
    ends
      .map(({ data }) => [(data as Answer & { supervisorId: string }).supervisorId, (data as { why?: string }).why])
      .sort(),
    [
      ['adm', 'agent_gone'],
      ['sup', 'taken_over'],
    ],
  )
  t.match(await ask(sup, 'GET', contactId), { body: { items: [] } })
  await citizen.hangUp()
  await sup.untilWork('idle')
})

t.test(
  'it ends with the agent’s part: declined, parked, hung up; nobody listens beside a call of their own',
  async (t) => {
    const { phone, citizen, contactId } = await talk()
    const own = await world.phone('3006', { tone: hz.supervisor })
    await ask(sup, 'POST', contactId, { mode: 'listen' })
    await until(() => own.isRinging(), { what: 'it rings' })
    t.match(await sup.request('POST', `/v1/contacts/${contactId}/take-over`, {}), {
      body: { code: 'CTI_ERR_SUPERVISION_NOT_ANSWERED' },
    })
    await own.decline()
    await sup.untilWork('idle')
    t.same((await ask(sup, 'GET', contactId)).body, { items: [] })

    await ask(sup, 'POST', contactId, { mode: 'listen' })
    await until(() => own.isRinging(), { what: 'it rings again' })
    await own.answer()
    await untilHears(own, 'the supervisor hears both', 'citizen', 'agent')
    await a1.request('POST', `/v1/contacts/${contactId}/park`, {})
    await until(() => !own.isTalking(), { what: 'a parked call has nobody to listen to' })
    await sup.untilWork('idle')
    t.match(await ask(sup, 'POST', contactId, { mode: 'listen' }), { body: { code: 'CTI_ERR_CALL_PARKED' } })
    await a1.request('POST', `/v1/contacts/${contactId}/pick-up`, {})
    await until(() => phone.isRinging(), { what: "the agent's phone rings" })
    await phone.answer()
    await untilHears(phone, 'the agent is back', 'citizen')

    // By the WebSocket: the same checks and answers.
    const socket = new WebSocket(`${world.server().url.replace('http', 'ws')}/v1/events`)
    const results: { id?: string; status?: number; supervision?: { mode: string }; problem?: { code: string } }[] = []
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data))
      if (frame.type === 'snapshot' || frame.type === 'command_result') results.push(frame)
    })
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: sup.accessToken })))
    t.teardown(() => socket.terminate())
    await until(() => results.length === 1, { what: 'the snapshot' })
    const command = async (id: string, more: object) => {
      socket.send(JSON.stringify({ type: 'command', id, contactId, ...more }))
      return until(() => results.find((result) => result.id === id), { what: `the answer to ${id}` })
    }
    t.match(await command('1', { do: 'supervise', mode: 'whisper' }), { status: 200, supervision: { mode: 'whisper' } })
    await until(() => own.isRinging(), { what: 'it rings' })
    await own.answer()
    await untilHears(phone, 'the agent hears the supervisor', 'citizen', 'supervisor')
    t.match(await command('2', { do: 'switch_supervision', mode: 'listen' }), { supervision: { mode: 'listen' } })
    await untilHears(phone, 'no more', 'citizen')
    await own.hangUp()
    await sup.untilWork('idle')
    t.match(await command('3', { do: 'end_supervision' }), { status: 204 })
    t.match(await world.event(contactId, 'supervision.ended', 2), { data: { why: 'left' } })

    // Whoever has a call of their own listens to no other one.
    await sup.available()
    t.match(await ask(sup, 'POST', contactId, { mode: 'listen' }), { status: 200 }, 'also who is available')
    await until(() => own.isRinging(), { what: 'it rings' })
    await own.answer()
    await untilHears(own, 'the supervisor hears both', 'citizen', 'agent')
    const elsewhere = await sup.request<Answer>('POST', `/v1/contacts/${contactId}/consult`, { to: { agent: 'sup' } })
    t.match(elsewhere, { body: { code: 'CTI_ERR_AGENT_WRONG_STATE' } }, 'nor is drawn into one')
    await citizen.hangUp()
    await until(() => !own.isTalking(), { what: "the supervisor's phone has hung up" })
    await a1.untilWork('idle')
    await sup.untilWork('idle')
    t.match(await ask(sup, 'POST', contactId, { mode: 'listen' }), { status: /40[49]/ })
  },
)

t.test('help: asked, withdrawn, answered by a word or by listening; it ends with the agent’s part', async (t) => {
  const { citizen, contactId } = await talk()
  const help = (desk: Desk, method: 'GET' | 'POST' | 'DELETE', body?: object, rest = '') =>
    desk.request<Answer & { note?: string; answeredBy?: string }>(method, `/v1/contacts/${contactId}/help${rest}`, body)
  const told = (desk: Desk, type: string) =>
    desk.events.filter((event) => event.type === type && event.contactId === contactId)
  t.match(await help(a2, 'POST', {}), { status: 403, body: { code: 'CTI_ERR_CONTACT_OTHER_AGENT' } })
  t.match(await help(sup, 'POST', {}, '/answer'), { status: 404, body: { code: 'CTI_ERR_HELP_NOT_FOUND' } })
  for (const desk of [a1, sup])
    t.match(await help(desk, 'GET'), { status: 200, body: { contactId, state: 'none', agentId: undefined } })
  t.match(await help(a1, 'POST', { note: '고성 010-1234-5678' }), {
    status: 200,
    body: { agentId: 'a1', note: /5678/ },
  })
  t.equal((await help(a1, 'POST', {})).status, 204)
  await until(() => told(sup, 'help.requested').length === 1 && told(adm, 'help.requested').length === 1, {
    what: 'who leads the team is told',
  })
  t.match(told(sup, 'help.requested')[0]?.data, { from: 'a1', note: '고성 010-1234-5678', queue: 'quick' })
  t.match((await help(a1, 'GET')).body, { state: 'asked', agentId: 'a1', note: '고성 ***-****-5678' }, 'masked')
  t.match(await help(a2, 'GET'), { status: 403, body: { code: 'CTI_ERR_CONTACT_OTHER_AGENT' } })
  t.equal((await help(a1, 'DELETE')).status, 204)
  t.equal((await help(a1, 'DELETE')).status, 204)
  await until(() => told(sup, 'help.withdrawn').length === 1, { what: 'withdrawn once' })

  await help(a1, 'POST', {})
  t.match(await help(adm, 'POST', {}, '/answer'), { status: 200, body: { answeredBy: 'adm' } })
  t.equal((await help(adm, 'POST', {}, '/answer')).status, 204)
  t.match(await help(sup, 'POST', {}, '/answer'), { status: 409, body: { code: 'CTI_ERR_HELP_ANSWERED' } })
  await until(() => told(a1, 'help.answered').length === 1, { what: 'the agent knows who comes' })
  t.match((await help(a1, 'GET')).body, { state: 'answered', answeredBy: 'adm' })
  await help(a1, 'DELETE')
  await help(a1, 'POST', {})
  const own = await listen(contactId, 'listen')
  await until(() => told(a1, 'help.answered').at(-1)?.data.answeredBy === 'sup', { what: 'who listens has come' })
  await citizen.hangUp()
  await until(() => told(a1, 'help.ended').length === 1 && told(sup, 'help.ended').length === 1, { what: 'it is over' })
  t.equal(told(a2, 'help.requested').length, 0, 'nobody else is told')
  await a1.untilWork('idle')
  await until(() => !own.isTalking(), { what: "the supervisor's phone has hung up" })
  await sup.untilWork('idle')
})

t.test(
  'in a consultation the supervisor follows the agent: also alone while it rings; the citizen hears nobody',
  async (t) => {
    const { phone, citizen, contactId } = await talk()
    const own = await listen(contactId, 'whisper')
    await untilHears(phone, 'the agent hears the supervisor', 'citizen', 'supervisor')
    await a2.available()
    const colleague = await world.phone('3002', { tone: hz.second })
    t.equal((await a1.request('POST', `/v1/contacts/${contactId}/consult`, { to: { agent: 'a2' } })).status, 200)
    await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
    await untilHears(phone, 'the agent, waiting for the colleague, hears the supervisor', 'supervisor')
    await colleague.answer()
    await untilHears(phone, 'and then both', 'second', 'supervisor')
    await untilHears(colleague, 'the colleague hears the agent alone', 'agent')
    await untilHears(own, 'the supervisor hears the two', 'agent', 'second')
    t.ok((citizen.audio?.share(hz.supervisor) ?? 1) < 0.02 && (citizen.audio?.share(hz.agent) ?? 1) < 0.02)
    await a1.request('POST', `/v1/contacts/${contactId}/complete`, {})
    await until(() => !own.isTalking() && !phone.isTalking(), {
      what: 'handed over: it was this agent who was listened to',
    })
    await untilHears(citizen, 'the citizen has the colleague', 'second')
    await citizen.hangUp()
    await a2.untilWork('idle')
    await a1.untilWork('idle')
    await sup.untilWork('idle')
    t.match(await world.event(contactId, 'supervision.ended'), { data: { why: 'agent_gone', agentId: 'a1' } })
  },
)

t.test(
  'no operation on a live call was left out, and each was answered as the API document says (helpers/desk.ts)',
  async (t) => {
    // Beside calls: test/integration/api/messages.test.ts, and the record of it in this file.
    const elsewhere = new Set(['sendMessage'])
    for (const id of operationsTagged('supervision')) t.ok(elsewhere.has(id) || succeededOperations().has(id), id)
  },
)
