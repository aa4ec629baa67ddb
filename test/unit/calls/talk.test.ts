import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { createContact, decide } from '../../../src/calls/contact.js'
import type { ContactEvent, ContactState, Effect } from '../../../src/calls/contact-model.js'
import { mayBeCalled, OUTSIDE_PATTERNS } from '../../../src/calls/talk/outside-number.js'
import { membersOf } from '../../../src/calls/talk/talk-advance.js'
import { readMark, writeMark } from '../../../src/calls/talk/talk-mark.js'
import type { Party, TalkMove } from '../../../src/calls/talk/talk-model.js'
import { packageRoot } from '../../../src/platform/package-root.js'

const plan = { queue: 'tax', priority: 50, music: 'cti', wrapMs: 30_000, announceFirstMs: 0, announceEveryMs: 50_000 }
const talking: ContactState = {
  ...createContact('c1', 'ch1'),
  state: 'connected',
  plan,
  enqueuedAt: 1000,
  offer: {
    ...{
      reservationId: 'r1',
      token: 1,
      agentId: 'a1',
      deadline: 0,
      channelId: 'a-r1',
      bridgeId: 'b-r1',
      leg: 'answered',
    },
  },
}
const colleague = (n: number, joins: Party['joins']): Party => ({
  ...{ id: `p${n}`, kind: 'agent', agentId: `a${n + 1}`, reservationId: `r${n + 1}`, token: n + 1 },
  ...{ channelId: `a-r${n + 1}`, leg: 'dialled', joins, aside: false, muted: false },
})
const outside = (n: number, joins: Party['joins']): Party => ({
  ...{ id: `p${n}`, kind: 'outside', channelId: `o-${n}`, leg: 'dialled', joins, aside: false, muted: false },
})
const order = (move: TalkMove): ContactEvent => ({ type: 'command', move })

function run(from: ContactState, ...events: ContactEvent[]): { state: ContactState; last: readonly Effect[] } {
  return events.reduce<{ state: ContactState; last: readonly Effect[] }>(
    ({ state }, event) => {
      const { state: next, effects } = decide(state, event)
      return { state: next, last: effects }
    },
    { state: from, last: [] },
  )
}
const second: ContactEvent = { type: 'invited', party: colleague(1, 'consult'), second: 'ch2' }
const names = (effects: readonly Effect[]): string[] => effects.map((e) => e.do)

