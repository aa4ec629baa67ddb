import fc from 'fast-check'
import t from 'tap'
import type { Offer } from '../../../src/calls/contact-model.js'
import { createOutbound, decideOutbound } from '../../../src/calls/outbound/outbound.js'
import type { OutboundEffect, OutboundEvent, OutboundState } from '../../../src/calls/outbound/outbound-model.js'
import { planTries, splitTries } from '../../../src/calls/outbound/outbound-plan.js'
import type { RingFailure } from '../../../src/calls/telephony-port.js'
import type { ContactSnapshot } from '../../../src/routing/model.js'

const offer = (n: number): Offer => ({
  reservationId: `r${n}`,
  token: n,
  agentId: `a${n}`,
  deadline: 20_000,
  channelId: `a-r${n}`,
  bridgeId: `b-r${n}`,
  leg: 'none',
})

function run(first: OutboundState['first'], ...events: OutboundEvent[]) {
  let state = createOutbound('cb-1', first, offer(1), 'c-cb-1')
  let last: readonly OutboundEffect[] = []
  for (const event of events) ({ state, effects: last } = decideOutbound(state, event))
  return { state, last }
}
const names = (effects: readonly OutboundEffect[]): string[] => effects.map((e) => e.do)
const popped: OutboundEvent = { type: 'popped', reservationId: 'r1' }
const agent: OutboundEvent = { type: 'leg_answered', channelId: 'a-r1' }
const citizen: OutboundEvent = { type: 'leg_answered', channelId: 'c-cb-1' }
const claimed: OutboundEvent = { type: 'claimed' }
const connected: OutboundEvent = { type: 'connected', reservationId: 'r1' }
const gone = (channelId: string, failure: RingFailure = 'cancelled'): OutboundEvent => ({
  type: 'leg_ended',
  channelId,
  failure,
})

t.test('agent first: ring, claim, dial, ask the core, hand over', async (t) => {
  t.strictSame(names(run('agent', popped).last), ['ring'])
  t.strictSame(names(run('agent', popped, agent).last), ['keep', 'start_ringing', 'claim'])
  t.strictSame(names(run('agent', popped, agent, claimed).last), ['dial'])
  t.strictSame(names(run('agent', popped, agent, claimed, citizen).last), ['connect'])
  t.match(run('agent', popped, agent, claimed, citizen, connected).last, [
    { do: 'stop_ringing' },
    { do: 'hand_over', as: 'talk' },
    { do: 'forget' },
  ])
})

t.test('citizen first: an agent is kept, the citizen dialled, taken in to wait, handed over', async (t) => {
  t.strictSame(names(run('citizen', popped).last), ['keep', 'claim'])
  t.strictSame(names(run('citizen', popped, claimed, citizen).last), ['let_wait'])
  t.match(run('citizen', popped, claimed, citizen, citizen).last, [{ do: 'hand_over', as: 'wait' }, { do: 'forget' }])
  const over: OutboundEvent = { type: 'offer_over', reservationId: 'r1' }
  const another = run('citizen', popped, claimed, over, { type: 'reserved', offer: offer(2) })
  t.strictSame(names(another.last), ['pop', 'keep'], 'the agent fell out, the next one is kept; the phone rings on')
  t.match(run('citizen', popped, claimed, citizen, over, citizen).last, [
    { do: 'hand_over', as: 'wait', offer: undefined },
  ])
})

t.test('how a try ends without a talk', async (t) => {
  const dialled = [popped, agent, claimed]
  for (const [failure, as] of [
    ['busy', 'busy'],
    ['declined', 'no_answer'],
    ['no_answer', 'no_answer'],
    ['unreachable', 'failed'],
    ['error', 'failed'],
  ] as const)
    t.match(run('agent', ...dialled, gone('c-cb-1', failure)).last, [
      { do: 'hang_up', channelId: 'a-r1' },
      { do: 'leave', as },
      { do: 'forget' },
    ])
  t.strictSame(
    run('agent', ...dialled, gone('a-r1')).last,
    [{ do: 'hang_up', channelId: 'c-cb-1' }, { do: 'leave', as: 'agent_gone' }, { do: 'forget' }],
    "the citizen's phone stops at once",
  )
  t.match(run('agent', ...dialled, { type: 'ring_limit' }).last.at(-2), { do: 'leave', as: 'no_answer' })
  t.match(run('agent', ...dialled, { type: 'core_left' }).last, [
    { do: 'hang_up', channelId: 'c-cb-1' },
    { do: 'hang_up', channelId: 'a-r1' },
    { do: 'forget' },
  ])
})

t.test('the agent does not take it: no try', async (t) => {
  const left = (failure: RingFailure) => names(run('agent', popped, gone('a-r1', failure)).last)
  t.strictSame(left('declined'), ['reject'])
  t.strictSame(left('no_answer'), ['time_out'])
  t.strictSame(left('unregistered'), ['fail'])
  t.strictSame(names(run('agent', popped, agent, { type: 'claim_failed' }).last), ['fail', 'hang_up', 'forget'])
})

