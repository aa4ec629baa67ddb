import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startAsterisk } from '../../helpers/asterisk.js'
import { startCitizen, startPhone } from '../../helpers/callers.js'
import { observe } from '../../helpers/leaks.js'
import { until } from '../../helpers/until.js'
import { openLink } from './link-world.js'
import { openProxy } from './proxy.js'

const asterisk = await startAsterisk({ phones: 1 })
const observer = await observe(asterisk)
t.teardown(() => asterisk.stop())
const ariPort = Number(new URL(asterisk.ariUrl).port)
const port = asterisk.phones['3001'] ?? 0

t.test('a cut is survived; who hung up meanwhile is told afterwards, who talks is left alone', async (t) => {
  const [ari, ami] = [await openProxy(ariPort), await openProxy(asterisk.amiPort)]
  const phone = await startPhone({ port })
  const world = openLink(asterisk, { ariUrl: ari.url, amiPort: ami.port, rest: 'ws' })
  t.teardown(async () => {
    await world.link.close()
    await Promise.all([ari.close(), ami.close(), phone.stop()])
  })
  await world.isUp()
  t.match(await world.next('link_up'), { restarted: false })

  const talking = await startCitizen(asterisk)
  t.teardown(() => talking.stop())
  const { channelId: first } = await world.next('call_arrived')
  await world.telephony.answer(first)
  const leg = randomUUID()
  await world.telephony.ring({
    channelId: leg,
    contactId: 'c',
    reservationId: 'r',
    endpoint: '3001',
    displayName: '',
    displayNumber: '',
    timeoutMs: 20_000,
    originator: first,
  })
  await world.next('leg_ringing')
  await phone.answer()
  await world.next('leg_answered')
  await world.telephony.bridge('b', [first, leg])
  const leaving = await startCitizen(asterisk)
  t.teardown(() => leaving.stop())
  const { channelId: second } = await world.next('call_arrived', (event) => event.channelId !== first)
  await world.telephony.answer(second)

  ari.freeze(true)
  ari.cut()
  ami.cut()
  await world.next('link_down')
  t.equal(world.link.health().ari.ok, false)
  await leaving.hangUp()
  await until(async () => (await observer.channels()).length === 2, { what: 'the second caller is gone' })
  t.equal(world.all('leg_ended').length, 0, 'nobody could tell yet')
  ari.freeze(false)
  ari.cut()
  await until(() => world.all('link_up').length === 2, { what: 'the link is up again' })
  t.equal(world.all('link_up').at(-1)?.restarted, false, 'the same Asterisk')
  await world.next('leg_ended', (event) => event.channelId === second)
  t.equal(world.all('leg_ended').length, 1, 'the talking pair lives')
  t.match(await observer.bridges(), [{ id: 'b' }])

  await talking.hangUp()
  await world.next('leg_ended', (event) => event.channelId === first)
  await world.isUp()
  await world.telephony.hangUp(leg)
  await world.telephony.destroyBridge('b')
  await world.next('leg_ended', (event) => event.channelId === leg)
  await observer.expectNothing()
  t.equal(world.all('link_down').length, 1)
  t.match(world.counts, { 'reconnects ari': Number, 'reconnects ami': Number })
})

t.test('a new server finds the legs of the one before it', async (t) => {
  const old = openLink(asterisk)
  await old.isUp()
  const citizen = await startCitizen(asterisk)
  t.teardown(() => citizen.stop())
  const { channelId } = await old.next('call_arrived')
  await old.telephony.answer(channelId)
  await old.telephony.setVariables(channelId, { CTI_CONTACT: 'c-7' })
  const successor = openLink(asterisk)
  t.teardown(() => successor.link.close())
  await successor.isUp()
  await until(() => old.logged.some((line) => /CTI_NODE/.test(line)), { what: 'the old one says it was replaced' })
  t.match(old.link.health().ari, { ok: false, detail: /another process/ })
  await old.link.close()
  t.match(await successor.telephony.listChannels(), [
    { id: channelId, role: 'caller', state: 'Up', variables: { CTI_CONTACT: 'c-7' } },
  ])
  await citizen.hangUp()
  await successor.next('leg_ended', (event) => event.channelId === channelId)
  t.same(
    successor.events.map(({ type }) => type).filter((type) => type !== 'device_changed'),
    ['link_up', 'leg_ended'],
  )
  await observer.expectNothing()
})

