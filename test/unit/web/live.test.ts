import t from 'tap'
import type { Agent, AgentState, Me, Queue, ScreenPop } from '../../../client/src/generated/contracts.js'
import { deskAfter, deskOfSnapshot, EMPTY_DESK, phaseOf } from '../../../client/src/live/desk.js'
import { floorFigures, isFree, queueFigures } from '../../../client/src/live/figures.js'
import {
  type Floor,
  floorAfter,
  floorOfSnapshot,
  floorWithAnswer,
  type LiveEvent,
} from '../../../client/src/live/floor.js'
import { mayPickUp, parkedCalls } from '../../../client/src/live/parked.js'

const idle = (agentId: string): AgentState => ({
  agentId,
  presence: 'available',
  work: 'idle',
  device: 'up',
  idleSince: 900,
  presenceSince: 900,
  workSince: 900,
  version: 3,
})
const person = (id: string, queues: string[]): Agent => ({
  id,
  name: id,
  team: 't',
  role: 'agent',
  skills: {},
  device: id,
  queues,
  state: idle(id),
})
const line = (id: string): Queue => ({
  id,
  label: { ko: id, en: id },
  requirement: {},
  priority: 50,
  relaxation: [],
  live: { waiting: 0, free: 0, talking: 0, agents: 0 },
})
const start = (): Floor =>
  floorOfSnapshot({
    epoch: 'e',
    seq: 10,
    agents: [person('a1', ['tax', 'general']), person('a2', ['general'])],
    queues: [line('tax'), line('general')],
    contacts: [],
  })

let seq = 10
const event = (type: string, data: Record<string, unknown>, more: Partial<LiveEvent> = {}): LiveEvent => {
  seq += 1
  return { epoch: 'e', seq, type, time: 1000 + seq, version: seq, data, ...more }
}
const promise = { reservationId: 'r1', agentId: 'a1', queue: 'tax', token: 5 }
const queued = () =>
  event(
    'contact.queued',
    { queue: 'tax', priority: 50, enqueuedAt: 1000, attempts: 0, position: 0 },
    { contactId: 'c1' },
  )
const work = (name: string, more: Record<string, unknown> = {}) =>
  event(
    'agent.work_changed',
    { agentId: 'a1', work: name, previous: '', since: 2000, contactId: 'c1', reservationId: 'r1', ...more },
    { contactId: 'c1' },
  )
const through = (floor: Floor, ...events: LiveEvent[]): Floor => events.reduce(floorAfter, floor)

t.beforeEach(() => {
  seq = 10
})

t.test('a call moves through the floor as events tell it, also for readers who see no reservations', async (t) => {
  let floor = through(start(), queued())
  t.equal(floor.seq, 11)
  t.match(queueFigures(floor)[0], { waiting: 1, ringing: 0, oldest: 1000, talking: 0, free: 1, agents: 1 })

  floor = through(floor, work('reserved'))
  t.match(floor.contacts.get('c1'), { state: 'reserved', agentId: 'a1', reservationId: 'r1' })
  t.match(queueFigures(floor)[0], { waiting: 1, ringing: 1, free: 0 })
  t.match(
    queueFigures(floor)[1],
    { waiting: 0, oldest: undefined, free: 1, agents: 2 },
    'an agent of two queues counts in both',
  )

  floor = through(
    floor,
    work('ringing'),
    event('contact.connected', { ...promise, waitedMs: 5 }, { contactId: 'c1' }),
    work('talking'),
  )
  t.match(queueFigures(floor)[0], { waiting: 0, talking: 1 })
  t.match(floorFigures(floor), { waiting: 0, talking: 1, wrapping: 0, free: 1, signedIn: 2 })

  floor = through(
    floor,
    event('contact.wrapping', promise, { contactId: 'c1' }),
    work('wrapping', { since: 3000, wrapUntil: 63_000 }),
  )
  t.match(floorFigures(floor), { talking: 0, wrapping: 1 })
  floor = through(
    floor,
    event('contact.completed', { agentId: 'a1', queue: 'tax', how: 'finished' }, { contactId: 'c1' }),
  )
  t.equal(floor.contacts.size, 0)
})