const anyEvent: fc.Arbitrary<OutboundEvent> = fc.oneof(
  fc.constantFrom<OutboundEvent>(
    popped,
    agent,
    citizen,
    claimed,
    connected,
    { type: 'connect_refused', reservationId: 'r1' },
    { type: 'leg_ringing', channelId: 'a-r1' },
    { type: 'claim_refused', why: 'superseded' },
    { type: 'claim_failed' },
    { type: 'ring_limit' },
    { type: 'offer_over', reservationId: 'r1' },
    { type: 'reserved', offer: offer(2) },
    { type: 'offer_over', reservationId: 'r2' },
    { type: 'core_left' },
    { type: 'hang_up' },
  ),
  fc
    .record({
      leg: fc.constantFrom('a-r1', 'a-r2', 'c-cb-1'),
      failure: fc.constantFrom<RingFailure>('busy', 'declined', 'no_answer', 'error', 'cancelled'),
    })
    .map(({ leg, failure }) => gone(leg, failure)),
)

t.test(
  'whatever happens in whatever order: claimed before dialled, dialled once, nobody left on the line, forgotten once',
  async (t) => {
    fc.assert(
      fc.property(fc.constantFrom('agent', 'citizen'), fc.array(anyEvent, { maxLength: 25 }), (first, events) => {
        let state = createOutbound('cb-1', first, offer(1), 'c-cb-1')
        let [asked, dials, forgotten] = [false, 0, 0]
        const up = new Set<string>()
        for (const event of events) {
          if (event.type === 'claimed' && !asked) continue
          if (event.type === 'leg_answered' && !up.has(event.channelId)) continue
          if (event.type === 'leg_ended') up.delete(event.channelId)
          const decision = decideOutbound(state, event)
          if (forgotten > 0 && decision.effects.length > 0) throw new Error('effects after it was forgotten')
          state = decision.state
          for (const e of decision.effects) {
            if (e.do === 'claim') asked = true
            if (e.do === 'ring') up.add(e.offer.channelId)
            if (e.do === 'dial') {
              if (!asked) throw new Error('dialled unclaimed')
              dials += 1
              up.add('c-cb-1')
            }
            if (e.do === 'hang_up') up.delete(e.channelId)
            if (e.do === 'hand_over') up.clear()
            if (e.do === 'forget') forgotten += 1
          }
          if (forgotten > 0 && up.size > 0) throw new Error(`left on the line: ${[...up].join()}`)
        }
        return dials <= 1 && forgotten <= 1
      }),
      { numRuns: 50_000 },
    )
    t.pass('50,000 histories')
  },
)

t.test('a call that an agent places keeps no place: whatever falls through before the talk ends it', async (t) => {
  const once = (...events: OutboundEvent[]) => {
    let state = createOutbound('co-1', 'agent', offer(1), 'c-co-1', true)
    let last: readonly OutboundEffect[] = []
    for (const event of events) ({ state, effects: last } = decideOutbound(state, event))
    return { state, last }
  }
  const over: OutboundEvent = { type: 'offer_over', reservationId: 'r1' }
  const answered: OutboundEvent = { type: 'leg_answered', channelId: 'c-co-1' }
  t.match(once(popped, over).last, [{ do: 'hang_up' }, { do: 'leave', as: 'agent_gone' }, { do: 'forget' }])
  t.match(once(popped, agent, { type: 'claim_failed' }).last, [
    { do: 'hang_up' },
    { do: 'leave', as: 'failed' },
    { do: 'forget' },
  ])
  const refused = once(popped, agent, claimed, answered, { type: 'connect_refused', reservationId: 'r1' })
  t.match(refused.last, [
    { do: 'hang_up', channelId: 'c-co-1' },
    { do: 'hang_up', channelId: 'a-r1' },
    { do: 'leave', as: 'agent_gone' },
    { do: 'forget' },
  ])
  t.equal(refused.state.state, 'ended')
})

t.test('left behind by a server that died: a call-back waits for an agent, a call of an agent is over', async (t) => {
  const waits = (contactId: string): ContactSnapshot => ({
    ...{ contactId, state: 'queued', queue: 'tax', priority: 50, enqueuedAt: 1, attempts: 1, version: 3 },
  })
  const split = splitTries([], [waits('cb-1'), waits('co-1'), waits('rang-in')])
  t.same(
    split.contacts.map(({ contactId }) => contactId),
    ['rang-in'],
  )
  t.same(
    planTries(split, () => false),
    [{ do: 'leave', contactId: 'co-1', as: 'lost' }],
  )
  t.same(
    planTries(split, () => true),
    [],
    'what is carried here is left alone',
  )
})
