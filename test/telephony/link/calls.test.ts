import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import t from 'tap'
import { RingError, type RingFailure } from '../../../src/calls/telephony-port.js'
import { startAsterisk } from '../../helpers/asterisk.js'
import { type PhoneOptions, startCitizen, startPhone } from '../../helpers/callers.js'
import { observe } from '../../helpers/leaks.js'
import { until } from '../../helpers/until.js'
import { type LinkWorld, openLink } from './link-world.js'

const asterisk = await startAsterisk({ phones: 3 })
const observer = await observe(asterisk)
t.teardown(() => asterisk.stop())

async function withLink(rest: 'ws' | 'http' | 'mixed', work: (world: LinkWorld) => Promise<void>): Promise<void> {
  const world = openLink(asterisk, { rest })
  try {
    await world.isUp()
    await work(world)
    await observer.expectNothing()
  } finally {
    await world.link.close()
  }
}

const unregistered = { name: 'RingError', failure: 'unregistered' }
const port = (phone: string) => asterisk.phones[phone] ?? 0

for (const rest of ['ws', 'http', 'mixed'] as const) {
  t.test(`a call from the citizen to the agent's phone and back, requests by ${rest}`, async (t) => {
    const phone = await startPhone({ port: port('3001') })
    t.teardown(() => phone.stop())
    await withLink(rest, async (world) => {
      const { telephony } = world
      const citizen = await startCitizen(asterisk, { caller: '01099998888', displayName: '홍길동 "<x>\\ 😀' })
      t.teardown(() => citizen.stop())
      const arrived = await world.next('call_arrived')
      t.match(arrived, { dialled: '120', callerNumber: '01099998888', callerName: /^홍길동/ })
      t.notMatch(arrived.callerName ?? '', /["<>\\]/)
      const caller = arrived.channelId
      await telephony.answer(caller)
      await telephony.setVariables(caller, { CTI_CONTACT: 'c-1', CTI_ENQUEUED: '123,"x"' })
      await telephony.startMusic(caller)
      const deadMan = async () => {
        const path = `channels/${encodeURIComponent(caller)}/variable?variable=TIMEOUT(absolute)`
        return Number(((await asterisk.ari(path)) as { value: string }).value)
      }
      await telephony.setDeadMan(caller, 600)
      t.ok((await deadMan()) > 60, 'the switch is renewed')

      const leg = randomUUID()
      const callInfo = 'http://127.0.0.1:8120/pop?c=c-1&q=세무,1'
      await telephony.ring({
        channelId: leg,
        contactId: 'c-1',
        reservationId: 'r-1',
        endpoint: '3001',
        displayName: '[세무] 홍*동\r\nX-Evil: 1',
        displayNumber: '010****8888',
        callInfo,
        timeoutMs: 10_000,
        originator: caller,
      })
      await world.next('leg_ringing', (event) => event.channelId === leg)
      const listed = await telephony.listChannels()
      t.match(
        listed.map(({ id, role }) => ({ id, role })).sort((a) => (a.role === 'caller' ? -1 : 1)),
        [
          { id: caller, role: 'caller' },
          { id: leg, role: 'agent' },
        ],
      )
      t.match(listed.find(({ id }) => id === caller)?.variables, { CTI_CONTACT: 'c-1', CTI_ENQUEUED: '123,"x"' })
      const invite = phone.invites()[0]
      t.equal(invite?.headers['x-contact-id'], 'c-1')
      t.match(
        invite?.headers['call-info'],
        /^<http:\/\/127\.0\.0\.1:8120\/pop\?c=c-1&q=%EC%84%B8%EB%AC%B4,1>;purpose=info$/,
      )
      t.match(invite?.headers.from, /^"\[세무\] 홍\*동 X-Evil: 1" <sip:010\*{4}8888@/)
      t.equal(invite?.headers['x-evil'], undefined, 'nothing injected')

      await phone.answer()
      await world.next('leg_answered', (event) => event.channelId === leg)
      await telephony.stopMusic(caller)
      await telephony.bridge('b-1', [caller, leg])
      await telephony.setDeadMan(caller, 0)
      t.equal(await deadMan(), 0, 'and taken off')
      t.match(await observer.bridges(), [{ id: 'b-1' }])
      await t.rejects(telephony.bridge('b-1', ['gone']), { code: 'CTI_ERR_PBX_REFUSED', status: 400 })
      t.match(await observer.bridges(), [{ id: 'b-1' }], 'a bridge that was there before stays')

      await citizen.hangUp()
      await world.next('leg_ended', (event) => event.channelId === caller)
      await telephony.hangUp(leg)
      await world.next('leg_ended', (event) => event.channelId === leg)
      await telephony.hangUp(leg)
      await telephony.destroyBridge('b-1')
      await telephony.destroyBridge('b-1')
      await telephony.setDeadMan(caller, 0)
      await observer.expectNothing()
      for (const id of [caller, leg]) {
        t.equal(world.all('leg_ended', (event) => event.channelId === id).length, 1, 'told once')
      }
      t.notMatch(world.logged.join(''), /99998888|홍|8888/, 'no number and no name in the log')
      t.strictSame(
        Object.keys(world.counts).filter((name) => /unknown|malformed/.test(name)),
        [],
      )
      const ways = Object.keys(world.counts).filter((name) => /^sent \w+ POST \/(channels|events\/claim)$/.test(name))
      const urgent = rest === 'http' ? 'http' : 'ws'
      t.same(ways.sort(), [`sent ${urgent} POST /channels`, `sent ${urgent} POST /events/claim`])
    })
  })
}

t.test('every way in which a phone is not answered', async (t) => {
  await withLink('mixed', async (world) => {
    const citizen = await startCitizen(asterisk)
    t.teardown(() => citizen.stop())
    const { channelId: originator } = await world.next('call_arrived')
    await world.telephony.answer(originator)

    const tryPhone = async (endpoint: string, timeoutMs = 10_000) => {
      const channelId = randomUUID()
      const request = { channelId, contactId: 'c-1', reservationId: 'r-1', endpoint, originator, timeoutMs }
      await world.telephony.ring({ ...request, displayName: 'x', displayNumber: '' })
      return channelId
    }
    const ended = async (channelId: string) => {
      const { failure } = await world.next('leg_ended', (event) => event.channelId === channelId)
      t.equal(world.all('leg_ended', (event) => event.channelId === channelId).length, 1)
      return failure
    }
    const refusals: [PhoneOptions['refuse'], RingFailure][] = [
      [486, 'busy'],
      [600, 'busy'],
      [603, 'declined'],
      [403, 'declined'],
      [480, 'no_answer'],
      [488, 'error'],
      [503, 'unreachable'],
    ]
    for (const [refuse, failure] of refusals) {
      const phone = await startPhone({ port: port('3001'), refuse })
      t.equal(await ended(await tryPhone('3001')), failure, `the phone says ${refuse} after it rang`)
      await phone.stop()
    }

    const silent = await answerOnce(port('3002'), 'SIP/2.0 480 Temporarily Unavailable')
    t.equal(await ended(await tryPhone('3002')), 'unreachable', '480 by a phone that never rang')
    silent.close()
    t.equal(await ended(await tryPhone('3003', 1000)), 'unreachable', 'nobody at the address')

    const phone = await startPhone({ port: port('3001') })
    t.equal(await ended(await tryPhone('3001', 1000)), 'no_answer', 'it rings and nobody takes it')
    const declined = await tryPhone('3001')
    await world.next('leg_ringing', (event) => event.channelId === declined)
    await until(() => phone.isRinging(), { what: 'the second call rings' })
    await phone.decline()
    t.equal(await ended(declined), 'declined')
    const cancelled = await tryPhone('3001')
    await world.telephony.hangUp(cancelled, 'answered_elsewhere')
    t.equal(await ended(cancelled), 'cancelled', 'our end right behind our start')
    await phone.stop()

    await t.rejects(tryPhone('2001'), unregistered, 'nobody registered')
    await t.rejects(tryPhone('9999'), unregistered, 'no such endpoint')
    await t.rejects(tryPhone('2001,3001'), unregistered)
    await t.rejects(tryPhone('3001/sip:evil@host'), unregistered)
    const again = await startPhone({ port: port('3001') })
    const channelId = randomUUID()
    const request = { channelId, contactId: 'c', reservationId: 'r', endpoint: '3001', originator, timeoutMs: 9000 }
    const repeated = { ...request, displayName: '', displayNumber: '' }
    await world.telephony.ring(repeated)
    await world.telephony.ring(repeated)
    t.equal(again.invites().length <= 1, true, 'a repeated request rings once')
    await t.rejects(tryPhone('2001'), unregistered, 'also after a real duplicate')
    await world.telephony.hangUp(channelId)
    t.equal(await ended(channelId), 'cancelled')
    await again.stop()

    await citizen.hangUp()
    await world.next('leg_ended', (event) => event.channelId === originator)
    // Its end is told a moment before Asterisk lets the channel go; until then a ring in its name is none of a caller who is gone.
    await until(async () => !(await observer.channels()).some(({ id }) => id === originator), {
      what: 'Asterisk has no channel of the caller any more',
    })
    const late = await tryPhone('3001').catch((error: unknown) => error)
    t.ok(late instanceof RingError)
    t.match(late, { failure: 'cancelled' }, 'the caller is gone')
    t.equal(world.all('leg_answered').length, 0)
  })
})

t.test('a caller who cancels before the answer, and one who is let go to the dialplan', async (t) => {
  await withLink('mixed', async (world) => {
    const citizen = await startCitizen(asterisk)
    t.teardown(() => citizen.stop())
    const first = await world.next('call_arrived')
    await citizen.hangUp()
    await world.next('leg_ended', (event) => event.channelId === first.channelId)

    const second = await startCitizen(asterisk)
    t.teardown(() => second.stop())
    const { channelId } = await world.next('call_arrived', (event) => event.channelId !== first.channelId)
    await world.telephony.continueInDialplan(channelId, 'cti-fallback', 's')
    await world.next('leg_ended', (event) => event.channelId === channelId)
    await until(() => second.isAnswered(), { what: 'the fallback queue has answered' })
    await second.hangUp()
    await world.telephony.continueInDialplan(channelId, 'cti-fallback', 's')
    t.equal(world.all('leg_ended').length, 2)
  })
})

/** A phone of one answer, without ringing first. */
async function answerOnce(at: number, status: string): Promise<{ close(): void }> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(at, '127.0.0.1', resolve))
  socket.on('message', (data, from) => {
    const lines = String(data).split('\r\n')
    if (!lines[0]?.startsWith('INVITE')) return
    const kept = lines.filter((line) => /^(via|from|to|call-id|cseq):/i.test(line))
    const answer = kept.map((line) => (/^to:/i.test(line) ? `${line};tag=1` : line))
    socket.send([status, ...answer, 'Content-Length: 0', '', ''].join('\r\n'), from.port, from.address)
  })
  return socket
}