t.test('an offer that falls through puts the caller back with the old waiting time', async (t) => {
  const again = event(
    'contact.queued',
    { queue: 'tax', priority: 50, enqueuedAt: 1000, attempts: 1, position: 0 },
    { contactId: 'c1' },
  )
  const before = through(start(), { ...queued(), seq: 11 }, { ...work('reserved'), seq: 12 })
  const floor = floorAfter(before, { ...again, seq: 13 })
  t.strictSame(floor.contacts.get('c1')?.state, 'queued')
  t.equal(floor.contacts.get('c1')?.enqueuedAt, 1000)
  t.equal(floor.contacts.get('c1')?.agentId, undefined)
})

t.test('a parked call is listed until it is picked up, moved on or over; who may pick it up', async (t) => {
  const talking = through(
    start(),
    queued(),
    work('reserved'),
    event('contact.connected', { ...promise, waitedMs: 5 }, { contactId: 'c1' }),
    work('talking'),
  )
  t.same(parkedCalls(talking), [])
  const parked = through(
    talking,
    event('contact.parked', { agentId: 'a1', queue: 'tax', parkedAt: 2000 }, { contactId: 'c1' }),
    work('holding'),
  )
  const [call] = parkedCalls(parked)
  t.match(call, { contactId: 'c1', agentId: 'a1', queue: 'tax', parkedAt: 2000 })
  t.same(
    ['a1', 'a2', 'nobody'].map((id) => mayPickUp(parked, call!, id)),
    [true, true, false],
  )
  const busy = { agentId: 'a2', work: 'talking', previous: 'idle', since: 2100 }
  t.equal(mayPickUp(through(parked, event('agent.work_changed', busy)), call!, 'a2'), false, 'not in another call')
  const held = event('contact.held', { agentId: 'a1', queue: 'tax' }, { contactId: 'c1' })
  t.equal(parkedCalls(through(parked, held)).length, 1, 'held is what a parked caller is, too')
  const ends: LiveEvent[] = [
    event('contact.resumed', { agentId: 'a1', queue: 'tax' }, { contactId: 'c1' }),
    event(
      'contact.transferred',
      { agentId: 'a1', kind: 'picked_up', queue: 'tax', toAgent: 'a2', toReservation: 'r2' },
      { contactId: 'c1' },
    ),
    event('contact.wrapping', promise, { contactId: 'c1' }),
  ]
  for (const end of ends) t.same(parkedCalls(through(parked, end)), [], end.type)
})

t.test('a colleague who is called into a talk leaves it a talk; afterwards it is theirs', async (t) => {
  const part = { ...promise, agentId: 'a2', reservationId: 'r2', part: 'consult' }
  const talking = through(
    start(),
    queued(),
    event('contact.connected', { ...promise, waitedMs: 5 }, { contactId: 'c1' }),
    event('reservation.created', part, { contactId: 'c1' }),
  )
  t.match(talking.contacts.get('c1'), { state: 'connected', agentId: 'a1' })
  const data = { agentId: 'a1', kind: 'attended', queue: 'tax', toAgent: 'a2', toReservation: 'r2' }
  const given = through(talking, event('contact.transferred', data, { contactId: 'c1' }))
  t.match(given.contacts.get('c1'), { state: 'connected', agentId: 'a2', reservationId: 'r2' })
  const away = { agentId: 'a2', kind: 'blind', queue: 'tax', toQueue: 'general' }
  const same = through(given, event('contact.transferred', away, { contactId: 'c1' }))
  t.notOk(same.contacts.has('c1'), 'to a queue: gone for whoever does not see that queue')
  t.match(
    through(same, queued()).contacts.get('c1'),
    { state: 'queued' },
    'contact.queued brings it back for the others',
  )
})

t.test('events that are known or of another epoch change nothing', async (t) => {
  const floor = start()
  t.equal(floorAfter(floor, { ...queued(), seq: 10 }), floor)
  t.equal(floorAfter(floor, { ...queued(), epoch: 'other' }), floor)
})

t.test('unknown agents, contacts and events are passed over, the position moves on', async (t) => {
  const floor = through(
    start(),
    event('agent.presence_changed', { agentId: 'nobody', presence: 'break', since: 1 }),
    event('contact.connected', promise, { contactId: 'unseen' }),
    event('something.new', {}),
  )
  t.equal(floor.seq, 13)
  t.equal(floor.contacts.size, 0)
  t.strictSame(floor.agents.get('a1')?.state, idle('a1'))
})

