import { readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { Recording, RecordingState } from '../../../src/api/contracts/recordings.js'
import { startPhone } from '../../helpers/callers.js'
import type { Desk } from '../../helpers/desk.js'
import { findUdpPort } from '../../helpers/ports.js'
import { readWav, spoolOf, storeOf } from '../../helpers/recordings.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Talks that are recorded: whole, on demand, with pauses; heard again by tone, side by side.
const trunkPort = await findUdpPort()
const world = await startWorld({
  recording: true,
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
})
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  const queue = (id: string) => file.queues.find((each) => each.id === id)!
  queue('quick').recording = { mode: 'whole', pauseSeconds: 5 }
  queue('disaster').recording = { mode: 'on_demand' }
  queue('tax').recording = { mode: 'whole', mayPause: 'supervisor', tone: false }
})
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
const supervisor = await world.signIn('sup')
const admin = await world.signIn('adm')
t.afterEach(() => world.expectClean())

const control = (desk: Desk, contactId: string, action: string, headers: Record<string, string> = {}) =>
  desk.request<RecordingState & { code?: string }>('POST', `/v1/contacts/${contactId}/recording/${action}`, {}, headers)
const row = async (contactId: string): Promise<Recording | undefined> =>
  (await supervisor.request<{ items: Recording[] }>('GET', `/v1/recordings?contact=${contactId}`)).body.items[0]
const stored = (contactId: string): Promise<Recording> =>
  until(async () => ((await row(contactId))?.state === 'stored' ? row(contactId) : undefined), {
    what: 'the recording is stored',
  })
