import { announcementFor } from './announce.js'
import { decideCallback, supersedeNow } from './callback-offer.js'
import type {
  Admission,
  ContactEvent,
  ContactState,
  Decision,
  Effect,
  EndState,
  Offer,
  WaitPlan,
} from './contact-model.js'
import { agentLegEnded, agentLegMoved, connectAnswered, finishTalk } from './contact-offer.js'
import { close, dropLeg, play, stopSounds } from './contact-sounds.js'
import { decideHelp, keepHelp } from './help/help.js'
import { agentLegId } from './leg-id.js'
import { decideSupervision, keepAudible, keepSupervised } from './supervision/supervision.js'
import { keepSecond } from './talk/second-call.js'
import { decideTalk } from './talk/talk.js'
import { toWaiting } from './talk/talk-ways-out.js'

/**
 * One live call as a state machine. PURE: the runner feeds it events and carries out its effects.
 *
 *   created --admitted--> ivr --prompts done--> queued --reserved--> reserved --popped--> offered --connected--> connected <--> held
 *      |                   |                      ^  |                  |                   |                       |
 *      |                   |                      |  +-- offer over <---+-------------------+ (rejected, timed_out,  |
 *      |                   |                      |      failed, rescinded: same place, music goes on)              |
 *      +-- end (blocked, closed_hours, ...) --> ivr(closing) --> ended      any --caller gone--> ended <-- either leg ends
 *
 * After `ended` the agent's wrap-up and the contact's completion belong to the routing core; no leg is left.
 */
export function createContact(id: string, channelId: string): ContactState {
  return { id, state: 'created', channelId, callerGone: false, plays: 0, music: false, tried: [] }
}

/**
 * Decides what an event means in a state. An event that has no meaning there (late, twice, for another promise) changes nothing.
 */
export function decide(s: ContactState, e: ContactEvent): Decision {
  if (s.state === 'ended') return { state: s, effects: [] }
  const help = decideHelp(s, e)
  // Who listens has come to help: one event, two meanings.
  if (help && e.type !== 'joined') return help
  const rest = decideRest(help?.state ?? s, e)
  return help ? { state: rest.state, effects: [...help.effects, ...rest.effects] } : rest
}

function decideRest(s: ContactState, e: ContactEvent): Decision {
  const decided = decideSupervision(s, e) ?? keepSupervised(s, keepSecond(s, decideTalk(s, e) ?? decideCall(s, e)))
  return keepAudible(s, keepHelp(s, decided))
}

function decideCall(s: ContactState, e: ContactEvent): Decision {
  switch (e.type) {
    case 'admitted':
      return s.state === 'created' ? admit(s, e.admission, e.now) : same(s)
    case 'playback_ended':
      return e.playbackId === s.playing ? playbackEnded({ ...s, playing: undefined }, e.now) : same(s)
    case 'queue_refused':
      return queueRefused(s, e.code)
    case 'wait_limit':
      return s.plan ? overflow(s, s.plan, 'timed_out', true) : same(s)
    case 'place_told':
      return announce(s, e.position, e.expectedWaitMs)
    case 'reserved':
      return reserve(s, e)
    case 'popped':
      return s.state === 'reserved' && s.offer?.reservationId === e.reservationId
        ? popped(s, s.offer, e.byClient === true)
        : same(s)
    case 'taken':
      return s.state === 'reserved' && s.offer?.reservationId === e.reservationId ? taken(s, s.offer) : same(s)
    case 'offer_over':
      return offerOver(s, e.reservationId)
    case 'leg_ended':
      if (e.channelId === s.channelId) return callerLeft(s)
      return s.offer?.channelId === e.channelId ? agentLegEnded(s, s.offer, e.failure) : same(s)
    case 'leg_ringing':
    case 'leg_answered':
    case 'leg_held':
    case 'leg_unheld':
      return s.offer?.channelId === e.channelId ? agentLegMoved(s, s.offer, e.type) : same(s)
    case 'connected':
    case 'connect_refused':
      return s.offer?.reservationId === e.reservationId ? connectAnswered(s, s.offer, e.type) : same(s)
    case 'bridge_failed':
      return s.offer?.reservationId === e.reservationId ? hangUpBoth(s, 'system') : same(s)
    case 'hang_up':
      return hangUpBoth(s, e.by)
    case 'place_lost':
      return waitAnew(s)
    case 'callback_offer_due':
    case 'key':
    case 'callback_promised':
    case 'callback_refused':
    case 'callbacks_known':
      return decideCallback(s, e)
    default:
      return same(s)
  }
}

