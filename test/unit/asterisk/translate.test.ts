import t from 'tap'
import type { AmiEvent } from '../../../src/asterisk/ami/types.js'
import type { AriEvent } from '../../../src/asterisk/ari/types.js'
import { classifyRingFailure } from '../../../src/asterisk/causes.js'
import { Legs } from '../../../src/asterisk/legs.js'
import { Transfers } from '../../../src/asterisk/transfers.js'
import { type LegFacts, readReach, translateAri } from '../../../src/asterisk/translate.js'
import type { RingFailure } from '../../../src/calls/telephony-port.js'

const now = 1_000_000
const agent: LegFacts = { role: 'agent', rang: false, answered: false, cancelled: false }
const caller: LegFacts = { role: 'caller', rang: false, answered: false, cancelled: false }
const onChannel = (type: string, more: Partial<AriEvent> = {}): AriEvent => ({ type, channel: { id: 'ch1' }, ...more })
const ignored = (reason: string) => ({ type: 'ignored', reason })

t.test('why a phone was not answered, for every answer of the table', async (t) => {
  const rows: [cause: number, sip: number | undefined, rang: boolean, expected: RingFailure][] = [
    [17, 486, true, 'busy'],
    [17, 600, false, 'busy'],
    [17, undefined, false, 'busy'],
    [21, 603, true, 'declined'],
    [21, 403, false, 'declined'],
    [21, undefined, false, 'declined'],
    [19, 480, true, 'no_answer'],
    [19, 480, false, 'unreachable'],
    [19, undefined, true, 'no_answer'],
    [19, undefined, false, 'unreachable'],
    [18, 408, true, 'no_answer'],
    [18, 408, false, 'unreachable'],
    [1, 404, false, 'unreachable'],
    [34, 503, false, 'unreachable'],
    [20, undefined, false, 'unreachable'],
    [58, 488, false, 'error'],
    [38, 500, true, 'error'],
    [23, 302, true, 'error'],
    [16, undefined, true, 'error'],
    [0, 0, false, 'error'],
    [999, 799, false, 'error'],
  ]
  for (const [cause, sip, rang, expected] of rows) {
    t.equal(classifyRingFailure(cause, sip, { rang, cancelled: false }), expected, `${cause}/${sip} rang ${rang}`)
    t.equal(classifyRingFailure(cause, sip, { rang, cancelled: true }), 'cancelled', `${cause}/${sip} and we cancelled`)
  }
})

t.test('a call arrives, with the arguments in either order', async (t) => {
  for (const args of [
    ['inbound', '120'],
    ['120', 'inbound'],
  ]) {
    const event = onChannel('StasisStart', {
      timestamp: '2026-11-21T18:25:34.856+0900',
      args,
      channel: { id: 'ch1', caller: { number: '010-1234-5678', name: '홍길동' } },
    })
    t.same(translateAri(event, undefined, now), {
      type: 'call_arrived',
      channelId: 'ch1',
      dialled: '120',
      callerNumber: '01012345678',
      callerName: '홍길동',
      at: Date.UTC(2026, 10, 21, 9, 25, 34, 856),
    })
  }
  const bare = translateAri(onChannel('StasisStart', { args: ['inbound', '+8210'] }), undefined, now)
  t.match(bare, { dialled: '+8210', callerNumber: undefined, callerName: undefined, at: now })
  t.same(translateAri(onChannel('StasisStart', { args: ['inbound', '120'] }), caller, now), ignored('repeated'))
  const adopted = { ...caller, adopted: true }
  t.match(translateAri(onChannel('StasisStart', { args: ['inbound', '120'] }), adopted, now), { type: 'call_arrived' })
})