const audio = (desk: Desk, path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.server().url}${path}`, { headers: { authorization: `Bearer ${desk.accessToken}`, ...headers } })
const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

/** A talk with a tone on each side: 1100 Hz the citizen, 700 Hz the agent. */
async function talk(number: string, options: { holdAfterMs?: number } = {}) {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700, ...options })
  const citizen = await world.call({ number, tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const contactId = await world.contactOf(citizen.caller)
  await phone.answer()
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'they talk' })
  return { phone, citizen, contactId }
}

t.test('a whole talk with pauses and holding is heard again, each side by itself', async (t) => {
  const { phone, citizen, contactId } = await talk('7001')
  const started = await world.event(contactId, 'recording.started')
  const connected = await world.event(contactId, 'contact.connected')
  t.comment(`recorded ${started.time - connected.time} ms after the talk began`)
  t.match(started.data, { mode: 'whole', queue: 'quick', agentId: 'a1', node: 'node1', rev: 1 })
  t.match((await a1.request('GET', `/v1/contacts/${contactId}/recording`)).body, {
    state: 'recording',
    rev: 1,
    mayPause: true,
    mayStart: false,
  })

  // A pause by the agent: both hear a tone, and one more when it goes on.
  const heard = { citizen: 0, phone: 0 }
  const listen = setInterval(() => {
    if ((citizen.audio?.share(1400) ?? 0) > 0.3) heard.citizen += 1
    if ((phone.audio?.share(1400) ?? 0) > 0.3) heard.phone += 1
  }, 20)
  const answer = await control(a1, contactId, 'pause', { 'if-match': '"1"' })
  t.equal(answer.status, 200)
  t.match(answer.body, { state: 'paused', rev: 2 })
  t.equal(answer.etag, '"2"')
  await until(() => heard.citizen > 0 && heard.phone > 0, { what: 'both hear the tone of the pause' })
  t.match((await control(a1, contactId, 'pause')).body, { state: 'paused', rev: 2 }, 'paused twice is paused')
  t.match((await control(a1, contactId, 'resume', { 'if-match': '"1"' })).body, { code: 'CTI_ERR_VERSION_MISMATCH' })
  t.equal((await control(a2, contactId, 'resume')).body.code, 'CTI_ERR_CONTACT_OTHER_AGENT')
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), {
    what: 'what must not be recorded is said',
  })
  heard.citizen = 0
  t.match((await control(a1, contactId, 'resume')).body, { state: 'recording', rev: 3 })
  await until(() => heard.citizen > 0, { what: 'the tone of going on' })
  clearInterval(listen)
  await until(() => citizen.audio?.hears(700), { what: 'they talk again' })

  // A pause that nobody ends goes on by itself.
  t.equal((await control(supervisor, contactId, 'pause')).body.rev, 4)
  const resumed = await world.event(contactId, 'recording.resumed', 2)
  t.match(resumed.data, { automatic: true, by: 'system', rev: 5 })
  const { from = 0, to = 0 } = resumed.data.pauses[1] ?? {}
  t.ok(to - from >= 5_000, 'after the time of the centre file')

  t.equal((await control(a1, contactId, 'stop')).body.code, 'CTI_ERR_RECORDING_NOT_ALLOWED', 'a whole talk is whole')
  await until(() => citizen.audio?.hears(700), { what: 'they talk to the end' })
  await citizen.hangUp()
  await world.event(contactId, 'recording.stored')
  const recording = await stored(contactId)
  t.match(recording, { state: 'stored', mode: 'whole', store: 'disk', keyId: 'k1', stopReason: 'ended', missingMs: 0 })
  t.equal(recording.pauses.length, 2)
  t.equal((await control(a1, contactId, 'pause')).body.code, 'CTI_ERR_CONTACT_NOT_FOUND')
  t.same(
    readdirSync(spoolOf(world.asterisk)).filter((file) => file.startsWith(recording.id)),
    [],
    'nothing is left in the spool',
  )

  const path = `/v1/recordings/${recording.id}/audio`
  const whole = await audio(supervisor, path)
  t.equal(whole.status, 200)
  const clear = await bytes(whole)
  const wav = readWav(clear)
  t.ok(Math.abs(wav.durationMs - (recording.durationMs ?? 0)) < 1)
  t.equal(wav.part('left', 700), 0, 'the agent is not heard on the side of the citizen')
  t.equal(wav.part('right', 1100), 0, 'nor the citizen on the side of the agent')
  t.ok(wav.part('left', 1100) > 0.02, `citizen at the left in ${wav.part('left', 1100)} of it`)
  t.ok(wav.part('right', 700) > 0.02, `agent at the right in ${wav.part('right', 700)} of it`)
  for (const pause of recording.pauses) {
    // The sound lies beside the clock by what the machine is late.
    for (let ms = pause.fromMs + 300; ms + 500 < pause.toMs!; ms += 100)
      t.ok(wav.isSilent('left', ms) && wav.isSilent('right', ms), `${ms} ms: silent in the pause`)
  }

  const part = await audio(supervisor, path, { range: 'bytes=70000-140001' })
  t.equal(part.status, 206)
  t.equal(part.headers.get('content-range'), `bytes 70000-140001/${clear.length}`)
  t.same(await bytes(part), clear.subarray(70_000, 140_002))
  t.same(await bytes(await audio(supervisor, path, { range: 'bytes=-10' })), clear.subarray(-10))
  t.equal((await audio(supervisor, path, { range: `bytes=${clear.length}-` })).status, 416)
  t.equal((await audio(a1, path)).status, 403, 'an agent does not hear recordings')
  t.equal((await supervisor.request('POST', `/v1/recordings/${recording.id}/download`, { reason: 'x' })).status, 403)
  t.equal(
    (await admin.request('POST', `/v1/recordings/${recording.id}/download`, {})).status,
    400,
    'not without a reason',
  )
  const link = await admin.request<{ url: string }>('POST', `/v1/recordings/${recording.id}/download`, {
    reason: '민원인 요청 확인',
  })
  const taken = await fetch(world.server().url + link.body.url)
  t.match(taken.headers.get('content-disposition'), /attachment/)
  t.same(await bytes(taken), clear)
  t.equal((await fetch(`${world.server().url}/v1/recordings/downloads/${'x'.repeat(43)}`)).status, 410)
  const rows = await until(
    async () => {
      const found = await world.postgres.query<{ who: string; action: string; reason: string | null }>(
        `SELECT who, action, reason FROM access_log WHERE $1 = ANY (whose) ORDER BY seq`,
        [`recording:${recording.id}`],
      )
      return found.rows.length === 5 ? found.rows : undefined
    },
    { what: 'five uses in the access log' },
  )
  t.same(
    rows.map(({ who, action }) => `${who} ${action}`),
    ['user:sup play', 'user:sup play', 'user:sup play', 'user:adm download', 'user:adm download'],
  )
  t.equal(rows[3]?.reason, '민원인 요청 확인')
  const objects = readdirSync(storeOf(world.redis.centre), { recursive: true, withFileTypes: true }).filter((f) =>
    f.isFile(),
  )
  t.equal(objects.length, 1)
  t.notOk(readFileSync(`${objects[0]!.parentPath}/${objects[0]!.name}`).includes('WAVEfmt'), 'it lies there encrypted')
})

t.test('on hold at the phone the recording goes on: music at the right, then the agent again', async (t) => {
  const { citizen, contactId } = await talk('7001', { holdAfterMs: 1_500 })
  await world.event(contactId, 'contact.resumed')
  await until(() => citizen.audio?.hears(700), { what: 'they talk again' })
  await citizen.hangUp()
  const { id, durationMs = 0 } = await stored(contactId)
  const wav = readWav(await bytes(await audio(supervisor, `/v1/recordings/${id}/audio`)))
  t.ok(wav.part('left', 1100) > 0.9, 'the citizen all along')
  const end = Math.floor(durationMs / 100) * 100 - 300
  t.ok(wav.share('right', 700, 500) > 0.6, 'the agent before')
  const musical = Array.from({ length: end / 100 }, (_, n) => n * 100).filter(
    (ms) => !wav.isSilent('right', ms) && wav.share('right', 700, ms) < 0.3,
  )
  t.ok(musical.length >= 5, 'music in between')
})

t.test('on demand: recorded from start to stop, and started once more', async (t) => {
  const { citizen, contactId } = await talk('7006')
  t.match((await a1.request('GET', `/v1/contacts/${contactId}/recording`)).body, { state: 'off', mayStart: true })
  t.equal((await control(a1, contactId, 'pause')).body.code, 'CTI_ERR_RECORDING_NOT_RUNNING')
  t.match((await control(a1, contactId, 'start')).body, { state: 'recording', mode: 'on_demand' })
  t.match((await control(a1, contactId, 'start')).body, { state: 'recording', rev: 1 })
  t.match((await control(a1, contactId, 'stop')).body, { state: 'off' })
  t.match(await world.event(contactId, 'recording.stopped'), { data: { why: 'command' } })
  t.match((await control(a1, contactId, 'start')).body, { state: 'recording', rev: 1 })
  await citizen.hangUp()
  await until(
    async () =>
      (await supervisor.request<{ items: Recording[] }>('GET', `/v1/recordings?contact=${contactId}&state=stored`)).body
        .items.length === 2,
    { what: 'both are stored' },
  )
})

t.test('what the centre does not want is refused', async (t) => {
  const refusals = async (t: Test, number: string, action: string, code: string) => {
    const { citizen, contactId } = await talk(number)
    t.equal((await control(a1, contactId, action)).body.code, code)
    await citizen.hangUp()
    return contactId
  }
  const silent = await refusals(t, '7002', 'start', 'CTI_ERR_RECORDING_OFF')
  t.notOk((await world.story(silent)).some(({ type }) => type === 'recording.started'))
})

t.test(
  'through consult and transfer the recording goes on; parked or outside, where no staff is, it stops',
  async (t) => {
    const outside = await startPhone({ port: trunkPort, tone: 900 })
    t.teardown(() => outside.stop())
    const { phone, citizen, contactId } = await talk('7001')
    const act = (desk: Desk, what: string, body: object = {}) =>
      desk.request('POST', `/v1/contacts/${contactId}/${what}`, body)
    const rows = async (): Promise<Recording[]> =>
      (await supervisor.request<{ items: Recording[] }>('GET', `/v1/recordings?contact=${contactId}`)).body.items
    const state = async () => (await a1.request('GET', `/v1/contacts/${contactId}/recording`)).body.state
    await world.event(contactId, 'recording.started')

    await a2.available()
    const colleague = await world.phone('3002', { tone: 500 })
    t.equal((await act(a1, 'consult', { to: { agent: 'a2' } })).status, 200)
    await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
    await colleague.answer()
    await until(() => phone.audio?.hears(500), { what: 'the two agents talk' })
    t.equal(await state(), 'recording', 'the citizen hears music: the talk goes on')
    t.equal((await act(a1, 'complete')).status, 200)
    await until(() => citizen.audio?.hears(500) && colleague.audio?.hears(1100), {
      what: 'the colleague has the citizen',
    })
    t.equal((await rows()).length, 1, 'one recording of the whole talk')
    await a1.untilWork('idle')

    const heard = citizen.audio?.packets() ?? 0
    await until(() => (citizen.audio?.packets() ?? 0) > heard + 25, { what: 'half a second of the colleague' })
    t.equal((await act(a2, 'park')).status, 200)
    await until(async () => (await rows())[0]?.stopReason === 'no_staff', { what: 'parked: no staff is left' })
    t.equal((await act(a2, 'pick-up')).status, 200)
    await until(() => colleague.isRinging(), { what: 'it rings at the agent again' })
    await colleague.answer()
    await until(async () => (await rows()).length === 2, { what: 'picked up: a recording again' })
    await until(() => citizen.audio?.hears(500), { what: 'they talk' })

    t.equal((await act(a2, 'transfer', { to: { department: 'tax_dept' } })).status, 200)
    await until(() => outside.isRinging(), { what: 'the department rings' })
    await outside.answer()
    await until(() => citizen.audio?.hears(900), { what: 'the citizen has the department' })
    await until(async () => (await rows()).every(({ stopReason }) => stopReason === 'no_staff'), {
      what: 'outside: no staff is left',
    })
    await citizen.hangUp()
    await until(async () => (await rows()).every((each) => each.state === 'stored'), { what: 'both are stored' })
    const [, whole] = await rows()
    const wav = readWav(await bytes(await audio(supervisor, `/v1/recordings/${whole!.id}/audio`)))
    t.ok(wav.part('left', 1100) > 0.9, 'the citizen left')
    t.ok(wav.part('right', 700) > 0.02 && wav.part('right', 500) > 0.02, 'both agents right')
  },
)
