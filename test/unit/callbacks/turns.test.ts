import t from 'tap'
import { CallerIdError, chooseCallerId, requireCallerId } from '../../../src/callbacks/caller-id.js'
import { addCounts, figuresOf, NO_COUNTS } from '../../../src/callbacks/figures.js'
import type { Callback } from '../../../src/callbacks/model.js'
import { AT_RISK_MS, chooseTurns, type FreeAgent, type Turn } from '../../../src/callbacks/order.js'
import { isPhoneable } from '../../../src/callbacks/phoneable.js'
import { QueueTroubles, WINDOW_MS } from '../../../src/callbacks/queue-trouble.js'
import { slotsOf } from '../../../src/callbacks/slots-plan.js'
import { callsOf } from '../../../src/callbacks/welfare-plan.js'
import type { CentreFile } from '../../../src/centre/schema.js'
import { refuseSenderNumber } from '../../../src/centre/sender-number.js'
import type { AnyJournalEvent } from '../../../src/journal/events.js'
import { callback, centreWith, gaon, HOUR, MINUTE, seoul } from './sample.js'

const NOW = seoul('2026-11-26T10:30:00')
const agent = (agentId: string, ...queues: string[]): FreeAgent => ({ agentId, queues: new Set(queues) })
const turn = (due: Callback[], more: Partial<Turn> = {}): string[] =>
  chooseTurns(gaon, {
    now: NOW,
    due,
    waiting: [],
    free: [],
    atWork: new Map([['general', 5]]),
    troubled: new Set(),
    ...more,
  }).map(({ id }) => id)
const promised = (id: string, more: Partial<Callback> = {}) =>
  callback({ id, dueAt: NOW - MINUTE, promisedAt: NOW + HOUR, ...more })

t.test('one call-back for each free agent, whatever the agents serve', async (t) => {
  const two = [promised('b'), promised('a', { dueAt: NOW - 2 * MINUTE }), promised('tax', { queue: 'tax' })]
  t.same(turn(two), [], 'nobody is free')
  t.same(turn(two, { free: [agent('x', 'general', 'tax')] }), ['a'], 'an agent of two queues is one agent')
  t.same(
    turn(two, { free: [agent('x', 'general', 'tax'), agent('y', 'general')] }),
    ['a', 'b'],
    'in order; whoever serves the fewest queues is taken first',
  )
  const waiting = [{ queue: 'general' }]
  t.same(turn(two, { free: [agent('x', 'general', 'tax')], waiting }), [], 'one that waits in the core has the agent')
})

t.test('virtual hold goes in at once; the others by band and due time, abandoned ones newest first', async (t) => {
  const free = Array.from({ length: 9 }, (_, i) => agent(`x${i}`, 'general'))
  const due = [
    promised('abandoned-1', { kind: 'abandoned', requestedAt: 1 }),
    promised('abandoned-2', { kind: 'abandoned', requestedAt: 2 }),
    promised('abandoned-3', { kind: 'abandoned', requestedAt: 2 }),
    promised('promised-2'),
    promised('promised-1', { dueAt: NOW - 5 * MINUTE }),
    promised('welfare', { kind: 'welfare' }),
    promised('hold', { kind: 'virtual_hold' }),
  ]
  const order = ['welfare', 'hold', 'promised-1', 'promised-2', 'abandoned-3', 'abandoned-2', 'abandoned-1']
  t.same(turn(due, { free }), order)
  t.same(turn(due), ['hold'], 'without anybody free only the one who has a place already')
})

t.test('a queue in trouble holds back the abandoned and the booked, not the promised', async (t) => {
  const free = [agent('x', 'general'), agent('y', 'general'), agent('z', 'tax'), agent('w', 'general')]
  const due = [
    promised('abandoned', { kind: 'abandoned' }),
    promised('booked', { kind: 'booked' }),
    promised('elsewhere', { kind: 'booked', queue: 'tax' }),
    promised('promised'),
  ]
  t.same(turn(due, { free, troubled: new Set(['general']) }), ['elsewhere', 'promised'])
  t.equal(turn(due, { free }).length, 4)
})

t.test(
  'the owner’s until its time, then anybody’s; at risk without a free agent, up to the agents at work',
  async (t) => {
    const own = promised('own', { ownerAgent: 'me', ownerUntil: NOW + 1 })
    t.same(turn([own], { free: [agent('x', 'general')] }), [])
    t.same(turn([own], { free: [agent('x', 'general'), agent('me', 'general')] }), ['own'])
    t.same(turn([own], { free: [agent('me', 'tax')] }), [], 'who does not serve the queue cannot have it')
    t.same(turn([{ ...own, ownerUntil: NOW }], { free: [agent('x', 'general')] }), ['own'])
    const risky = [1, 2, 3].map((i) => promised(`r${i}`, { promisedAt: NOW + AT_RISK_MS }))
    t.same(turn(risky, { atWork: new Map([['general', 2]]) }), ['r1', 'r2'])
    t.same(turn(risky, { atWork: new Map() }), [], 'nobody is at work')
    const ahead = promised('ahead', { dueAt: NOW - HOUR })
    t.same(turn([ahead, ...risky.slice(0, 1)]), ['ahead', 'r1'], 'who is ahead is not overtaken')
    t.same(turn([ahead, ...risky.slice(0, 1)], { atWork: new Map([['general', 1]]) }), ['ahead'])
    t.same(turn([promised('own', { ...own, promisedAt: NOW })], {}), [], 'the owner’s alone')
    t.same(turn([promised('late', { kind: 'abandoned', promisedAt: NOW })]), [], 'an abandoned one waits for idle time')
  },
)