t.test('odd arrivals change nothing', async (t) => {
  const rows: [AriEvent, string][] = [
    [{ type: 'StasisStart', args: ['inbound', '120'] }, 'malformed'],
    [onChannel('StasisStart'), 'malformed'],
    [onChannel('StasisStart', { args: [] }), 'unused'],
    [onChannel('StasisStart', { args: ['inbound'] }), 'unused'],
    [onChannel('StasisStart', { args: ['inbound', '120', 'more'] }), 'unused'],
    [onChannel('StasisStart', { args: ['inbound', 'abc'] }), 'malformed'],
    [onChannel('StasisStart', { args: ['other', '120'] }), 'unused'],
  ]
  for (const [event, reason] of rows) t.same(translateAri(event, undefined, now), ignored(reason))
})

t.test('strangers cannot send anything but printable text as their name, and digits as their number', async (t) => {
  const arrive = (name: string, number?: string) => {
    const told = translateAri(
      onChannel('StasisStart', { args: ['inbound', '120'], channel: { id: 'ch1', caller: { name, number } } }),
      undefined,
      now,
    )
    if (told.type !== 'call_arrived') throw new Error('no arrival')
    return told
  }
  t.equal(arrive('a\r\nX-Evil: 1\0').callerName, 'a X-Evil: 1')
  t.equal(arrive('"><script>alert(1)</script>').callerName, 'scriptalert(1)/script')
  t.equal(arrive('\\"quoted\\"').callerName, 'quoted')
  t.equal([...(arrive('가'.repeat(4096)).callerName ?? '')].length, 40, '4 KB of Korean')
  t.equal([...(arrive('😀'.repeat(2000)).callerName ?? '')].length, 40, 'emoji are not cut in half')
  t.equal(arrive('\u202egnp.exe\u2066\u200b').callerName, 'gnp.exe', 'no direction tricks')
  t.equal(arrive('\ud800 half').callerName, 'half', 'no half characters')
  t.equal(arrive('   ').callerName, undefined)
  t.equal(arrive('', 'anonymous').callerNumber, undefined, 'withheld')
  t.equal(arrive('', '').callerNumber, undefined)
  t.equal(arrive('', '+82 (10) 1234+5678\r\n').callerNumber, '+821012345678')
  t.equal(arrive('', '1'.repeat(5000)).callerNumber?.length, 32)
  t.equal(arrive('', '+').callerNumber, undefined)
})

t.test("an agent's leg: ringing once, answered once, ended once", async (t) => {
  const ringing = onChannel('ChannelStateChange', { channel: { id: 'ch1', state: 'Ringing' } })
  t.same(translateAri(ringing, agent, now), { type: 'leg_ringing', channelId: 'ch1', at: now })
  t.same(translateAri(ringing, { ...agent, rang: true }, now), ignored('repeated'))
  t.same(translateAri(ringing, caller, now), ignored('unused'))
  t.same(translateAri(ringing, undefined, now), ignored('unknown_leg'))
  const progress: AriEvent = { type: 'Dial', peer: { id: 'ch1' }, dialstatus: 'PROGRESS' }
  t.match(translateAri(progress, agent, now), { type: 'leg_ringing' })
  t.same(translateAri({ type: 'Dial', dialstatus: 'RINGING' }, agent, now), ignored('malformed'))
  t.same(translateAri({ type: 'Dial', peer: { id: 'ch1' }, dialstatus: 'ANSWER' }, agent, now), ignored('unused'))
  const start = onChannel('StasisStart', { args: ['agent', 'c1', 'r1'] })
  t.same(translateAri(start, agent, now), { type: 'leg_answered', channelId: 'ch1', at: now })
  t.same(translateAri(start, { ...agent, answered: true }, now), ignored('repeated'))
  t.same(translateAri(start, undefined, now), ignored('unknown_leg'))
})

