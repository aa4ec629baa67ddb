import t from 'tap'
import { type Fault, isBad, judge, type RecordRow } from '../../../bench/kill/judge.js'
import { judgeEach } from '../../../bench/kill/judge-deaths.js'
import { countKept, type WaitEnd } from '../../../bench/kill/places.js'
import { type SipPacket, viewSip } from '../../../bench/kill/sip-view.js'
import { readSippPackets } from '../../../bench/kill/sipp-packets.js'

const [SIP, PHONES, CITIZENS] = [5060, 5070, 5080]
const ports = { sip: SIP, phones: [PHONES] }
const packet = (at: number, from: number, to: number, first: string, headers: Record<string, string>): SipPacket => ({
  at,
  from,
  to,
  text: `${[first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`,
})
const id = (call: string, method: string) => ({ 'Call-ID': call, CSeq: `1 ${method}` })
const citizen = (at: number, caller: string) =>
  packet(at, CITIZENS, SIP, 'INVITE sip:120@x SIP/2.0', { ...id(caller, 'INVITE'), From: `<sip:${caller}@x>` })
const answer = (at: number, caller: string, status = 200) =>
  packet(at, SIP, CITIZENS, `SIP/2.0 ${status} Such`, id(caller, 'INVITE'))
const bye = (at: number, call: string, from: number, to: number) =>
  packet(at, from, to, 'BYE sip:x@x SIP/2.0', id(call, 'BYE'))
const ring = (at: number, call: string, phone: string, who: { contact?: string; caller?: string }) =>
  packet(at, SIP, PHONES, `INVITE sip:${phone}@x SIP/2.0`, {
    ...id(call, 'INVITE'),
    From: `<sip:${who.caller ?? '0100000'}@x>`,
    ...(who.contact === undefined ? {} : { 'X-Contact-Id': who.contact }),
  })
const pickUp = (at: number, call: string) => packet(at, PHONES, SIP, 'SIP/2.0 200 OK', id(call, 'INVITE'))
const row = (contact: string, caller: string, more: Partial<RecordRow> = {}): RecordRow => ({
  id: contact,
  caller,
  endState: 'completed',
  queuedAt: 1,
  connectedAt: 2,
  ...more,
})
const fault: Fault = { name: 'x', at: 10_000, backAt: 12_000, killsCalls: false }

t.test('a served call, one by the fallback, one that was refused, one that was cut', async (t) => {
  const packets = [
    citizen(1_000, '0101'),
    answer(1_010, '0101'),
    ring(1_020, 'p1', '3001', { contact: 'c1' }),
    pickUp(1_300, 'p1'),
    bye(9_000, '0101', CITIZENS, SIP),
    bye(9_010, 'p1', SIP, PHONES),
    citizen(10_500, '0102'),
    ring(10_600, 'p2', '3001', { caller: '0102' }),
    pickUp(10_700, 'p2'),
    bye(15_000, '0102', CITIZENS, SIP),
    citizen(11_000, '0103'),
    answer(11_010, '0103', 503),
    citizen(12_100, '0104'),
    answer(12_110, '0104'),
    ring(12_300, 'p4', '3002', { contact: 'c4' }),
    pickUp(12_400, 'p4'),
    bye(13_000, '0104', SIP, CITIZENS),
  ]
  const record = [
    row('c1', '0101'),
    row('c3', '0103', { connectedAt: undefined }),
    row('c4', '0104', { queuedAt: 12_250 }),
  ]
  const waiting = [
    { contactId: 'c4', queue: 'q', priority: 50, enqueuedAt: 1 },
    { contactId: 'c3', queue: 'q', priority: 50, enqueuedAt: 7 },
  ]
  const judged = judge(viewSip(packets, ports), record, waiting, fault)
  t.match(judged.row, {
    offered: 4,
    answered: 3,
    fallback: 1,
    lost: 1,
    placesKept: 1,
    doublePromises: 0,
    pairsCut: 1,
    routedAgainMs: 250,
    recordDisagrees: 1,
  })
  t.match(judged, { abandoned: 0, waiting: 2, moved: 0 })
  t.ok(isBad(judged, false))
  t.match(judged.details, [/^lost 0103/, /^cut 0104/, /^record 0102/])
  const dead = judge(viewSip(packets, ports), record, [], { ...fault, killsCalls: true })
  t.match(dead.row, { lost: 0, recordDisagrees: 0, pairsCut: 1 }, 'only the calls of the dead PBX are excused')
})

t.test('two phones for one contact, and two rings at one phone, are promises made twice', async (t) => {
  const twice = (a: string, b: string, first: string, second: string) =>
    judge(
      viewSip(
        [
          citizen(1, '0101'),
          ring(10, 'p1', a, { contact: first }),
          ring(20, 'p2', b, { contact: second }),
          pickUp(30, 'p1'),
        ],
        ports,
      ),
      [],
      [],
      fault,
    ).row.doublePromises
  t.equal(twice('3001', '3002', 'c1', 'c1'), 1)
  t.equal(twice('3001', '3001', 'c1', 'c2'), 1)
  t.equal(twice('3001', '3002', 'c1', 'c2'), 0)
})