const event = (type: string, contactId: string, time: number, data: unknown): AnyJournalEvent =>
  ({
    id: 'e:1',
    epoch: 'e',
    seq: 1,
    type,
    time,
    subject: `contact:${contactId}`,
    version: 1,
    contactId,
    data,
  }) as unknown as AnyJournalEvent

t.test('a queue is in trouble under its level, or when somebody waits for long', async (t) => {
  const level = { seconds: 15, target: 0.8 }
  const troubles = new QueueTroubles()
  const connect = (n: number, waitedMs: number, type = 'contact.connected') => {
    for (let i = 0; i < n; i += 1)
      troubles.observe(event(type, `c${waitedMs}-${i}`, NOW, { queue: 'general', waitedMs }))
  }
  t.match(troubles.read('general', level, NOW), { trouble: false, n: 0 })
  connect(4, 60_000)
  t.match(troubles.read('general', level, NOW), { trouble: false, n: 4 }, 'four say nothing')
  connect(16, 1_000)
  t.match(troubles.read('general', level, NOW), { trouble: false, level: 0.8, n: 20 }, 'at the target is not under it')
  connect(9, 3_000, 'contact.abandoned')
  t.match(troubles.read('general', level, NOW), { level: 0.8, n: 20 }, 'who hangs up at once does not count (F6)')
  connect(1, 30_000, 'contact.abandoned')
  t.match(troubles.read('general', level, NOW), { trouble: true, n: 21 })
  t.match(troubles.read('tax', level, NOW), { trouble: false })
  t.match(troubles.read('general', level, NOW + WINDOW_MS), { trouble: false, n: 0 }, 'forgotten after five minutes')

  const later = NOW + 2 * WINDOW_MS
  troubles.observe(event('contact.queued', 'live', later, { queue: 'general', enqueuedAt: later, attempts: 0 }))
  troubles.observe(
    event('contact.queued', 'cb-virtual', later, {
      queue: 'tax',
      enqueuedAt: later - HOUR,
      attempts: 0,
    }),
  )
  t.match(troubles.read('general', level, later + 60_000), { trouble: false, longestWaitMs: 60_000 })
  t.match(troubles.read('general', level, later + 60_001), { trouble: true })
  t.match(
    troubles.read('tax', level, later),
    { trouble: false, longestWaitMs: 0 },
    'a call-back that waits is no caller',
  )
  troubles.observe(event('contact.connected', 'cb-virtual', later, { queue: 'tax', waitedMs: HOUR }))
  t.match(troubles.read('tax', level, later), { n: 0 })
  troubles.observe(event('contact.connected', 'live', later, { queue: 'general', waitedMs: 1 }))
  t.match(troubles.read('general', level, later + HOUR), { trouble: false, longestWaitMs: 0 })
})

t.test('caller ids by the Korean sender rules', async (t) => {
  for (const number of [
    '0311200120',
    '0222345678',
    '021234567'.replace('1234', '2234'),
    '07071234567',
    '0801234567',
    '15881234',
    '16001234',
    '18991234',
    '120',
    '031120',
  ])
    t.equal(refuseSenderNumber(number), undefined, number)
  const wrong: [string, RegExp][] = [
    ['01012345678', /mobile/],
    ['+12025550123', /foreign/],
    ['0012025550123', /foreign/],
    ['+82311200120', /national form/],
    ['112', /special number/],
    ['119', /special number/],
    ['1330', /special number/],
    ['05012345678', /050/],
    ['0601234567', /premium/],
    ['03115881234', /area code before/],
    ['1200120', /not a number/],
    ['5551234', /lacks its area code/],
    ['158812345', /not a number/],
  ]
  for (const [number, why] of wrong) t.match(refuseSenderNumber(number), why, number)

  const ids = ['0311200120', '15880120', '07012000120']
  const file: CentreFile = {
    ...gaon,
    centre: { ...gaon.centre, callerIds: ids },
    queues: gaon.queues.map((queue) => (queue.id === 'tax' ? { ...queue, callerId: '15880120' } : queue)),
  }
  t.equal(chooseCallerId(file, 'tax', '07012000120'), '15880120', 'the queue’s')
  t.equal(chooseCallerId(file, 'general', '07012000120'), '07012000120', 'else the one that was dialled')
  t.equal(chooseCallerId(file, 'general', '0311200365'), '0311200120', 'else the first')
  const refused = (work: () => unknown) =>
    t.throws(work, new CallerIdError('The number is not a caller id of this centre.'))
  refused(() => requireCallerId(file, '0311200121'))
  refused(() => requireCallerId(file, undefined))
  refused(() => chooseCallerId({ ...file, centre: { ...file.centre, callerIds: ['01012345678'] } }, 'general'))
  t.equal(new CallerIdError('x').code, 'CTI_ERR_CALLER_ID_NOT_ALLOWED')

  for (const number of ['01012345678', '0212345678'.replace('1', '2'), '0312345678', '07012345678', '05012345678'])
    t.ok(isPhoneable(number), number)
  for (const number of ['112', '120', '2001', '15881234', '0801234567', '0601234567', '+12025550123'])
    t.notOk(isPhoneable(number), number)
})

