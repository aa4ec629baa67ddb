import fc from 'fast-check'
import t from 'tap'
import { createContact, decide } from '../../../src/calls/contact.js'
import type { Admission, ContactEvent, ContactState, Effect, WaitPlan } from '../../../src/calls/contact-model.js'

const plan: WaitPlan = {
  queue: 'tax',
  priority: 50,
  music: 'cti',
  wrapMs: 30_000,
  announceFirstMs: 15_000,
  announceEveryMs: 50_000,
}
const wait = (prompts: string[] = [], over: Partial<WaitPlan> = {}): Admission => ({
  kind: 'wait',
  prompts,
  plan: { ...plan, ...over },
})
const reserved = (n: number): ContactEvent => ({
  type: 'reserved',
  reservationId: `r${n}`,
  token: n,
  agentId: `a${n}`,
  deadline: 20_000,
})

function run(...events: ContactEvent[]): { state: ContactState; effects: Effect[]; last: readonly Effect[] } {
  let state = createContact('c1', 'ch1')
  const effects: Effect[] = []
  let last: readonly Effect[] = []
  for (const event of events) {
    const decision = decide(state, event)
    state = decision.state
    last = decision.effects
    effects.push(...last)
  }
  return { state, effects, last }
}
const names = (effects: readonly Effect[]): string[] => effects.map((e) => e.do)
const admitted = (admission: Admission = wait()): ContactEvent => ({ type: 'admitted', admission, now: 1000 })
const talking: ContactEvent[] = [
  admitted(),
  reserved(1),
  { type: 'popped', reservationId: 'r1' },
  { type: 'leg_ringing', channelId: 'a-r1' },
  { type: 'leg_answered', channelId: 'a-r1' },
  { type: 'connected', reservationId: 'r1' },
]

t.test('a pop that came with the promise is not written again; the ring still waits for its event', async (t) => {
  const promise = { ...reserved(1), popped: true } as ContactEvent
  const { state, last } = run(admitted(), promise)
  t.equal(state.state, 'reserved')
  t.strictSame(names(last), [])
  t.strictSame(names(run(admitted(), promise, reserved(1), { type: 'popped', reservationId: 'r1' }).last), ['ring'])
})

t.test('the main walk: queued, popped before the ring, rung, asked, bridged', async (t) => {
  const { state, effects } = run(...talking)
  t.equal(state.state, 'connected')
  t.strictSame(names(effects), [
    'queue',
    'start_music',
    'announce_in',
    'pop',
    'ring',
    'mark_ringing',
    'connect',
    'stop_music',
    'bridge',
    'unwatch',
  ])
})

t.test('prompts are played first and the wait begins after them', async (t) => {
  const greeted = run(admitted(wait(['cti/greet'])))
  t.equal(greeted.state.state, 'ivr')
  t.strictSame(names(greeted.effects), ['tell_ivr', 'play'])
  const after = run(admitted(wait(['cti/greet'])), { type: 'playback_ended', playbackId: 'p-c1-1', now: 5000 })
  t.equal(after.state.enqueuedAt, 5000)
  t.strictSame(names(after.last), ['queue', 'start_music', 'announce_in'])
  t.strictSame(
    names(run(admitted(wait(['cti/greet'])), { type: 'playback_ended', playbackId: 'other', now: 5000 }).last),
    [],
  )
})

t.test('a match while an announcement plays stops it at once', async (t) => {
  const { last, state } = run(admitted(), { type: 'place_told', position: 2, expectedWaitMs: 90_000 }, reserved(1))
  t.strictSame(names(last), ['pop', 'stop_playback', 'start_music'])
  t.equal(state.playing, undefined)
})

t.test('each device failure ends in its own reservation state and the caller keeps the place', async (t) => {
  const ringing: ContactEvent[] = [admitted(), reserved(1), { type: 'popped', reservationId: 'r1' }]
  const table = [
    ['busy', 'fail'],
    ['unreachable', 'fail'],
    ['unregistered', 'fail'],
    ['error', 'fail'],
    ['declined', 'reject'],
    ['no_answer', 'time_out'],
  ] as const
  for (const [failure, effect] of table) {
    const failed = run(...ringing, { type: 'leg_ended', channelId: 'a-r1', failure })
    t.strictSame(names(failed.last), [effect], failure)
    const again = run(
      ...ringing,
      { type: 'leg_ended', channelId: 'a-r1', failure },
      { type: 'offer_over', reservationId: 'r1' },
    )
    t.equal(again.state.state, 'queued')
    t.equal(again.state.enqueuedAt, 1000)
    t.strictSame(names(again.last), [], 'no second hang-up of a leg that is gone')
  }
})