t.test('an agent who hangs up cuts nobody', async (t) => {
  const packets = [
    citizen(1_000, '0101'),
    answer(1_010, '0101'),
    ring(1_020, 'p1', '3001', { contact: 'c1' }),
    pickUp(1_300, 'p1'),
    bye(9_000, 'p1', PHONES, SIP),
    bye(9_010, '0101', SIP, CITIZENS),
  ]
  const judged = judge(viewSip(packets, ports), [row('c1', '0101')], [], fault)
  t.match(judged.row, { answered: 1, pairsCut: 0, lost: 0 })
  t.notOk(isBad(judged, false))
})

t.test('places: who is served after somebody behind has lost the own', async (t) => {
  const wait = (contactId: string, enqueuedAt: number, queue = 'q') => ({ contactId, queue, priority: 50, enqueuedAt })
  const kept = (ends: Record<string, Partial<WaitEnd>>, waiting = [wait('a', 1), wait('b', 2), wait('c', 3)]) =>
    countKept(waiting, (id) => ({ servedAt: undefined, leftAt: undefined, moved: false, ...ends[id] }))
  t.equal(kept({ a: { servedAt: 1_000 }, b: { servedAt: 3_000 }, c: { servedAt: 5_000 } }), 3)
  t.equal(kept({ a: { servedAt: 1_500 }, b: { servedAt: 1_000 }, c: { servedAt: 5_000 } }), 3, 'at once')
  t.equal(kept({ a: { servedAt: 9_000 }, b: { servedAt: 3_000 }, c: { servedAt: 5_000 } }), 2, 'a was overtaken')
  t.equal(
    kept({ a: { servedAt: 9_000 }, b: { leftAt: 3_000 }, c: { servedAt: 10_000 } }),
    3,
    'who leaves overtakes nobody',
  )
  t.equal(
    kept({ a: { leftAt: 9_000 }, b: { servedAt: 3_000 }, c: {} }),
    1,
    'a left after b was served, nobody saw c again',
  )
  t.equal(
    kept({ a: { servedAt: 9_000 }, b: { servedAt: 3_000, moved: true }, c: { servedAt: 10_000 } }),
    2,
    'the fallback',
  )
  t.equal(kept({ a: { servedAt: 9_000 }, b: { servedAt: 3_000 } }, [wait('a', 1), wait('b', 2, 'other')]), 2)
})

t.test('a trace of SIPp as packets', async (t) => {
  const line = '-----------------------------------------------'
  const trace = [
    `${line} 2026-11-22 00:34:36.784005\nUDP message sent (20 bytes):\n\nINVITE sip:120@x SIP/2.0\r\n\r\n\n`,
    `${line} 2026-11-22 00:34:36.790500\nUDP message received [20] bytes :\n\nSIP/2.0 200 OK\r\n\r\n\n`,
  ].join('')
  const [sent, received] = readSippPackets(trace, { own: 1, sip: 2 })
  t.match(sent, { from: 1, to: 2, text: /^INVITE sip:120@x/ })
  t.match(received, { from: 2, to: 1, text: /^SIP\/2.0 200 OK/ })
  t.ok(Math.abs(received!.at - sent!.at - 6.495) < 0.01)
})

t.test(
  'several deaths: a call belongs to the next one, and whoever waits through a death belongs to that one, too',
  async (t) => {
    const packets = [
      citizen(1_000, '0101'),
      answer(1_010, '0101'),
      citizen(1_100, '0102'),
      answer(1_110, '0102'),
      citizen(6_000, '0103'),
      answer(6_010, '0103'),
      ring(7_000, 'p3', '3001', { contact: 'c3' }),
      pickUp(7_100, 'p3'),
      bye(8_000, '0103', CITIZENS, SIP),
      ring(12_000, 'p1', '3001', { contact: 'c1' }),
      pickUp(12_100, 'p1'),
      ring(13_000, 'p2', '3002', { contact: 'c2' }),
      pickUp(13_100, 'p2'),
      bye(14_000, '0101', CITIZENS, SIP),
      bye(14_000, '0102', CITIZENS, SIP),
    ]
    const record = [row('c1', '0101'), row('c2', '0102'), row('c3', '0103')]
    const wait = (contactId: string, enqueuedAt: number) => ({ contactId, queue: 'q', priority: 0, enqueuedAt })
    const point = { name: 'x.after', when: 'live' } as const
    const died = (at: number, waiting: ReturnType<typeof wait>[]) => ({ point, at, reached: true, waiting })
    const both = [wait('c1', 1_010), wait('c2', 1_110)]
    const [first, second] = judgeEach(viewSip(packets, ports), record, [
      died(5_000, both),
      died(10_000, [...both, wait('c3', 6_010)]),
    ])
    t.match(first, { row: { offered: 2, placesKept: 2 }, waiting: 2 })
    t.match(second, { row: { offered: 3, placesKept: 1 }, waiting: 3 }, 'who was served before them had come later')
    t.equal(second!.details.filter((line) => line.startsWith('overtaken')).length, 2, 'both are named')
    t.ok(isBad(second!, false))
  },
)
