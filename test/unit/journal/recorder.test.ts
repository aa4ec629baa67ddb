import t from 'tap'
import type { AnyJournalEvent, EventData, EventType } from '../../../src/journal/events.js'
import { foldChanges } from '../../../src/journal/recorder/fold.js'
import { reduceEvent } from '../../../src/journal/recorder/reduce.js'

let seq = 0
function event<T extends EventType>(type: T, time: number, data: EventData<T>, contactId?: string): AnyJournalEvent {
  seq++
  return {
    id: `e:${seq}`,
    epoch: 'e',
    seq,
    type,
    time,
    subject: 'x',
    version: 1,
    contactId,
    data,
  } as unknown as AnyJournalEvent
}
const fold = (...events: AnyJournalEvent[]) => foldChanges(events.flatMap(reduceEvent))
const promise = { reservationId: 'r1', agentId: 'a01', queue: 'general', token: 7 }

const CALL = [
  event(
    'contact.created',
    1_000,
    { channel: 'voice', direction: 'inbound', dialled: '120', caller: '01012345678', node: 'node1', channelId: 'ch' },
    'c1',
  ),
  event('contact.ivr_entered', 1_100, { prompts: ['greet'] }, 'c1'),
  event('contact.queued', 5_000, { queue: 'general', priority: 50, enqueuedAt: 5_000, attempts: 0, position: 0 }, 'c1'),
  event(
    'reservation.created',
    6_000,
    { ...promise, route: 'general/0', createdAt: 6_000, deadline: 21_000, enqueuedAt: 5_000, attempts: 0 },
    'c1',
  ),
  event('reservation.accepted', 8_000, { ...promise, by: 'device' }, 'c1'),
  event('contact.connected', 8_000, { ...promise, waitedMs: 3_000, enqueuedAt: 5_000 }, 'c1'),
  event('contact.held', 20_000, { agentId: 'a01', queue: 'tax' }, 'c1'),
  event('contact.resumed', 25_000, { agentId: 'a01', queue: 'tax' }, 'c1'),
  event('contact.wrapping', 40_000, { ...promise, endedBy: 'caller', wrapUntil: 100_000 }, 'c1'),
  event(
    'contact.disposed',
    50_000,
    { agentId: 'a01', disposition: 'resolved', category: 'tax', notes: '주민 900101-1234567' },
    'c1',
  ),
  event('reservation.completed', 60_000, promise, 'c1'),
  event('contact.completed', 60_000, { agentId: 'a01', queue: 'general', how: 'finished' }, 'c1'),
]

t.test('a whole call in one batch', async (t) => {
  const folded = fold(...CALL)
  t.same(
    folded.segments.map(({ kind, startedAt, endedAt, outcome }) => [kind, startedAt, endedAt, outcome]),
    [
      ['ivr', 1_100, 5_000, 'queue'],
      ['queue', 5_000, 6_000, 'ring'],
      ['ring', 6_000, 8_000, 'talk'],
      ['talk', 8_000, 20_000, 'hold'],
      ['hold', 20_000, 25_000, 'talk'],
      ['talk', 25_000, 40_000, 'wrap'],
      ['wrap', 40_000, 60_000, 'completed'],
    ],
  )
  t.equal(folded.contacts.length, 1)
  t.match(folded.contacts[0], {
    id: 'c1',
    at: 1_000,
    set: {
      state: 'completed',
      end_state: 'completed',
      end_reason: 'finished',
      agent_id: 'a01',
      disposition: 'resolved',
      ended_by: 'caller',
      wait_ms: 3_000,
      ended_at: 60_000,
      caller: '01012345678',
    },
    once: { queued_at: 5_000, connected_at: 8_000 },
  })
  t.equal(folded.contacts[0]?.set.notes, '주민 900101-1******', 'a resident number never reaches the record')
  t.match(folded.reservations, [
    {
      id: 'r1',
      contactId: 'c1',
      set: { state: 'completed', accepted_by: 'device', accepted_at: 8_000, ended_at: 60_000, token: 7 },
    },
  ])
  t.same(folded.sums, ['c1'])
  t.same(folded.links, ['c1'])
})

t.test('the same call event by event leaves the same segments', async (t) => {
  // A stand-in for the table: an end goes to the open row, new rows follow.
  const rows: { kind: string; startedAt: number; endedAt?: number; outcome?: string }[] = []
  for (const one of CALL) {
    const folded = fold(one)
    const open = rows.find((row) => row.endedAt === undefined)
    for (const end of folded.segmentEnds) {
      if (!open) continue
      open.outcome ??= end.outcome
      open.endedAt = end.at
    }
    rows.push(
      ...folded.segments.map(({ kind, startedAt, endedAt, outcome }) => ({ kind, startedAt, endedAt, outcome })),
    )
  }
  t.same(
    rows,
    fold(...CALL).segments.map(({ kind, startedAt, endedAt, outcome }) => ({ kind, startedAt, endedAt, outcome })),
  )
})