t.test('an offer that is over hangs up the ringing phone; the next one rings', async (t) => {
  const over = run(
    admitted(),
    reserved(1),
    { type: 'popped', reservationId: 'r1' },
    { type: 'offer_over', reservationId: 'r1' },
  )
  t.strictSame(over.last, [{ do: 'hang_up', channelId: 'a-r1', why: 'normal' }])
  const next = run(
    admitted(),
    reserved(1),
    { type: 'popped', reservationId: 'r1' },
    { type: 'offer_over', reservationId: 'r1' },
    reserved(2),
    { type: 'popped', reservationId: 'r2' },
  )
  t.strictSame(names(next.last), ['ring'])
  t.strictSame(run(admitted(), reserved(2), reserved(1)).last, [], 'an older promise that comes late changes nothing')
})

t.test('the caller hangs up', async (t) => {
  const gone: ContactEvent = { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' }
  t.strictSame(names(run(gone).last), ['tell_end', 'forget'], 'before intake')
  t.strictSame(names(run(admitted(wait(['cti/greet'])), gone).last), ['tell_end', 'forget'], 'in the greeting')
  t.strictSame(names(run(admitted(), gone).last), ['leave', 'forget'], 'in the queue')
  t.strictSame(names(run(admitted(), reserved(1), gone).last), ['leave', 'forget'], 'reserved')
  t.strictSame(
    names(run(admitted(), reserved(1), { type: 'popped', reservationId: 'r1' }, gone).last),
    ['hang_up', 'leave', 'forget'],
    'while ringing',
  )
  t.strictSame(names(run(...talking, gone).last), ['hang_up', 'end_talk', 'unbridge', 'unwatch', 'forget'], 'in talk')
})

t.test('the agent hangs up', async (t) => {
  const { last } = run(...talking, { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' })
  t.strictSame(last[0], { do: 'hang_up', channelId: 'ch1', why: 'normal' })
  t.match(last[1], { do: 'end_talk', endedBy: 'agent', wrapMs: 30_000 })
})

t.test('ended by command: the record says who', async (t) => {
  const { last, state } = run(...talking, { type: 'hang_up', by: 'agent' })
  t.strictSame(names(last), ['hang_up', 'hang_up', 'end_talk', 'unbridge', 'unwatch', 'forget'])
  t.match(last[2], { endedBy: 'agent' })
  t.equal(state.state, 'ended')
  t.strictSame(
    names(run(admitted(), { type: 'hang_up', by: 'system' }).last),
    ['hang_up'],
    'a waiting caller is hung up; that ends the wait',
  )
})

t.test('the core decides between an answer and a deadline, and between an answer and a hang-up', async (t) => {
  const answered = talking.slice(0, 5)
  const refused = run(...answered, { type: 'connect_refused', reservationId: 'r1' })
  t.equal(refused.state.state, 'queued')
  t.strictSame(names(refused.last), ['hang_up'])
  const gone: ContactEvent = { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' }
  t.strictSame(names(run(...answered, gone, { type: 'connected', reservationId: 'r1' }).last), [
    'hang_up',
    'end_talk',
    'unbridge',
    'unwatch',
    'forget',
  ])
  t.strictSame(names(run(...answered, gone, { type: 'connect_refused', reservationId: 'r1' }).last), [
    'hang_up',
    'leave',
    'forget',
  ])
  const agentGone: ContactEvent = { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' }
  t.strictSame(names(run(...answered, agentGone, { type: 'connected', reservationId: 'r1' }).last), [
    'hang_up',
    'end_talk',
    'unbridge',
    'unwatch',
    'forget',
  ])
})

t.test('ends without an agent say so, play their prompt and hang up', async (t) => {
  const closed = run(admitted({ kind: 'end', end: 'closed_hours', prompts: ['cti/after-hours'] }))
  t.strictSame(names(closed.effects), ['tell_end', 'play'])
  t.strictSame(names(decide(closed.state, { type: 'playback_ended', playbackId: 'p-c1-1', now: 1 }).effects), [
    'hang_up',
  ])
  const unknown = run(admitted({ kind: 'end', end: 'failed', reason: 'unknown_number', prompts: [] }))
  t.match(unknown.effects, [
    { do: 'tell_end', end: 'failed' },
    { do: 'hang_up', why: 'congestion' },
  ])
})

t.test('overflow: to the next queue with the old waiting time, once each, else the closing prompt', async (t) => {
  const overflow: WaitPlan = { ...plan, queue: 'general' }
  const moved = run(admitted(wait([], { overflow })), { type: 'wait_limit' })
  t.match(moved.last[0], { do: 'queue', plan: { queue: 'general' }, enqueuedAt: 1000 })
  const ended = decide(moved.state, { type: 'queue_refused', code: 'CTI_ERR_QUEUE_FULL' })
  t.strictSame(names(ended.effects), ['tell_end', 'stop_music', 'play'])
  t.match(ended.effects[0], { end: 'queue_full' })
  t.strictSame(
    names(run(admitted(), { type: 'wait_limit' }).last),
    ['stop_music', 'play'],
    'the core wrote the end of this wait itself',
  )
})

t.test('a routing core that cannot be asked sends the caller to the fallback queue, never into silence', async (t) => {
  t.strictSame(names(run(admitted(), { type: 'queue_refused', code: 'CTI_ERR_UNAVAILABLE' }).last), [
    'tell_end',
    'fall_back',
    'forget',
  ])
})

t.test('hold on the phone is hold', async (t) => {
  const held = run(...talking, { type: 'leg_held', channelId: 'a-r1' })
  t.equal(held.state.state, 'held')
  t.strictSame(names(held.last), ['hold', 'keep_talk', 'tell_call'])
  t.strictSame(names(decide(held.state, { type: 'leg_unheld', channelId: 'a-r1' }).effects), [
    'resume',
    'keep_talk',
    'tell_call',
  ])
})

t.test("the core's answer about a leg that still rings bridges nobody", async (t) => {
  const ringing = run(admitted(), reserved(1), { type: 'popped', reservationId: 'r1' })
  t.equal(ringing.state.offer?.leg, 'dialled')
  for (const type of ['connected', 'connect_refused'] as const)
    t.strictSame(decide(ringing.state, { type, reservationId: 'r1' }), { state: ringing.state, effects: [] })
})

const anyEvent: fc.Arbitrary<ContactEvent> = fc.oneof(
  fc.constantFrom<ContactEvent>(
    admitted(),
    admitted(wait(['cti/greet'])),
    admitted({ kind: 'end', end: 'blocked', prompts: [] }),
    { type: 'wait_limit' },
    { type: 'hang_up', by: 'system' },
    { type: 'queue_refused', code: 'CTI_ERR_QUEUE_FULL' },
    { type: 'place_told', position: 3, expectedWaitMs: 60_000 },
    { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' },
    { type: 'callback_offer_due', key: '9' },
    { type: 'key', channelId: 'ch1', digit: '9' },
    { type: 'callback_promised' },
    { type: 'callback_refused' },
    { type: 'callbacks_known', callbacks: [], now: 3000 },
  ),
  fc.integer({ min: 1, max: 4 }).map(reserved),
  fc
    .integer({ min: 1, max: 4 })
    .chain((n) =>
      fc.constantFrom<ContactEvent>(
        { type: 'popped', reservationId: `r${n}` },
        { type: 'offer_over', reservationId: `r${n}` },
        { type: 'connected', reservationId: `r${n}` },
        { type: 'connect_refused', reservationId: `r${n}` },
        { type: 'leg_ringing', channelId: `a-r${n}` },
        { type: 'leg_answered', channelId: `a-r${n}` },
        { type: 'leg_ended', channelId: `a-r${n}`, failure: 'busy' },
        { type: 'leg_held', channelId: `a-r${n}` },
        { type: 'playback_ended', playbackId: `p-c1-${n}`, now: 2000 },
        { type: 'bridge_failed', reservationId: `r${n}` },
      ),
    ),
)

t.test(
  'whatever happens in whatever order: popped before rung, asked before bridged, forgotten once, silent afterwards',
  async (t) => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        let state = createContact('c1', 'ch1')
        const popped = new Set<string>()
        const asked = new Set<string>()
        const rung = new Set<string>()
        let forgotten = 0
        for (const event of events) {
          const decision = decide(state, event)
          if (forgotten > 0 && decision.effects.length > 0) throw new Error('effects after the contact was forgotten')
          state = decision.state
          for (const e of decision.effects) {
            if (e.do === 'pop') popped.add(e.offer.reservationId)
            if (e.do === 'ring' && (!popped.has(e.offer.reservationId) || rung.has(e.offer.reservationId)))
              throw new Error('rung unpopped or twice')
            if (e.do === 'ring') rung.add(e.offer.reservationId)
            if (e.do === 'connect') asked.add(e.offer.reservationId)
            if (e.do === 'bridge' && (!asked.has(e.offer.reservationId) || state.callerGone))
              throw new Error('bridged unasked or with nobody')
            if (e.do === 'forget') forgotten++
          }
          if ((state.state === 'ended') !== forgotten > 0)
            throw new Error(`ended and forgotten go together: ${state.state} ${forgotten}`)
        }
        return forgotten <= 1
      }),
      { numRuns: 50_000 },
    )
    t.pass('50,000 histories')
  },
)