t.test('slots lie in open hours as a whole and begin later than now', async (t) => {
  const now = seoul('2026-11-27T17:45:00')
  const slots = slotsOf(gaon, 'general', now)
  t.same(slots.slice(0, 3), [seoul('2026-11-27T18:00:00'), seoul('2026-11-30T08:30:00'), seoul('2026-11-30T09:00:00')])
  t.equal(slots.at(-1), seoul('2026-12-04T18:00:00'), 'seven days ahead, the last slot ends with the hours')
  const clocks = centreWith({
    zone: 'America/New_York',
    hours: { weekly: [{ days: ['sun'], from: '01:00', to: '04:00' }] },
    nightStop: { from: '23:00', to: '00:30' },
  })
  t.equal(
    slotsOf(clocks, 'general', Date.parse('2026-03-07T12:00:00Z')).filter(
      (at) => at < Date.parse('2026-03-09T00:00:00Z'),
    ).length,
    4,
    'the hour that the clocks leap over has no slots',
  )
})

t.test('a welfare schedule: the wall clock’s time, its days, its span', async (t) => {
  const schedule = { id: 's1', days: ['thu'], atTime: '10:00', startsOn: '2026-11-01', endsOn: '2026-11-26' }
  const calls = (text: string, of = schedule) => callsOf(of, 'Asia/Seoul', seoul(text), 12 * HOUR)
  t.same(calls('2026-11-26T00:01:00'), [
    { date: '2026-11-26', at: seoul('2026-11-26T10:00:00'), requestKey: 'welfare:s1:2026-11-26' },
  ])
  t.equal(calls('2026-11-26T21:59:59').length, 1, 'made up for while it still makes sense')
  t.same(calls('2026-11-26T22:00:00'), [])
  t.same(calls('2026-11-25T10:00:00'), [])
  t.same(calls('2026-12-03T10:00:00'), [], 'over')
  t.same(calls('2026-11-05T10:00:00', { ...schedule, startsOn: '2026-11-06' }), [], 'not begun')
  const daily = { id: 's2', days: ['sat', 'sun', 'mon'], atTime: '09:00', startsOn: '2026-01-01' }
  const at = (text: string) =>
    callsOf(daily, 'America/New_York', Date.parse(text), 12 * HOUR).map((call) => new Date(call.at).toISOString())
  t.same(at('2026-03-07T14:30:00Z'), ['2026-03-07T14:00:00.000Z'])
  t.same(
    at('2026-03-08T14:30:00Z'),
    ['2026-03-08T13:00:00.000Z'],
    'nine o’clock is nine o’clock on the day the clocks change',
  )
  const twice = { ...daily, atTime: '01:30' }
  t.same(
    callsOf(twice, 'America/New_York', Date.parse('2026-11-01T06:40:00Z'), 12 * HOUR).map((call) => call.at),
    [Date.parse('2026-11-01T05:30:00Z')],
    'once when the hour comes twice',
  )
})

t.test('figures carry n and base, and a total is no mean of rates', async (t) => {
  const counts = {
    ...NO_COUNTS,
    requested: 100,
    superseded: 20,
    completed: 60,
    attempted: 75,
    attempts: 90,
    reached: 70,
    fallen: 80,
    onTime: 72,
    onTimeByFirstPromise: 60,
    timeToFirstMs: 75 * 60_000,
  }
  const figures = figuresOf(counts)
  t.same(figures.success, { value: 0.75, n: 60, base: 80 })
  t.same(figures.onTime, { value: 0.9, n: 72, base: 80 })
  t.same(figures.attemptsEach, { value: 1.2, n: 90, base: 75 })
  t.equal(figures.timeToFirstMs.value, 60_000)
  t.same(figuresOf(NO_COUNTS).success, { n: 0, base: 0 }, 'of nothing there is no rate')
  const sum = figuresOf(addCounts([counts, { ...NO_COUNTS, requested: 100, completed: 10 }]))
  t.same(sum.success, { value: 70 / 180, n: 70, base: 180 })
})