t.test('presence and device', async (t) => {
  let floor = floorWithAnswer(start(), { ...idle('a1'), version: 4, nextPresence: 'break', nextBreakReason: 'meal' })
  t.equal(floor.agents.get('a1')?.state?.nextPresence, 'break')
  floor = through(
    floor,
    event('agent.presence_changed', { agentId: 'a1', presence: 'break', breakReason: 'meal', since: 5000 }),
  )
  t.match(floor.agents.get('a1')?.state, {
    presence: 'break',
    breakReason: 'meal',
    presenceSince: 5000,
    nextPresence: undefined,
  })
  floor = through(floor, event('agent.device_changed', { agentId: 'a2', device: 'down', since: 5000 }))
  t.equal(isFree(floor.agents.get('a2')!), false)
  t.match(floorFigures(floor), { free: 0, signedIn: 2 })
})

t.test('idle counts from the end of the work or from becoming available, not from the sign-in', async (t) => {
  let floor = through(start(), work('reserved'), work('ringing'), work('idle', { since: 4000 }))
  t.equal(floor.agents.get('a1')?.state?.idleSince, 900, 'the caller hung up before the answer: the turn is kept')
  floor = through(floor, work('talking'), work('wrapping'), work('idle', { since: 9000 }))
  t.equal(floor.agents.get('a1')?.state?.idleSince, 9000)
  const presence = (presence: string, since: number) =>
    event('agent.presence_changed', { agentId: 'a1', presence, since })
  floor = through(floor, presence('break', 10_000))
  t.equal(floor.agents.get('a1')?.state?.idleSince, undefined)
  floor = through(floor, presence('available', 20_000))
  t.equal(floor.agents.get('a1')?.state?.idleSince, 20_000)
})

t.test(
  'whoever listened according to the snapshot does so no more after an event; a part with its promise stays',
  async (t) => {
    const partAfter = (part: AgentState['part'], ...events: LiveEvent[]) => {
      const floor = floorWithAnswer(start(), {
        ...{ ...idle('a1'), version: 4, work: 'talking', contactId: 'c1', reservationId: 'r1' },
        part,
      })
      return through(floor, ...events).agents.get('a1')?.state?.part
    }
    t.equal(partAfter('supervision'), 'supervision')
    t.equal(partAfter('supervision', work('talking')), undefined, 'taken over: the promise is the same')
    t.equal(partAfter('supervision', work('idle', { contactId: undefined, reservationId: undefined })), undefined)
    t.equal(partAfter('consult', work('talking')), 'consult')
  },
)

t.test('a longer wrap-up keeps its beginning, another piece of work has its own', async (t) => {
  let floor = through(
    start(),
    work('wrapping', { since: 3000, wrapUntil: 33_000 }),
    work('wrapping', { since: 9000, wrapUntil: 63_000 }),
  )
  t.match(floor.agents.get('a1')?.state, { workSince: 3000, wrapUntil: 63_000 })
  floor = through(floor, work('wrapping', { since: 99_000, reservationId: 'r2', wrapUntil: 120_000 }))
  t.match(floor.agents.get('a1')?.state, { workSince: 99_000, reservationId: 'r2' })
})

t.test('an answer is taken when it is newer and passed over when events were faster', async (t) => {
  const floor = through(start(), work('reserved'), work('ringing'))
  const version = floor.agents.get('a1')!.state!.version
  t.equal(floorWithAnswer(floor, { ...idle('a1'), version }), floor)
  const later = floorWithAnswer(floor, {
    ...idle('a1'),
    work: 'ringing',
    reservationId: 'r1',
    deadline: 99,
    version: version + 1,
  })
  t.equal(later.agents.get('a1')?.state?.deadline, 99)
  t.equal(
    floorAfter(later, { ...work('ringing'), version: version + 2 }).agents.get('a1')?.state?.deadline,
    99,
    'the same promise keeps it',
  )
  t.equal(
    floorAfter(later, { ...work('ringing'), version: version + 1 }).agents.get('a1')?.state,
    later.agents.get('a1')?.state,
    'known already',
  )
  t.equal(floorWithAnswer(floor, { ...idle('nobody'), version: 99 }), floor)
})

const pop = (reservationId: string): ScreenPop => ({
  contactId: 'c1',
  reservationId,
  token: 5,
  agentId: 'a1',
  deadline: 16_000,
  queue: 'tax',
  queueLabel: { ko: '세무', en: 'Tax' },
  dialled: '120',
  requirement: { tax: 3 },
  waitMs: 0,
  complete: false,
})
const popEvent = (type: string, reservationId: string, agentId = 'a1') =>
  event(type, { ...promise, agentId, reservationId, pop: pop(reservationId) }, { contactId: 'c1' })