t.test('the end of a leg', async (t) => {
  t.same(translateAri(onChannel('ChannelDestroyed', { cause: 17, tech_cause: 486 }), agent, now), {
    type: 'leg_ended',
    channelId: 'ch1',
    failure: 'busy',
    cause: 17,
    techCause: 486,
    at: now,
  })
  const talked = { ...agent, answered: true, rang: true, cause: 16 }
  t.same(translateAri(onChannel('StasisEnd'), talked, now), {
    type: 'leg_ended',
    channelId: 'ch1',
    failure: 'cancelled',
    cause: 16,
    at: now,
  })
  t.match(translateAri(onChannel('StasisEnd'), caller, now), { type: 'leg_ended', cause: 0 })
  t.same(translateAri(onChannel('ChannelDestroyed', { cause: 16 }), undefined, now), ignored('unknown_leg'))
  t.same(translateAri({ type: 'StasisEnd' }, caller, now), ignored('malformed'))
})

t.test('hold, digits and playbacks', async (t) => {
  t.same(translateAri(onChannel('ChannelHold'), agent, now), { type: 'leg_held', channelId: 'ch1', at: now })
  t.same(translateAri(onChannel('ChannelUnhold'), agent, now), { type: 'leg_unheld', channelId: 'ch1', at: now })
  t.same(translateAri(onChannel('ChannelHold'), undefined, now), ignored('unknown_leg'))
  t.match(translateAri(onChannel('ChannelDtmfReceived', { digit: '#' }), caller, now), { type: 'dtmf', digit: '#' })
  t.same(translateAri(onChannel('ChannelDtmfReceived', { digit: '12' }), caller, now), ignored('malformed'))
  t.same(translateAri(onChannel('ChannelDtmfReceived'), caller, now), ignored('malformed'))
  const finished = (state: string, target = 'channel:ch1'): AriEvent => ({
    type: 'PlaybackFinished',
    playback: { id: 'p1', target_uri: target, state },
  })
  t.match(translateAri(finished('done'), undefined, now), { type: 'playback_ended', channelId: 'ch1', end: 'done' })
  t.match(translateAri(finished('failed'), undefined, now), { end: 'failed' })
  t.same(translateAri(finished('done', 'bridge:b1'), undefined, now), ignored('unused'))
  t.same(translateAri({ type: 'PlaybackFinished' }, undefined, now), ignored('malformed'))
})

t.test('what is known and not needed is told from what is new', async (t) => {
  t.same(translateAri({ type: 'BridgeCreated' }, undefined, now), ignored('unused'))
  t.same(translateAri({ type: 'SomethingOfAsterisk30' }, undefined, now), ignored('unknown_type'))
})

t.test('device state out of AMI', async (t) => {
  const peer = (status?: string, name = 'PJSIP/2001'): AmiEvent => ({
    event: 'PeerStatus',
    peer: name,
    peerstatus: status,
  })
  t.same(readReach(peer('Reachable')), { endpoint: '2001', up: true })
  t.same(readReach(peer('Unreachable')), { endpoint: '2001', up: false })
  t.match(readReach(peer('Unregistered')), { up: false })
  t.equal(readReach(peer('Lagged')), undefined)
  t.equal(readReach(peer('Reachable', 'IAX2/x')), undefined)
  t.equal(readReach(peer(undefined)), undefined)
  t.equal(readReach({ event: 'PeerStatus' }), undefined)
  t.equal(readReach({ event: 'FullyBooted' }), undefined)
})

t.test('legs remember what the next event needs, and nothing after the end', async (t) => {
  const legs = new Legs()
  const feed = (event: AriEvent) => {
    const told = translateAri(event, legs.get(event.channel?.id), now)
    legs.observe(event, told.type === 'ignored' ? undefined : told)
    return told
  }
  legs.expectAgent('ch1')
  feed(onChannel('ChannelStateChange', { channel: { id: 'ch1', state: 'Ringing' } }))
  t.match(legs.get('ch1'), { rang: true, answered: false })
  legs.expectAgent('ch1')
  t.match(legs.get('ch1'), { rang: true }, 'a repeated request changes nothing')
  feed(onChannel('StasisStart', { args: ['agent', 'c1', 'r1'] }))
  feed(onChannel('ChannelHangupRequest', { cause: 32 }))
  t.match(feed(onChannel('StasisEnd')), { type: 'leg_ended', failure: 'cancelled', cause: 16 })
  t.same(feed(onChannel('ChannelDestroyed', { cause: 16 })), ignored('unknown_leg'), 'exactly one end')
  t.same(legs.ids(), [])
  feed(onChannel('StasisStart', { args: ['inbound', '120'] }))
  t.same(legs.ids(), ['ch1'])
  legs.forget('ch1')
  legs.adopt('ch2', 'agent', true)
  legs.markCancelled('ch2')
  t.match(legs.get('ch2'), { role: 'agent', answered: true, cancelled: true })
  legs.markCancelled('nobody')
  t.equal(legs.get(undefined), undefined)
})

