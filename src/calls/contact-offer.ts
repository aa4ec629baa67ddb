import type { ContactState, Decision, Effect, Offer } from './contact-model.js'
import { dropParties } from './talk/talk-advance.js'
import type { RingFailure } from './telephony-port.js'

/** The agent's side of the contact state machine: ringing, answering, talking. PURE. */

/** The agent's leg rang or was answered. */
export function agentLegMoved(
  s: ContactState,
  offer: Offer,
  what: 'leg_ringing' | 'leg_answered' | 'leg_held' | 'leg_unheld',
): Decision {
  switch (what) {
    case 'leg_ringing': {
      if (s.state !== 'offered' || offer.leg !== 'dialled') return same(s)
      const ringing: Offer = { ...offer, leg: 'ringing' }
      return { state: { ...s, offer: ringing }, effects: [{ do: 'mark_ringing', offer: ringing }] }
    }
    case 'leg_answered': {
      if (s.state !== 'offered' || (offer.leg !== 'dialled' && offer.leg !== 'ringing')) return same(s)
      // The core decides first whether the promise still holds; only then the two are bridged.
      const answered: Offer = { ...offer, leg: 'answered' }
      return { state: { ...s, offer: answered }, effects: [{ do: 'connect', offer: answered }] }
    }
    case 'leg_held':
    case 'leg_unheld':
      // Means something in a talk only (talk/talk.ts).
      return same(s)
  }
}

/**
 * The core's answer to `connect`. It is asked when the agent's leg was answered, so an answer about a leg that only
 * rings is somebody else's (an earlier life's, the reconciler's): nobody is bridged with a phone that still rings.
 */
export function connectAnswered(s: ContactState, offer: Offer, answer: 'connected' | 'connect_refused'): Decision {
  if (s.state !== 'offered' && s.state !== 'queued') return same(s)
  if (offer.leg !== 'answered' && offer.leg !== 'gone') return same(s)
  const dropAgent: Effect[] = offer.leg === 'gone' ? [] : [{ do: 'hang_up', channelId: offer.channelId, why: 'normal' }]
  if (answer === 'connect_refused') {
    if (s.callerGone) {
      return {
        state: { ...s, state: 'ended' },
        effects: [...dropAgent, { do: 'leave', reason: 'caller_hangup' }, { do: 'forget' }],
      }
    }
    // The promise was over a moment before the answer (late by the deadline): the contact keeps waiting at its place.
    return { state: { ...s, state: 'queued', offer: undefined }, effects: dropAgent }
  }
  if (s.callerGone || offer.leg === 'gone') {
    const dropCaller: Effect[] = s.callerGone ? [] : [{ do: 'hang_up', channelId: s.channelId, why: 'normal' }]
    const endedBy = s.callerGone ? 'caller' : 'agent'
    return { state: { ...s, state: 'ended' }, effects: [...dropAgent, ...dropCaller, ...finishTalk(s, endedBy)] }
  }
  const effects: Effect[] = []
  if (s.playing) effects.push({ do: 'stop_playback', playbackId: s.playing })
  // Music left on would interleave with the talk (asterisk.md fact 4).
  effects.push({ do: 'stop_music' }, { do: 'bridge', offer }, { do: 'unwatch' })
  if (s.turn && s.turn.whenServed.length > 0) effects.push({ do: 'supersede', callbacks: s.turn.whenServed })
  return { state: { ...s, state: 'connected', playing: undefined, music: false }, effects }
}

/** The agent's leg ended: before the answer it is one of the device failures, afterwards the end of the talk. */
export function agentLegEnded(s: ContactState, offer: Offer, failure: RingFailure): Decision {
  const gone: Offer = { ...offer, leg: 'gone' }
  if (s.state === 'connected' || s.state === 'held') {
    const effects: Effect[] = [{ do: 'hang_up', channelId: s.channelId, why: 'normal' }, ...finishTalk(s, 'agent')]
    return { state: { ...s, state: 'ended', offer: gone }, effects }
  }
  if (offer.leg === 'answered') return { state: { ...s, offer: gone }, effects: [] }
  if (s.state !== 'offered') return same(s)
  return { state: { ...s, offer: gone }, effects: fallThrough(gone, failure) }
}

/** Device failure -> what becomes of the reservation: a missed, a rejected and a failed one are three different things. */
function fallThrough(offer: Offer, failure: RingFailure): Effect[] {
  switch (failure) {
    case 'declined':
      return [{ do: 'reject', offer }]
    case 'no_answer':
      return [{ do: 'time_out', offer }]
    case 'busy':
    case 'unreachable':
    case 'unregistered':
    case 'error':
    case 'pbx_away':
      return [{ do: 'fail', offer, failure }]
    case 'cancelled':
      return []
  }
}

/** The talk is over: wrap-up begins in the core, the bridge goes, nothing is left to watch. */
export function finishTalk(s: ContactState, endedBy: 'caller' | 'agent' | 'system'): Effect[] {
  const effects: Effect[] = [
    ...dropParties(s.talk?.parties ?? [], 'ended'),
    { do: 'end_talk', wrapMs: s.plan?.wrapMs ?? 0, endedBy },
  ]
  if (s.offer) effects.push({ do: 'unbridge', bridgeId: s.offer.bridgeId })
  return [...effects, { do: 'unwatch' }, { do: 'forget' }]
}

const same = (state: ContactState): Decision => ({ state, effects: [] })
