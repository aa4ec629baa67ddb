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