const same = (state: ContactState): Decision => ({ state, effects: [] })

function admit(s: ContactState, admission: Admission, now: number): Decision {
  if (admission.kind === 'end') return close(s, admission.end, admission.prompts, admission.reason, false)
  const { plan, turn, prompts } = admission
  const planned: ContactState = { ...s, plan, ...(turn === undefined ? {} : { turn }) }
  // After the caller waits, if nothing is played before: so that the agent whom this sets free gets the caller.
  const kept = supersedeNow(turn, false)
  // Who has waited before (found after a restart) has heard the prompts; when we phone them this moment, an agent is there now.
  const heard = s.enqueuedAt !== undefined || turn?.crossed === true
  if (heard || prompts.length === 0) {
    const waiting = startWaiting(planned, plan, now)
    return { state: waiting.state, effects: [...waiting.effects, ...kept] }
  }
  const { state, effect } = play({ ...planned, state: 'ivr' }, prompts)
  return { state, effects: [{ do: 'tell_ivr', prompts }, effect, ...kept] }
}

function playbackEnded(s: ContactState, now: number): Decision {
  if (s.closing) return { state: s, effects: [{ do: 'hang_up', channelId: s.channelId, why: 'normal' }] }
  if (s.state === 'ivr' && s.plan) return startWaiting(s, s.plan, now)
  // An announcement ended: music does not come back by itself (asterisk.md "Waiting").
  if (s.plan) return { state: { ...s, music: true }, effects: [{ do: 'start_music', music: s.plan.music }] }
  return same(s)
}

function startWaiting(s: ContactState, plan: WaitPlan, now: number): Decision {
  const enqueuedAt = s.enqueuedAt ?? s.turn?.since ?? now
  const effects: Effect[] = [{ do: 'queue', plan, enqueuedAt }]
  if (!s.music) effects.push({ do: 'start_music', music: plan.music })
  if (plan.announceFirstMs > 0) effects.push({ do: 'announce_in', ms: plan.announceFirstMs })
  return {
    state: { ...s, state: 'queued', plan, enqueuedAt, music: true, offer: undefined, tried: [...s.tried, plan.queue] },
    effects,
  }
}

function queueRefused(s: ContactState, code: string): Decision {
  if (s.state !== 'queued' || !s.plan) return same(s)
  if (code === 'CTI_ERR_QUEUE_FULL') return overflow(s, s.plan, 'queue_full', false)
  if (code === 'CTI_ERR_CONTACT_EXISTS') return same(s)
  // The routing core cannot take it (Redis away): the plain queue in the dialplan is better than silence.
  return {
    state: { ...s, state: 'ended' },
    effects: [{ do: 'tell_end', end: 'overflowed', reason: 'fallback' }, { do: 'fall_back' }, { do: 'forget' }],
  }
}

/** Waits again at the old place; music and announcements have gone on meanwhile. */
function waitAnew(s: ContactState): Decision {
  const waits = s.state === 'queued' || s.state === 'reserved' || s.state === 'offered'
  if (!waits || s.callerGone || !s.plan || s.enqueuedAt === undefined) return same(s)
  const effects: Effect[] = [...dropLeg(s.offer), { do: 'queue', plan: s.plan, enqueuedAt: s.enqueuedAt }]
  return { state: { ...s, state: 'queued', offer: undefined }, effects }
}

/** @param recorded the journal has the end of this wait already (contact.abandoned) */
function overflow(s: ContactState, plan: WaitPlan, end: EndState, recorded: boolean): Decision {
  const next = plan.overflow
  if (!next || s.tried.includes(next.queue)) return close(s, end, ['cti/queue-full'], undefined, recorded)
  return startWaiting(s, next, s.enqueuedAt ?? 0)
}

function announce(s: ContactState, position: number, expectedWaitMs: number | undefined): Decision {
  if (!s.plan || (s.state !== 'queued' && s.state !== 'reserved' && s.state !== 'offered')) return same(s)
  const again: Effect = { do: 'announce_in', ms: s.plan.announceEveryMs }
  // While an agent rings nothing is announced: the answer must find the channel free (asterisk.md fact 3).
  if (s.state !== 'queued' || s.playing) return { state: s, effects: [again] }
  const { prompts: place, told } = announcementFor(position, expectedWaitMs, s.told)
  // Said again with every place: who waits for long thinks about it anew.
  const prompts = s.callback?.step === 'offered' ? [...place, 'cti/callback-offer'] : place
  const quiet = stopSounds({ ...s, told })
  const { state, effect } = play(quiet.state, prompts)
  return {
    state,
    effects: [...quiet.effects, effect, { do: 'tell_place', position: told.position, expectedWaitMs }, again],
  }
}

