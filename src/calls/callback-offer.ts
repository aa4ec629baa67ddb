import { type CallersTurn, callersTurn, heldBy } from './callers-turn.js'
import type { ContactEvent, ContactState, Decision, Effect } from './contact-model.js'
import { close, dropLeg, play, stopSounds } from './contact-sounds.js'

/**
 * Virtual hold, a part of the contact state machine: a caller who waits may have the place kept and be phoned. PURE.
 *
 *   waits --offer due, nothing plays--> offered --key--> asked --promised--> closing (callback_requested): told so, then hung up
 *                                          ^                |
 *                                          +---refused------+  told so, waits on at the same place
 *
 * The promise stands in PostgreSQL before anything is said. An agent who is promised meanwhile is let go when the core still lets the caller
 * go; when the two talk already it is the promise that is taken back.
 */
export function decideCallback(s: ContactState, e: CallbackEvent): Decision {
  switch (e.type) {
    case 'callback_offer_due':
      return offer(s, e.key)
    case 'key':
      return e.channelId === s.channelId && e.digit === s.callback?.key ? ask(s) : same(s)
    case 'callback_promised':
      return waits(s) && s.callback?.step === 'asked' ? promised(s) : same(s)
    case 'callback_refused':
      return refused(s)
    case 'callbacks_known':
      return known(s, e)
  }
}

export type CallbackEvent = Extract<
  ContactEvent,
  { type: 'callback_offer_due' | 'key' | 'callback_promised' | 'callback_refused' | 'callbacks_known' }
>

const waits = ({ state }: ContactState): boolean => state === 'queued' || state === 'reserved' || state === 'offered'
const same = (state: ContactState): Decision => ({ state, effects: [] })

function offer(s: ContactState, key: string): Decision {
  // While an agent rings, or something is being said, the offer waits: whoever asks for it asks again.
  if (s.state !== 'queued' || s.playing || s.callback) return same(s)
  const quiet = stopSounds({ ...s, callback: { step: 'offered', key } })
  const { state, effect } = play(quiet.state, ['cti/callback-offer'])
  return { state, effects: [...quiet.effects, effect] }
}

/** An agent who rings is quicker than any call-back: the key counts only while the caller waits. */
function ask(s: ContactState): Decision {
  if (s.state !== 'queued' || s.callback?.step !== 'offered' || !s.plan || s.enqueuedAt === undefined) return same(s)
  const effects: Effect[] = []
  if (s.playing) {
    effects.push({ do: 'stop_playback', playbackId: s.playing }, { do: 'start_music', music: s.plan.music })
  }
  effects.push({ do: 'request_callback', plan: s.plan, enqueuedAt: s.enqueuedAt })
  return { state: { ...s, playing: undefined, music: true, callback: { ...s.callback, step: 'asked' } }, effects }
}

/** The core has let the caller go (contact.abandoned says why). */
function promised(s: ContactState): Decision {
  const leg = dropLeg(s.offer)
  const closing = close(s, 'callback_requested', ['cti/callback-confirm'], undefined, true)
  return { state: closing.state, effects: [...leg, ...closing.effects] }
}

function refused(s: ContactState): Decision {
  if (s.callback?.step !== 'asked') return same(s)
  const again: ContactState = { ...s, callback: { ...s.callback, step: 'offered' } }
  if (s.state !== 'queued' || s.playing) return same(again)
  const quiet = stopSounds(again)
  const { state, effect } = play(quiet.state, ['cti/callback-later'])
  return { state, effects: [...quiet.effects, effect] }
}

/** Somebody else carried this call and may have died between two steps: what it had begun for the caller's call-backs is finished. */
function known(s: ContactState, { callbacks, now }: Extract<CallbackEvent, { type: 'callbacks_known' }>): Decision {
  const queue = s.plan?.queue
  if (queue === undefined || s.callerGone) return same(s)
  const held = heldBy(callbacks, s.id)
  if (held && waits(s) && s.plan && s.enqueuedAt !== undefined) {
    const state: ContactState = { ...s, callback: { step: 'asked', key: s.callback?.key ?? '' } }
    return { state, effects: [{ do: 'request_callback', plan: s.plan, enqueuedAt: s.enqueuedAt }] }
  }
  const turn = callersTurn(callbacks, s.id, queue, now)
  return turn ? { state: { ...s, turn }, effects: supersedeNow(turn, !waits(s)) } : same(s)
}

/** What is to be done now about the call-backs of a caller who waits, or talks. PURE. */
export function supersedeNow(turn: CallersTurn | undefined, talks: boolean): Effect[] {
  const callbacks = turn === undefined ? [] : talks ? [...turn.superseded, ...turn.whenServed] : turn.superseded
  return callbacks.length === 0 ? [] : [{ do: 'supersede', callbacks }]
}
