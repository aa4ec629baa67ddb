import { chmodSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Recording, RecordingState } from '../../../src/api/contracts/recordings.js'
import { readWav, spoolOf, storeOf } from '../../helpers/recordings.js'
import { readiness } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// What was spoken before a crash is heard again, and calls do not depend on their being recorded.
const world = await startWorld({ server: 'process', recording: true })
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  file.recording = { mode: 'whole', pauseSeconds: 6 }
})
t.afterEach(() => world.expectClean())

const sign = async () => ({ agent: await world.signIn('a1'), supervisor: await world.signIn('sup') })
const signed = (await sign()) as Awaited<ReturnType<typeof sign>>
const rows = async (contactId: string): Promise<readonly Recording[]> =>
  (await signed.supervisor.request<{ items: Recording[] }>('GET', `/v1/recordings?contact=${contactId}`)).body.items
const heard = async (contactId: string) => {
  const recording = await until(async () => (await rows(contactId)).find(({ state }) => state === 'stored'), {
    what: 'the recording is stored',
    timeout: 90_000,
  })
  const answer = await fetch(`${world.server().url}/v1/recordings/${recording.id}/audio`, {
    headers: { authorization: `Bearer ${signed.supervisor.accessToken}` },
  })
  return { recording, wav: readWav(Buffer.from(await answer.arrayBuffer())) }
}
const talk = async () => {
  await signed.agent.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const contactId = await world.contactOf(citizen.caller)
  await phone.answer()
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'they talk' })
  return { phone, citizen, contactId }
}
/** Bytes of the left leg in the spool; the PBX writes 2 s at once. */
const spooled = async (contactId: string, bytes: number) => {
  const { recordingId } = (await world.event(contactId, 'recording.started')).data
  await until(
    async () => {
      const file = readdirSync(spoolOf(world.asterisk)).find((f) => f.startsWith(recordingId) && f.endsWith('-r.sln'))
      return file !== undefined && statSync(`${spoolOf(world.asterisk)}/${file}`).size >= bytes
    },
    { what: `${bytes} bytes are in the spool` },
  )
}
const alarm = (kind: string) =>
  until(
    async () => {
      const { status, dependencies } = await readiness(world.server())
      const part = dependencies.find(({ name }) => name === 'recording')
      return status === 'degraded' && part?.detail?.includes(kind)
    },
    { what: `the alarm ${kind}`, timeout: 60_000 },
  )
const noAlarm = () =>
  until(async () => (await readiness(world.server())).status === 'ready', { what: 'no alarm', timeout: 90_000 })

t.test('the server is killed in a pause: the next one ends the pause, and the recording is one', async (t) => {
  const { citizen, contactId } = await talk()
  const paused = await signed.agent.request<RecordingState>('POST', `/v1/contacts/${contactId}/recording/pause`, {})
  t.match(paused.body, { state: 'paused' })
  await world.server().kill()
  await world.startServer('process')
  Object.assign(signed, await sign())
  await until(() => citizen.audio?.hears(700), { what: 'the pair talks on' })
  const resumed = await world.event(contactId, 'recording.resumed')
  t.match(resumed.data, { automatic: true, by: 'system', recordingId: paused.body.recordingId })
  const later = Date.now()
  await until(() => Date.now() - later > 1_000, { what: 'a second more is said' })
  await citizen.hangUp()
  const { wav, recording } = await heard(contactId)
  t.equal((await rows(contactId)).length, 1)
  t.match(recording, { id: paused.body.recordingId, stopReason: 'ended', pauses: [{ automatic: true }] })
  const { fromMs, toMs = 0 } = recording.pauses[0]!
  t.ok(wav.isSilent('left', (fromMs + toMs) / 2), 'nothing of the pause')
  t.ok(wav.share('left', 1100, wav.durationMs - 500) > 0.6, 'what was said after it')
  t.ok(wav.share('right', 700, wav.durationMs - 500) > 0.6)
})

t.test('Asterisk is killed in a talk: the spool is found and what was said is heard', async (t) => {
  const { contactId } = await talk()
  await spooled(contactId, 32_768)
  await world.asterisk.kill()
  await world.asterisk.restart()
  await until(async () => (await readiness(world.server())).dependencies.find(({ name }) => name === 'ari')?.ok, {
    what: 'the link is up',
    timeout: 30_000,
  })
  const { wav, recording } = await heard(contactId)
  t.ok(wav.durationMs >= 2_000, `${wav.durationMs} ms are there`)
  t.ok(wav.part('left', 1100) > 0.9 && wav.part('right', 700) > 0.9)
  t.equal(recording.state, 'stored')
  t.same(readdirSync(spoolOf(world.asterisk)), [], 'nothing is left in the spool')
  await until(async () => (await signed.agent.me())?.work !== 'talking', { what: 'the agent is free' })
})

t.test('server and Asterisk are killed: a file that nobody knows any more is finished by its name', async (t) => {
  const { contactId } = await talk()
  await spooled(contactId, 32_768)
  await Promise.all([world.server().kill(), world.asterisk.kill()])
  await world.asterisk.restart()
  await world.startServer('process')
  Object.assign(signed, await sign())
  const { wav } = await heard(contactId)
  t.ok(wav.part('left', 1100) > 0.9 && wav.part('right', 700) > 0.9)
})

t.test('the store is away: the talk goes on, an alarm stands, and the recording is stored later', async (t) => {
  const store = storeOf(world.redis.centre)
  renameSync(store, `${store}.away`)
  writeFileSync(store, 'a file where the folder was')
  const { citizen, contactId } = await talk()
  await citizen.hangUp()
  await alarm('store')
  t.match(
    (await world.journal()).find(({ type }) => type === 'recording.failed'),
    { data: { step: 'store' } },
  )
  t.equal(await world.metric('cti_recording_alarm'), 1)
  renameSync(store, `${store}.file`)
  renameSync(`${store}.away`, store)
  const { wav } = await heard(contactId)
  t.ok(wav.part('left', 1100) > 0.5)
  await noAlarm()
})

t.test('the PBX cannot write: the talk goes on, and an alarm stands', async (t) => {
  const spool = spoolOf(world.asterisk)
  chmodSync(spool, 0o500)
  const { citizen, phone } = await talk()
  await alarm('spool')
  t.ok(await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'they talk' }))
  await citizen.hangUp()
  chmodSync(spool, 0o700)
  await noAlarm()
})