function reserve(s: ContactState, e: Extract<ContactEvent, { type: 'reserved' }>): Decision {
  // The core has let the contact wait again and promised it in the same step; its answer to us comes later.
  if (s.talk?.moving && s.offer && e.token > s.offer.token) {
    const waiting = toWaiting(s)
    const promised = reserve(waiting.state, e)
    return { state: promised.state, effects: [...waiting.effects, ...promised.effects] }
  }
  if (s.state !== 'queued' && s.state !== 'reserved' && s.state !== 'offered') return same(s)
  if (s.offer && s.offer.token >= e.token) return same(s)
  const offer: Offer = {
    reservationId: e.reservationId,
    token: e.token,
    agentId: e.agentId,
    deadline: e.deadline,
    ...(e.deviceNode === undefined ? {} : { deviceNode: e.deviceNode }),
    channelId: agentLegId(e.reservationId),
    bridgeId: `b-${e.reservationId}`,
    leg: 'none',
  }
  const effects: Effect[] = dropLeg(s.offer)
  if (!e.popped) effects.push({ do: 'pop', offer })
  if (!s.playing || !s.plan) return { state: { ...s, state: 'reserved', offer }, effects }
  // A running announcement would block the bridge for seconds (asterisk.md fact 3): stop it now, music until the answer.
  effects.push({ do: 'stop_playback', playbackId: s.playing }, { do: 'start_music', music: s.plan.music })
  return { state: { ...s, state: 'reserved', offer, playing: undefined, music: true }, effects }
}

function popped(s: ContactState, offer: Offer, byClient: boolean): Decision {
  if (!byClient || offer.byClient === 'taken') return ring(s, offer)
  return { state: { ...s, offer: { ...offer, byClient: 'waits' } }, effects: [] }
}

/** Before the pop has come back it is only remembered: the phone is rung after the pop in any case. */
function taken(s: ContactState, offer: Offer): Decision {
  const next: Offer = { ...offer, byClient: 'taken' }
  return offer.byClient === 'waits' ? ring(s, next) : { state: { ...s, offer: next }, effects: [] }
}

function ring(s: ContactState, offer: Offer): Decision {
  const dialled: Offer = { ...offer, leg: 'dialled' }
  return { state: { ...s, state: 'offered', offer: dialled }, effects: [{ do: 'ring', offer: dialled }] }
}

function offerOver(s: ContactState, reservationId: string): Decision {
  if (s.offer?.reservationId !== reservationId || s.state === 'connected' || s.state === 'held') return same(s)
  return { state: { ...s, state: 'queued', offer: undefined }, effects: dropLeg(s.offer) }
}

function callerLeft(s: ContactState): Decision {
  const gone: ContactState = { ...s, state: 'ended', callerGone: true }
  if (s.closing) return { state: gone, effects: [{ do: 'unwatch' }, { do: 'forget' }] }
  switch (s.state) {
    case 'connected':
    case 'held':
      return { state: gone, effects: [...dropLeg(s.offer), ...finishTalk(s, 'caller')] }
    case 'queued':
    case 'reserved':
    case 'offered':
      // The agent answered and the core is being asked: its answer decides between a short talk and an abandoned wait.
      if (s.offer?.leg === 'answered') return { state: { ...s, callerGone: true }, effects: dropLeg(s.offer) }
      return { state: gone, effects: [...dropLeg(s.offer), { do: 'leave', reason: 'caller_hangup' }, { do: 'forget' }] }
    default:
      return { state: gone, effects: [{ do: 'tell_end', end: 'abandoned', reason: 'caller_hangup' }, { do: 'forget' }] }
  }
}

/** Ends the call by command. In talk this is its end, said by whoever asked; while waiting the caller's leg ending says the rest. */
function hangUpBoth(s: ContactState, by: 'agent' | 'system'): Decision {
  const effects: Effect[] = [{ do: 'hang_up', channelId: s.channelId, why: 'normal' }, ...dropLeg(s.offer)]
  if (s.state !== 'connected' && s.state !== 'held') return { state: s, effects }
  return { state: { ...s, state: 'ended' }, effects: [...effects, ...finishTalk(s, by)] }
}