t.test(
  'a transfer at the phone is told once, with what was dialled when that can be a number or a phone',
  async (t) => {
    const refer = (destination: unknown, more: Partial<AriEvent> = {}): AriEvent => ({
      type: 'ChannelTransfer',
      referred_by: { source_channel: { id: 'ch1' } },
      refer_to: { requested_destination: { destination: destination as string } },
      ...more,
    })
    const asked = { type: 'transfer_asked', channelId: 'ch1', at: now }
    t.same(translateAri(refer('3002'), agent, now), { ...asked, to: '3002' })
    for (const odd of [undefined, '', 'a b', '1,2', '*72', 'x'.repeat(41), 7])
      t.same(translateAri(refer(odd), agent, now), asked, String(odd))
    const attended = refer(undefined, { refer_to: { destination_channel: { id: 'ch2' } } })
    t.same(translateAri(attended, agent, now), { ...asked, other: 'ch2' })
    t.same(translateAri(refer('3002', { state: 'channel_declined' }), agent, now), ignored('unused'), 'our own answer')
    t.same(translateAri(refer('3002'), undefined, now), ignored('unknown_leg'))
    t.same(translateAri({ type: 'ChannelTransfer' }, agent, now), ignored('malformed'))
    const transfers = new Transfers()
    transfers.observe(attended, { ...asked, other: 'ch2' } as never)
    const free: string[] = []
    const waits = ['ch1', 'ch2', 'ch3'].map((id) => transfers.settled(id).then(() => free.push(id)))
    t.equal(transfers.take('ch1'), true)
    t.equal(transfers.take('ch1'), false, 'answered once')
    await waits[2]
    t.same(free, ['ch3'], 'those that it names wait until Asterisk has told of the answer')
    transfers.observe({ ...attended, state: 'channel_answered' }, undefined)
    await Promise.all(waits)
    t.same(free.length, 3)
    transfers.observe(refer('3002'), { ...asked, to: '3002' } as never)
    transfers.observe(onChannel('ChannelDestroyed'), { type: 'leg_ended', channelId: 'ch1' } as never)
    t.equal(transfers.take('ch1'), false, 'the leg is gone')
  },
)

t.test("an agent's phone that calls by itself", async (t) => {
  const dials = (name: string, dialled: string): AriEvent => ({
    type: 'StasisStart',
    channel: { id: 'ch1', name },
    args: ['phone', dialled],
  })
  const told = { type: 'phone_dials', channelId: 'ch1', endpoint: '2001', dialled: '3002', at: now }
  t.same(translateAri(dials('PJSIP/2001-0000001f', '3002'), undefined, now), told)
  t.same(translateAri(dials('PJSIP/2001-0000001f', '3002'), agent, now), ignored('repeated'))
  for (const [name, dialled] of [
    ['Local/3002@x-1;1', '3002'],
    ['PJSIP/2001-0000001f', '3a'],
    ['PJSIP/2001-0000001f', ''],
  ] as const)
    t.same(translateAri(dials(name, dialled), undefined, now), ignored('malformed'))
  const legs = new Legs()
  legs.observe(dials('PJSIP/2001-0000001f', '3002'), told as never)
  t.match(legs.get('ch1'), { role: 'caller' })
})