t.test(
  'one phone put down in a consultation gives the caller away; before the answer, to whoever answers',
  async (t) => {
    const asked = run(talking, { type: 'invited', party: colleague(1, 'consult') })
    t.same(membersOf(asked.state), ['a-r1'])
    const answered = run(asked.state, { type: 'leg_answered', channelId: 'a-r2' }, { type: 'joined', party: 'p1' })
    t.same(membersOf(answered.state), ['a-r1', 'a-r2'])
    const down: ContactEvent = { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' }
    t.match(run(answered.state, down).last, [{ do: 'hand_over', kind: 'attended', party: { id: 'p1' } }])
    const early = run(asked.state, down, { type: 'leg_answered', channelId: 'a-r2' }, { type: 'joined', party: 'p1' })
    t.match(early.last, [{ do: 'hand_over', party: { id: 'p1' } }])
    t.ok(
      names(run(asked.state, down, { type: 'leg_ended', channelId: 'a-r2', failure: 'busy' }).last).includes(
        'return_to_queue',
      ),
    )
  },
)

t.test(
  "a consultation by the phone's second call: who is with the agent is chosen by what the phone holds",
  async (t) => {
    const hold: ContactEvent = { type: 'leg_held', channelId: 'a-r1' }
    const back: ContactEvent = { type: 'leg_unheld', channelId: 'a-r1' }
    const joined: ContactEvent = { type: 'joined', party: 'p1' }
    const asked = run(talking, hold, second)
    t.same(membersOf(asked.state), ['a-r1'])
    const answered = run(asked.state, joined)
    t.match(answered.last, [{ do: 'answer', channelId: 'ch2' }])
    t.same(membersOf(answered.state), ['a-r1', 'ch2', 'a-r2'])
    const resumed = run(answered.state, back)
    t.same(membersOf(resumed.state), ['ch1', 'a-r1'])
    t.same(membersOf(run(resumed.state, hold).state), ['a-r1', 'ch2', 'a-r2'])
    const late = run(asked.state, back, joined)
    t.same(membersOf(late.state), ['ch1', 'a-r1'], 'answered while the agent is with the caller')
    for (const move of ['swap', 'merge'] as const) t.same(run(answered.state, order({ do: move })).last, [], move)
    t.equal(readMark(writeMark(answered.state))?.talk.second?.channelId, 'ch2')
  },
)

t.test('the second call lives as long as the consultation, the consultation as long as the second call', async (t) => {
  const answered = run(talking, { type: 'leg_held', channelId: 'a-r1' }, second, { type: 'joined', party: 'p1' })
  const ended: ContactEvent = { type: 'leg_ended', channelId: 'ch2', failure: 'cancelled' }
  const alone = run(answered.state, ended)
  t.match(alone.last.slice(0, 2), [{ do: 'hang_up', channelId: 'a-r2' }, { do: 'leave_part' }])
  t.match(alone.state.talk, { parties: [], callerAside: true }, 'music until the phone takes the caller back')
  t.same(membersOf(run(alone.state, { type: 'leg_unheld', channelId: 'a-r1' }).state), ['ch1', 'a-r1'])
  const dropped = (from: ContactState, event: ContactEvent) => {
    const { state, last } = run(from, event)
    t.equal(state.talk?.second, undefined, event.type)
    return last.find((effect) => effect.do === 'hang_up' && effect.channelId === 'ch2')
  }
  for (const over of [
    { type: 'leg_ended', channelId: 'a-r2', failure: 'cancelled' },
    { type: 'handed_over', party: answered.state.talk!.parties[0]! },
    { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' },
    { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' },
    { type: 'hand_over_refused', party: 'p1' },
    order({ do: 'cancel' }),
  ] satisfies ContactEvent[])
    t.match(dropped(answered.state, over), { why: 'normal' })
  const busy = dropped(run(talking, second).state, { type: 'leg_ended', channelId: 'a-r2', failure: 'busy' })
  t.match(busy, { why: 'busy' })
  const connects = run(answered.state, { type: 'second_connects', on: true }, ended)
  t.match(connects.state.talk, { parties: [{ id: 'p1' }] }, 'whoever is to have the caller still gets it')
  const refused = run(
    answered.state,
    { type: 'second_connects', on: true },
    { type: 'second_connects', on: false },
    ended,
  )
  t.match(refused.state.talk, { parties: [] })
})

t.test('the promise may be faster than the answer to a transfer', async (t) => {
  const moving = run(talking, { type: 'moving', plan: { ...plan, queue: 'water' }, enqueuedAt: 5000 })
  t.same(moving.last, [])
  const promise: ContactEvent = {
    type: 'reserved',
    reservationId: 'r5',
    token: 5,
    agentId: 'a5',
    deadline: 9,
    popped: true,
  }
  const promised = run(moving.state, promise)
  t.match(promised.state, {
    state: 'reserved',
    offer: { reservationId: 'r5' },
    plan: { queue: 'water' },
    enqueuedAt: 5000,
  })
  t.ok(names(promised.last).includes('set_aside'))
  t.same(run(promised.state, { type: 'moved' }).last, [], 'the answer itself says nothing new')
  t.equal(run(moving.state, { type: 'move_refused' }).state.state, 'connected')
  const hungUp = run(moving.state, { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' })
  t.equal(hungUp.state.state, 'connected', 'the core decides')
  t.equal(run(hungUp.state, { type: 'move_refused' }).state.state, 'ended', 'refused, and the agent is gone: the end')
})

const id = fc.integer({ min: 1, max: 3 })
const anyEvent: fc.Arbitrary<ContactEvent> = fc.oneof(
  fc
    .constantFrom<TalkMove>(
      ...(['hold', 'resume', 'mute', 'unmute', 'swap', 'cancel', 'merge', 'park', 'let_have'] as const).map(
        (what): TalkMove => ({ do: what }),
      ),
      { do: 'pick_up', deadline: 20_000 },
      { do: 'party_drop', party: 'p1' },
    )
    .map(order),
  fc.constantFrom<ContactEvent>(
    second,
    { type: 'second_connects', on: true },
    { type: 'leg_ended', channelId: 'ch2', failure: 'cancelled' },
  ),
  fc.tuple(id, fc.constantFrom('consult', 'conference', 'transfer'), fc.boolean()).map(
    ([n, joins, agent]): ContactEvent => ({
      type: 'invited',
      party: agent ? colleague(n, joins as Party['joins']) : outside(n, joins as Party['joins']),
    }),
  ),
  id.chain((n) =>
    fc.constantFrom<ContactEvent>(
      { type: 'joined', party: `p${n}` },
      { type: 'join_refused', party: `p${n}` },
      { type: 'handed_over', party: { ...colleague(n, 'consult'), leg: 'answered' } },
      { type: 'hand_over_refused', party: `p${n}` },
      { type: 'offer_over', reservationId: `r${n + 1}` },
      ...[`a-r${n}`, `a-r${n + 1}`, `o-${n}`].flatMap((channelId): ContactEvent[] => [
        { type: 'leg_answered', channelId },
        { type: 'leg_ended', channelId, failure: 'busy' },
        { type: 'leg_held', channelId },
        { type: 'leg_unheld', channelId },
      ]),
    ),
  ),
  fc.constantFrom<ContactEvent>(
    { type: 'forwarded' },
    { type: 'moving', plan, enqueuedAt: 7 },
    { type: 'moved' },
    { type: 'move_refused' },
    { type: 'park_limit', deadline: 9 },
    { type: 'hang_up', by: 'system' },
    { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' },
  ),
)

t.test(
  'whatever happens in whatever order: the mark tells all, ids stay unique, and the end leaves nobody',
  async (t) => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 25 }), (events) => {
        let state = talking
        const open = new Map<string, Party>()
        for (const event of events) {
          // The core hands over to a party that there is, and nobody else.
          const there = (channelId: string) => state.talk?.parties.some((party) => party.channelId === channelId)
          if (event.type === 'handed_over' && !there(event.party.channelId)) continue
          const { state: next, effects } = decide(state, event)
          const version = state.talk?.version ?? 0
          if (next.talk && next.talk.version < version) throw new Error('the version fell')
          state = next
          const ids = state.talk?.parties.map(({ channelId }) => channelId) ?? []
          if (new Set(ids).size !== ids.length) throw new Error('a leg is there twice')
          const mark = readMark(writeMark(state))
          if (mark && state.talk && JSON.stringify(mark.talk.parties) !== JSON.stringify(state.talk.parties))
            throw new Error('the mark tells something else')
          for (const e of effects) {
            if (e.do === 'invite') open.set(e.party.channelId, e.party)
            if (e.do === 'hang_up') open.delete(e.channelId)
          }
          const { second: more, parties = [] } = state.talk ?? {}
          if (more && !parties.some(({ joins }) => joins !== 'conference'))
            throw new Error('a second call about nobody')
          if (more) open.set(more.channelId, colleague(1, 'consult'))
          if (event.type === 'leg_ended') open.delete(event.channelId)
          if (state.offer) open.delete(state.offer.channelId)
          if (state.state !== 'ended') continue
          // Whoever was called is hung up or has gone by itself.
          if (open.size > 0) throw new Error(`left behind: ${[...open.keys()].join()}`)
          return
        }
      }),
      { numRuns: 20_000 },
    )
    t.pass('20,000 talks')
  },
)

t.test('numbers outside: the same patterns as in the dialplan', async (t) => {
  const dialplan = readFileSync(join(packageRoot(), 'asterisk/dialplan/outbound.conf'), 'utf8')
  const context = dialplan.slice(dialplan.indexOf('[cti-outbound]'), dialplan.indexOf('[cti-dial-out]'))
  t.same(
    [...context.matchAll(/^exten => ([^,]+),1,/gm)].map(([, pattern]) => pattern),
    OUTSIDE_PATTERNS,
  )
  for (const number of ['0212345678', '01012345678', '15771234', '119', '0311201001']) t.ok(mayBeCalled(number), number)
  for (const number of ['0041123456', '0601234567', '06012345678', '2001', '12', '010123'])
    t.notOk(mayBeCalled(number), number)
})