t.test('a connection that has gone silent is given up', async (t) => {
  const [ari, ami] = [await openProxy(ariPort), await openProxy(asterisk.amiPort)]
  const world = openLink(asterisk, { ariUrl: ari.url, amiPort: ami.port, pingMs: 100, silenceMs: 300 })
  t.teardown(async () => {
    await world.link.close()
    await Promise.all([ari.close(), ami.close()])
  })
  await world.isUp()
  ari.freeze(true)
  ami.freeze(true)
  await world.next('link_down')
  await until(() => !world.link.health().ami.ok, { what: 'AMI is known to be silent' })
  await t.rejects(world.telephony.setDeadMan('x', 5), { code: 'CTI_ERR_PBX_UNREACHABLE' })
  ari.freeze(false)
  ami.freeze(false)
  await world.isUp()
  t.equal(world.all('link_up').length, 2)
})

t.test('wrong passwords are said, with what to do, and tried again for ever', async (t) => {
  const world = openLink(asterisk, { ariPassword: 'wrong', amiPassword: 'wrong' })
  t.teardown(() => world.link.close())
  await until(() => (world.counts['reconnects ari'] ?? 0) > 3 && (world.counts['reconnects ami'] ?? 0) > 3, {
    what: 'several attempts',
  })
  t.match(world.link.health(), {
    ari: { ok: false, detail: /CTI_ARI_PASSWORD/ },
    ami: { ok: false, detail: /CTI_AMI_PASSWORD/ },
  })
  const errors = world.logged.filter((line) => JSON.parse(line).level === 50)
  t.equal(errors.length, 2, 'each is logged once')
  t.notMatch(world.logged.join(''), /wrong/, 'without the password')
  await t.rejects(world.telephony.answer('x'), { code: 'CTI_ERR_PBX_REFUSED', status: 401 })
})

t.test('Asterisk is killed: everything of it ends, and the new run is told from a cut', async (t) => {
  const world = openLink(asterisk, { rest: 'ws' })
  t.teardown(() => world.link.close())
  await world.isUp()
  const citizen = await startCitizen(asterisk)
  t.teardown(() => citizen.stop())
  const { channelId } = await world.next('call_arrived')
  await world.telephony.answer(channelId)
  await asterisk.kill()
  await world.next('link_down')
  await t.rejects(world.telephony.answer(channelId), { code: 'CTI_ERR_PBX_UNREACHABLE' })
  await t.rejects(world.telephony.setDeadMan(channelId, 5), { code: 'CTI_ERR_PBX_UNREACHABLE' })
  const ring = { contactId: 'c', reservationId: 'r', endpoint: '3001', displayName: '', displayNumber: '' }
  await t.rejects(world.telephony.ring({ ...ring, channelId: randomUUID(), timeoutMs: 5000, originator: channelId }), {
    name: 'RingError',
    failure: 'pbx_away',
  })
  await asterisk.restart()
  await until(() => world.all('link_up').length === 2, { what: 'the link is up again', timeout: 15_000 })
  t.equal(world.all('link_up').at(-1)?.restarted, true)
  t.match(world.all('leg_ended'), [{ channelId }])
  await world.isUp()

  const again = await startCitizen(asterisk)
  t.teardown(() => again.stop())
  const next = await world.next('call_arrived', (event) => event.channelId !== channelId)
  await again.hangUp()
  await world.next('leg_ended', (event) => event.channelId === next.channelId)
  await observer.expectNothing()
})