t.test('the desk shows the own pop, its update, and how it ended', async (t) => {
  t.equal(deskAfter(EMPTY_DESK, 'a1', popEvent('screenpop.created', 'r1', 'a2')), EMPTY_DESK, "another agent's")
  let desk = deskAfter(EMPTY_DESK, 'a1', popEvent('screenpop.created', 'r1'))
  t.equal(desk.pop?.reservationId, 'r1')
  const updated = popEvent('screenpop.updated', 'r1')
  updated.data.pop = { ...pop('r1'), complete: true }
  desk = deskAfter(desk, 'a1', updated)
  t.equal(desk.pop?.complete, true)
  t.equal(deskAfter(desk, 'a1', popEvent('screenpop.updated', 'r0')), desk, 'late for a promise that is over')

  desk = deskAfter(desk, 'a1', event('reservation.accepted', promise, { contactId: 'c1' }))
  t.equal(desk.acceptedId, 'r1')
  desk = deskAfter(desk, 'a1', event('contact.connected', promise, { contactId: 'c1', time: 7777 }))
  t.equal(desk.talkSince, 7777)
  desk = deskAfter(desk, 'a1', event('contact.disposed', { agentId: 'a1', disposition: 'x' }, { contactId: 'c1' }))
  t.ok(desk.disposed.has('c1'))
  desk = deskAfter(
    desk,
    'a1',
    event('contact.completed', { agentId: 'a1', queue: 'tax', how: 'wrap_timeout' }, { contactId: 'c1' }),
  )
  t.match(desk, {
    pop: undefined,
    talkSince: undefined,
    outcome: { kind: 'wrap_timeout', contactId: 'c1', queueLabel: { en: 'Tax' } },
  })
  t.ok(desk.disposed.has('c1'), 'what was given stays known')
})

t.test('each way an offer can fall through has its own outcome', async (t) => {
  for (const kind of ['rejected', 'timed_out', 'cancelled', 'rescinded', 'failed']) {
    const offered = deskAfter(EMPTY_DESK, 'a1', popEvent('screenpop.created', 'r1'))
    const desk = deskAfter(
      offered,
      'a1',
      event(`reservation.${kind}`, { ...promise, reason: 'busy' }, { contactId: 'c1' }),
    )
    t.match(desk, { pop: undefined, outcome: { kind, reason: 'busy' } })
    t.equal(deskAfter(desk, 'a1', popEvent('screenpop.created', 'r2')).outcome, undefined, 'gone with the next offer')
  }
})

t.test('after a reload the snapshot brings everything back', async (t) => {
  const me = (state: Partial<AgentState>): Me => ({
    id: 'a1',
    name: 'a1',
    kind: 'user',
    permissions: [],
    queues: [],
    unmasked: false,
    state: { ...idle('a1'), ...state },
  })
  const talking = { work: 'talking', reservationId: 'r1', contactId: 'c1', workSince: 4000 } as const
  t.match(deskOfSnapshot(EMPTY_DESK, { me: me(talking), pop: pop('r1') }), {
    pop: { reservationId: 'r1' },
    talkSince: 4000,
  })
  const known = { ...EMPTY_DESK, pop: pop('r1'), talkSince: 3500 }
  t.equal(
    deskOfSnapshot(known, { me: me({ ...talking, work: 'holding' }) }).talkSince,
    3500,
    'a resync keeps what the page saw',
  )
  t.equal(
    deskOfSnapshot(known, { me: me({ ...talking, reservationId: 'r9' }) }).pop,
    undefined,
    "never another call's pop",
  )
  t.equal(deskOfSnapshot(known, { me: me({}), pop: pop('r1') }).pop, undefined, 'idle shows no pop')
})

t.test('phases follow the work', async (t) => {
  const phases = (['idle', 'reserved', 'ringing', 'talking', 'holding', 'wrapping', 'not_responding'] as const).map(
    (w) => phaseOf({ ...idle('a'), work: w }),
  )
  t.strictSame(phases, ['idle', 'offer', 'offer', 'talk', 'talk', 'wrap', 'not_responding'])
  t.equal(phaseOf(undefined), 'idle')
})
