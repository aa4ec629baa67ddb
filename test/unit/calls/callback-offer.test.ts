import t from 'tap'
import { callersTurn } from '../../../src/calls/callers-turn.js'
import { createContact, decide } from '../../../src/calls/contact.js'
import type { ContactEvent, ContactState, Effect } from '../../../src/calls/contact-model.js'
import type { OpenCallback } from '../../../src/calls/context-port.js'

const NOW = 1_000_000
const plan = { queue: 'tax', priority: 50, music: 'cti', wrapMs: 0, announceFirstMs: 0, announceEveryMs: 50_000 }
const open = (id: string, more: Partial<OpenCallback> = {}): OpenCallback => ({
  id,
  kind: 'agent_promised',
  state: 'scheduled',
  queue: 'tax',
  requestedAt: NOW - 600_000,
  promisedAt: NOW + 3_600_000,
  dueAt: NOW + 3_000_000,
  attempts: 0,
  ...more,
})

function run(...events: ContactEvent[]): { state: ContactState; last: readonly Effect[] } {
  let state = createContact('c1', 'ch1')
  let last: readonly Effect[] = []
  for (const event of events) ({ state, effects: last } = decide(state, event))
  return { state, last }
}
const names = (effects: readonly Effect[]): string[] => effects.map((e) => e.do)
const admitted: ContactEvent = { type: 'admitted', admission: { kind: 'wait', prompts: [], plan }, now: NOW }
const offered: ContactEvent = { type: 'callback_offer_due', key: '9' }
const key: ContactEvent = { type: 'key', channelId: 'ch1', digit: '9' }
const reserved: ContactEvent = { type: 'reserved', reservationId: 'r1', token: 1, agentId: 'a1', deadline: NOW + 9_000 }
const popped: ContactEvent = { type: 'popped', reservationId: 'r1' }

t.test('offered, taken by the key, promised, told so and hung up', async (t) => {
  t.match(run(admitted, offered).last, [{ do: 'stop_music' }, { do: 'play', prompts: ['cti/callback-offer'] }])
  const asked = run(admitted, offered, key)
  t.match(asked.last, [
    { do: 'stop_playback', playbackId: 'p-c1-1' },
    { do: 'start_music' },
    { do: 'request_callback', enqueuedAt: NOW, plan: { queue: 'tax', priority: 50 } },
  ])
  t.equal(asked.state.state, 'queued', 'waits on until the promise stands')
  const promised = run(admitted, offered, key, { type: 'callback_promised' })
  t.strictSame(promised.last, [
    { do: 'stop_music' },
    { do: 'play', playbackId: 'p-c1-2', prompts: ['cti/callback-confirm'] },
  ])
  t.equal(promised.state.closing, 'callback_requested')
  const over = decide(promised.state, { type: 'playback_ended', playbackId: 'p-c1-2', now: NOW })
  t.strictSame(names(over.effects), ['hang_up'])
})

t.test('the key means nothing before the offer, from the agent, twice, or while an agent rings', async (t) => {
  t.strictSame(run(admitted, key).last, [])
  t.strictSame(run(admitted, offered, { type: 'key', channelId: 'a-r1', digit: '9' }).last, [])
  t.strictSame(run(admitted, offered, { type: 'key', channelId: 'ch1', digit: '8' }).last, [])
  t.strictSame(run(admitted, offered, key, key).last, [])
  t.strictSame(run(admitted, offered, reserved, key).last, [])
  t.strictSame(run(admitted, reserved, offered).last, [], 'nothing is offered while an agent rings')
  t.equal(run(admitted, reserved, offered).state.callback, undefined, 'so it may be offered later')
})

t.test('a refusal is said, the caller waits on and may try again', async (t) => {
  const refused = run(admitted, offered, key, { type: 'callback_refused' })
  t.match(refused.last, [{ do: 'stop_music' }, { do: 'play', prompts: ['cti/callback-later'] }])
  t.equal(refused.state.state, 'queued')
  t.equal(names(decide(refused.state, key).effects).at(-1), 'request_callback')
  t.match(run(admitted, offered, { type: 'playback_ended', playbackId: 'p-c1-1', now: NOW }).last, [
    { do: 'start_music' },
  ])
})

t.test('an agent who was promised between key and promise is let go; one who talks wins', async (t) => {
  const rung = run(admitted, offered, key, reserved, popped)
  const promised = decide(rung.state, { type: 'callback_promised' })
  t.strictSame(promised.effects[0], { do: 'hang_up', channelId: 'a-r1', why: 'normal' })
  t.equal(promised.state.closing, 'callback_requested')
  const talking = run(
    admitted,
    offered,
    key,
    reserved,
    popped,
    { type: 'leg_answered', channelId: 'a-r1' },
    { type: 'connected', reservationId: 'r1' },
  )
  t.strictSame(decide(talking.state, { type: 'callback_promised' }).effects, [])
  t.strictSame(decide(talking.state, { type: 'callback_refused' }).effects, [], 'nobody is told anything in a talk')
})

