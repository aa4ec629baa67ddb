import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { AmiConnection } from '../../../src/asterisk/ami/connection.js'
import { silentMetrics } from '../../../src/asterisk/metrics-port.js'
import { startAsterisk } from '../../helpers/asterisk.js'
import { registerPhone, startCitizen, startPhone } from '../../helpers/callers.js'
import { testEnvironment } from '../../helpers/environment.js'
import { observe } from '../../helpers/leaks.js'
import { findUdpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'
import { openLink } from './link-world.js'

const recordings = mkdtempSync(join(testEnvironment('CTI_TEST_DIR'), 'recordings-'))
writeFileSync(join(recordings, 'beep.wav'), makeWav(300))
const asterisk = await startAsterisk({ phones: 2, env: { CTI_RECORDINGS_DIR: recordings } })
const observer = await observe(asterisk)
t.teardown(() => asterisk.stop())

t.test('ids with every odd character reach Asterisk whole, by both ways', async (t) => {
  for (const rest of ['ws', 'http'] as const) {
    const world = openLink(asterisk, { rest })
    await world.isUp()
    const phone = await startPhone({ port: asterisk.phones['3001'] ?? 0 })
    const citizen = await startCitizen(asterisk)
    const { channelId: originator } = await world.next('call_arrived')
    const channelId = `a/b ?#%&=+;한😀-${randomUUID()}`
    const ring = { contactId: 'c', reservationId: 'r', endpoint: '3001', displayName: '', displayNumber: '' }
    await world.telephony.ring({ ...ring, channelId, originator, timeoutMs: 9000 })
    await world.next('leg_ringing', (event) => event.channelId === channelId)
    await world.telephony.hangUp(channelId)
    t.match(await world.next('leg_ended', (event) => event.channelId === channelId), { failure: 'cancelled' })
    await citizen.hangUp()
    await world.next('leg_ended', (event) => event.channelId === originator)
    await Promise.all([phone.stop(), citizen.stop()])
    await world.link.close()
    await observer.expectNothing()
  }
})

t.test('errors have the status, a stable code and no value', async (t) => {
  for (const rest of ['ws', 'http'] as const) {
    const world = openLink(asterisk, { rest })
    await world.isUp()
    const { telephony } = world
    const refused = { name: 'AriError', code: 'CTI_ERR_PBX_REFUSED', status: 404, path: '/channels/{channelId}/answer' }
    await t.rejects(telephony.answer('01012345678'), refused)
    await t.rejects(telephony.play('gone', 'p', ['cti/greet']), { code: 'CTI_ERR_PBX_REFUSED', status: 404 })
    await t.rejects(telephony.startMusic('gone'), { code: 'CTI_ERR_PBX_REFUSED', status: 404 })
    await t.rejects(telephony.setVariables('gone', { A: 'b' }), { code: 'CTI_ERR_PBX_REFUSED', status: 404 })
    const invalid = { code: 'CTI_ERR_PBX_INVALID_VALUE' }
    await t.rejects(telephony.answer('a\r\nb'), invalid)
    await t.rejects(telephony.play('x', 'p', ['../../etc/passwd']), invalid)
    await t.rejects(telephony.play('x', 'p', ['cti/a,sound:b']), invalid)
    await t.rejects(telephony.play('x', 'p', []), invalid)
    await t.rejects(telephony.startMusic('x', 'a b'), invalid)
    await t.rejects(telephony.setVariables('x', { 'A)&B(': 'b' }), invalid)
    await t.rejects(telephony.continueInDialplan('x', 'a,b', 's'), invalid)
    await t.rejects(telephony.bridge('b', ['a,b']), invalid)
    await t.rejects(telephony.setDeadMan('x\r\nAction: Originate', 5), invalid)
    const gone = randomUUID()
    await telephony.hangUp(gone)
    await telephony.stopPlayback(gone)
    await telephony.stopMusic(gone)
    await telephony.destroyBridge(gone)
    await telephony.setDeadMan(gone, 5)
    await telephony.setDeadMan(gone, 0)
    await t.rejects(telephony.bridge(gone, ['nobody']), { code: 'CTI_ERR_PBX_REFUSED', status: 400 })
    await observer.expectNothing()
    t.notMatch(world.logged.join('') + JSON.stringify(world.counts), /01012345678/)
    await world.link.close()
  }
})

t.test('prompts: done, one after the other, stopped, missing, and stopped before they began', async (t) => {
  const world = openLink(asterisk)
  t.teardown(() => world.link.close())
  await world.isUp()
  const { telephony } = world
  const citizen = await startCitizen(asterisk)
  t.teardown(() => citizen.stop())
  const { channelId } = await world.next('call_arrived')
  await telephony.answer(channelId)
  const end = async (playbackId: string) =>
    (await world.next('playback_ended', (event) => event.playbackId === playbackId)).end
  await telephony.play(channelId, 'p1', ['cti/beep', 'cti/beep'])
  t.equal(await end('p1'), 'done')
  await telephony.play(channelId, 'p2', ['cti/no-such-file'])
  t.equal(await end('p2'), 'failed')

  await telephony.play(
    channelId,
    'p3',
    Array.from({ length: 30 }, () => 'cti/beep'),
  )
  const blocked = telephony.setVariables(channelId, { CTI_X: '1' })
  const behind = telephony.play(channelId, 'p4', ['cti/beep'])
  await telephony.stopPlayback('p4')
  await telephony.stopPlayback('p3')
  await Promise.all([blocked, behind])
  t.equal(await end('p3'), 'done', 'a stop frees the channel')
  t.equal(await end('p4'), 'done', 'stopped before its turn: never played, and told as ended')

  await citizen.hangUp()
  await world.next('leg_ended')
  await observer.expectNothing()
})

t.test('devices: all at connect, then each change once', async (t) => {
  const world = openLink(asterisk)
  t.teardown(() => world.link.close())
  const state = (endpoint: string) => world.all('device_changed', (event) => event.endpoint === endpoint)
  await until(() => state('2001').length > 0 && state('3001').length > 0, { what: 'the first list' })
  t.match(state('2001'), [{ state: 'down' }], 'nobody registered')
  t.match(state('3001'), [{ state: 'up' }], 'a static contact')
  const port = await findUdpPort()
  const phone = { user: '2001', password: asterisk.phonePassword, port }
  t.equal((await registerPhone(asterisk, phone)).code, 0)
  const listening = await startPhone({ port })
  t.teardown(() => listening.stop())
  await until(() => world.link.devices().get('2001') === 'up', {
    what: '2001 is up (its first qualify may come only after 15 s)',
    timeout: 40_000,
  })
  await listening.stop()
  await registerPhone(asterisk, { ...phone, expires: 0 })
  await until(() => world.link.devices().get('2001') === 'down', { what: '2001 is down', timeout: 15_000 })
  t.same(
    state('2001').map((event) => event.state),
    ['down', 'up', 'down'],
  )
})

t.test('the heartbeat is young while the server is ready, and gone with it', async (t) => {
  const global = async () => {
    const path = 'asterisk/variable?variable=CTI_HEARTBEAT'
    return Number(((await asterisk.ari(path)) as { value: string }).value)
  }
  let ready = true
  const world = openLink(asterisk, { ready: () => ready })
  await world.isUp()
  const first = await until(global, { what: 'the heartbeat is set' })
  await until(async () => (await global()) > first, { what: 'it is renewed' })

  ready = false
  const citizen = await startCitizen(asterisk)
  t.teardown(() => citizen.stop())
  await until(() => citizen.isAnswered(), { what: 'the fallback queue took the call' })
  t.equal(world.all('call_arrived').length, 0, 'a server that is not ready claims nothing')
  await citizen.hangUp()
  ready = true
  await world.link.close()
  t.equal(await global(), 0, 'a closed server says so at once')
  await observer.expectNothing()
})

t.test('AMI refuses what would be another action, and tells what it lists', async (t) => {
  const logger = pino({ enabled: false })
  const { amiPort: port, amiUser: user, amiPassword: password } = asterisk
  let onUp: () => void = () => {}
  const up = new Promise<void>((resolve) => {
    onUp = resolve
  })
  const handlers = { onUp, onDown() {}, onEvent() {} }
  const ami = new AmiConnection({ host: '127.0.0.1', port, user, password }, handlers, logger, silentMetrics)
  t.teardown(() => ami.close())
  await t.rejects(ami.action('Ping'), { code: 'CTI_ERR_PBX_UNREACHABLE' })
  ami.start()
  await up
  const injected = 'x\r\nActionID: 9\r\n\r\nAction: Setvar\r\nVariable: CTI_EVIL\r\nValue: 1'
  await t.rejects(ami.action('Setvar', { Variable: 'CTI_GOOD', Value: injected }), {
    code: 'CTI_ERR_PBX_INVALID_VALUE',
  })
  await t.rejects(ami.action('Setvar', { 'Variable: CTI_EVIL\r\nValue': 'x' }), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  await ami.action('Setvar', { Variable: 'CTI_GOOD', Value: 'a: b, c=d 한글' })
  t.same(await asterisk.ari('asterisk/variable?variable=CTI_GOOD'), { value: 'a: b, c=d 한글' })
  t.same(await asterisk.ari('asterisk/variable?variable=CTI_EVIL'), { value: '' })
  const { list } = await ami.action('PJSIPShowEndpoints')
  t.ok(list.length > 2)
  t.ok(list.every((entry) => entry.event === 'EndpointList'))
  await t.rejects(ami.action('NoSuchAction'), { code: 'CTI_ERR_PBX_REFUSED' })
  const many = await Promise.all(Array.from({ length: 50 }, () => ami.action('Ping')))
  t.equal(many.length, 50)
  await asterisk.ari('asterisk/info')
  const pending = ami.action('PJSIPShowEndpoints')
  ami.close()
  await t.rejects(pending, { code: 'CTI_ERR_PBX_UNREACHABLE' })
})

/** Silence of this many milliseconds as a recording that a centre might drop in: 8 kHz, 16 bit, one channel. */
function makeWav(milliseconds: number): Buffer {
  const data = Buffer.alloc(milliseconds * 16)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(16_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}