t.test('a rejected offer: the ring ends as rejected and the contact waits again', async (t) => {
  const folded = fold(
    event(
      'reservation.created',
      10,
      { ...promise, route: 'r', createdAt: 10, deadline: 20, enqueuedAt: 5, attempts: 0 },
      'c1',
    ),
    event('reservation.rejected', 15, promise, 'c1'),
    event('contact.queued', 15, { queue: 'general', priority: 50, enqueuedAt: 5, attempts: 1, position: 0 }, 'c1'),
  )
  t.match(folded.segments, [
    { kind: 'ring', outcome: 'rejected', endedAt: 15 },
    { kind: 'queue', startedAt: 15 },
  ])
  t.match(folded.reservations[0]?.set, { state: 'rejected', ended_at: 15 })
  t.match(folded.contacts[0], { set: { state: 'queued', attempts: 1 }, once: { queued_at: 5 } })
})

t.test('ends of a wait', async (t) => {
  const table: [string, string][] = [
    ['caller_hangup', 'abandoned'],
    ['timed_out', 'timed_out'],
    ['overflowed', 'overflowed'],
    ['no_agents', 'no_agents'],
    ['whatever', 'abandoned'],
  ]
  for (const [reason, end] of table) {
    const folded = fold(event('contact.abandoned', 30, { queue: 'general', waitedMs: 25, enqueuedAt: 5, reason }, 'c1'))
    t.match(
      folded.contacts[0]?.set,
      { state: 'ended', end_state: end, end_reason: reason, ended_at: 30, wait_ms: 25 },
      reason,
    )
    t.same(folded.segmentEnds, [{ contactId: 'c1', at: 30, outcome: end }])
  }
  t.match(fold(event('contact.ended', 30, { end: 'closed_hours' }, 'c1')).contacts[0]?.set, {
    end_state: 'closed_hours',
    ended_at: 30,
  })
})

t.test('overflow: the contact that waits on has not ended', async (t) => {
  const folded = fold(
    event('contact.abandoned', 30, { queue: 'tax', waitedMs: 25, enqueuedAt: 5, reason: 'overflowed' }, 'c1'),
    event('contact.queued', 31, { queue: 'general', priority: 50, enqueuedAt: 5, attempts: 0, position: 0 }, 'c1'),
  )
  t.match(folded.contacts[0]?.set, {
    state: 'queued',
    queue: 'general',
    end_state: null,
    ended_at: null,
    wait_ms: null,
  })
})

t.test('agents: intervals follow each other, the same work goes on', async (t) => {
  const work = (time: number, now: string, previous: string) =>
    event('agent.work_changed', time, { agentId: 'a01', work: now, previous, since: time })
  const folded = fold(
    event('agent.presence_changed', 1, { agentId: 'a01', presence: 'available', previous: 'offline', since: 1 }),
    work(2, 'reserved', 'idle'),
    work(3, 'wrapping', 'wrapping'),
    work(4, 'talking', 'reserved'),
    event('agent.presence_changed', 5, {
      agentId: 'a01',
      presence: 'break',
      previous: 'available',
      breakReason: 'meal',
      since: 5,
    }),
    event('agent.device_changed', 6, { agentId: 'a01', device: 'up', since: 6 }),
  )
  t.same(
    folded.intervalEnds.map(({ kind, at }) => [kind, at]),
    [
      ['presence', 1],
      ['work', 2],
      ['device', 6],
    ],
  )
  t.match(
    folded.intervals.map(({ kind, state, startedAt, endedAt, reason }) => [kind, state, startedAt, endedAt, reason]),
    [
      ['presence', 'available', 1, 5, undefined],
      ['work', 'reserved', 2, 4, undefined],
      ['work', 'talking', 4, undefined, undefined],
      ['presence', 'break', 5, undefined, 'meal'],
      ['device', 'up', 6, undefined, undefined],
    ],
  )
})

t.test('events that are no part of the record change nothing', async (t) => {
  t.same(reduceEvent(event('contact.position_changed', 1, { queue: 'general', position: 1 }, 'c1')), [])
  t.same(reduceEvent(event('screenpop.created', 1, { ...promise, pop: {} }, 'c1')), [])
  t.same(reduceEvent(event('config.applied', 1, { version: 2 })), [])
})