t.test('the offer is said again with the place', async (t) => {
  const place: ContactEvent = { type: 'place_told', position: 3, expectedWaitMs: 120_000 }
  const said = (events: ContactEvent[]) => run(...events, place).last.flatMap((e) => (e.do === 'play' ? e.prompts : []))
  t.notOk(said([admitted]).includes('cti/callback-offer'))
  const heard: ContactEvent = { type: 'playback_ended', playbackId: 'p-c1-1', now: NOW }
  t.equal(said([admitted, offered, heard]).at(-1), 'cti/callback-offer')
})

t.test('rings in again: the place goes on, the call-back is superseded after the caller waits', async (t) => {
  const hold = open('b1', { kind: 'virtual_hold', state: 'queued', enqueuedAt: NOW - 90_000, contactId: 'cb-1' })
  const turn = callersTurn([hold], 'c1', 'tax', NOW)!
  const admission = { kind: 'wait', prompts: ['cti/greet'], plan, turn } as const
  const greeted = run({ type: 'admitted', admission, now: NOW })
  t.strictSame(names(greeted.last), ['tell_ivr', 'play', 'supersede'])
  const waits = decide(greeted.state, { type: 'playback_ended', playbackId: 'p-c1-1', now: NOW + 9_000 })
  t.match(waits.effects[0], { do: 'queue', enqueuedAt: NOW - 90_000 })
  const crossing = callersTurn([{ ...hold, state: 'dialing', agentId: 'a7' }], 'c1', 'tax', NOW)!
  t.match(crossing, { crossed: true, agentId: 'a7' })
  t.strictSame(
    names(run({ type: 'admitted', admission: { ...admission, turn: crossing }, now: NOW }).last),
    ['queue', 'start_music', 'supersede'],
    'no greeting while an agent is on the line for them',
  )
})

t.test('what is superseded, when, and what it gives', async (t) => {
  const turn = (callbacks: OpenCallback[], queue = 'tax') => callersTurn(callbacks, 'c1', queue, NOW)
  const now = (callbacks: OpenCallback[], queue?: string) => turn(callbacks, queue)?.superseded.map(({ id }) => id)
  t.equal(turn([]), undefined)
  t.strictSame(turn([open('later')]), { superseded: [], whenServed: [open('later')], crossed: false })
  t.equal(turn([open('later')], 'general'), undefined, 'another queue, another matter')
  t.strictSame(now([open('now', { state: 'queued' })], 'general'), ['now'], 'unless it is its turn')
  t.strictSame(now([open('tried', { state: 'no_answer', attempts: 1 })], 'general'), ['tried'])
  t.equal(turn([open('w', { kind: 'welfare' })]), undefined, 'a welfare call of tomorrow goes on')
  t.match(turn([open('w', { kind: 'welfare', state: 'busy', attempts: 1 })]), { priority: 10 })
  t.equal(turn([open('talk', { state: 'connected', contactId: 'cb-1' })]), undefined)
  t.equal(turn([open('self', { state: 'dialing', contactId: 'c1' })]), undefined, 'a call-back is not its own follower')
  t.match(turn([open('owned', { ownerAgent: 'a3' })]), { agentId: 'a3', crossed: false })
})

t.test('a promise for later ends with the talk, and not with a call that is hung up before', async (t) => {
  const turn = callersTurn([open('later')], 'c1', 'tax', NOW)!
  const in_: ContactEvent = { type: 'admitted', admission: { kind: 'wait', prompts: [], plan, turn }, now: NOW }
  const gone: ContactEvent = { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' }
  t.strictSame(names(run(in_).last), ['queue', 'start_music'], 'and it gives no place')
  t.match(run(in_).last[0], { enqueuedAt: NOW })
  t.strictSame(names(run(in_, gone).last), ['leave', 'forget'])
  const answered: ContactEvent = { type: 'leg_answered', channelId: 'a-r1' }
  t.strictSame(names(run(in_, reserved, popped, answered, { type: 'connected', reservationId: 'r1' }).last), [
    'stop_music',
    'bridge',
    'unwatch',
    'supersede',
  ])
})

t.test('taken over from a process that died: its steps are finished', async (t) => {
  const known = (callbacks: OpenCallback[]): ContactEvent => ({ type: 'callbacks_known', callbacks, now: NOW })
  const own = open('b1', { kind: 'virtual_hold', state: 'requested', sourceContactId: 'c1' })
  t.strictSame(names(run(admitted, known([own])).last), ['request_callback'], 'between promise and letting go')
  t.strictSame(names(run(admitted, known([own]), { type: 'callback_promised' }).last), ['stop_music', 'play'])
  const due = open('b2', { state: 'due' })
  t.strictSame(run(admitted, known([due])).last, [{ do: 'supersede', callbacks: [due] }])
  const talk: ContactEvent[] = [reserved, popped, { type: 'leg_answered', channelId: 'a-r1' }]
  const later = run(admitted, ...talk, { type: 'connected', reservationId: 'r1' }, known([open('b3')]))
  t.strictSame(later.last, [{ do: 'supersede', callbacks: [open('b3')] }], 'a talk keeps what was for later, too')
  t.strictSame(run(admitted, known([])).last, [])
})
