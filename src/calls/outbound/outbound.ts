import type { Offer } from '../contact-model.js'
import type { RingFailure } from '../telephony-port.js'
import type { MissedAs, OutboundDecision, OutboundEffect, OutboundEvent, OutboundState } from './outbound-model.js'

/**
 * One try of a call-back, or a call that an agent places (`once`), from the promise of an agent until the two talk or it has failed. PURE, like contact.ts.
 *
 *   agent first:    reserved --popped--> offered --agent answers--> claiming --claimed--> dialing --citizen answers--> connecting
 *                                                                                            |                    --connected--> handed_over
 *   citizen first:  reserved --popped--> claiming --claimed--> dialing --citizen answers--> returning --back--> handed_over (waits)
 *
 *   Not answered, busy, the agent gone: both legs end and the contact leaves the core (`leave`), which says what became of the try. The
 *   agent declines before anything was dialled: no try, the contact keeps its place in the core and this life of it ends.
 *   An agent's own call is over then.
 */
export function createOutbound(
  id: string,
  first: OutboundState['first'],
  offer: Offer,
  citizenChannel: string,
  once = false,
): OutboundState {
  return { id, first, once, state: 'reserved', offer, citizen: { channelId: citizenChannel, leg: 'none' } }
}

/** Decides what an event means in a state; one that has no meaning there changes nothing. */
export function decideOutbound(s: OutboundState, e: OutboundEvent): OutboundDecision {
  if (s.state === 'ended' || s.state === 'handed_over') return same(s)
  switch (e.type) {
    case 'popped':
      return s.state === 'reserved' && s.offer?.reservationId === e.reservationId ? begin(s, s.offer) : same(s)
    case 'reserved':
      return reserved(s, e.offer)
    case 'leg_ringing':
      return s.offer?.channelId === e.channelId ? agentRings(s, s.offer) : same(s)
    case 'leg_answered':
      if (e.channelId === s.citizen.channelId) return citizenAnswered(s)
      return s.offer?.channelId === e.channelId ? agentAnswered(s, s.offer) : same(s)
    case 'leg_ended':
      if (e.channelId === s.citizen.channelId) return citizenEnded(s, e.failure)
      return s.offer?.channelId === e.channelId ? agentEnded(s, s.offer, e.failure) : same(s)
    case 'claimed':
      return s.state === 'claiming'
        ? { state: { ...s, state: 'dialing', citizen: { ...s.citizen, leg: 'dialled' } }, effects: [{ do: 'dial' }] }
        : same(s)
    case 'claim_refused':
      return s.state === 'claiming' ? miss(s, e.why) : same(s)
    case 'claim_failed':
      return s.state === 'claiming' && s.offer ? claimFailed(s, s.offer) : same(s)
    case 'ring_limit':
      return s.state === 'dialing' ? miss(s, 'no_answer') : same(s)
    case 'connected':
    case 'connect_refused':
      return s.state === 'connecting' && s.offer?.reservationId === e.reservationId
        ? coreAnswered(s, s.offer, e.type)
        : same(s)
    case 'offer_over':
      return s.offer?.reservationId === e.reservationId ? offerOver(s, s.offer) : same(s)
    case 'core_left':
      return end(s, [])
    case 'hang_up':
      return s.state === 'connecting' || s.state === 'returning' ? same(s) : miss(s, 'agent_gone')
  }
}

const same = (state: OutboundState): OutboundDecision => ({ state, effects: [] })

/** The agent sees why and to whom. */
function begin(s: OutboundState, offer: Offer): OutboundDecision {
  if (s.first === 'citizen') {
    return {
      state: { ...s, state: 'claiming' },
      effects: [
        { do: 'keep', offer, answered: false },
        { do: 'claim', offer },
      ],
    }
  }
  const dialled: Offer = { ...offer, leg: 'dialled' }
  return { state: { ...s, state: 'offered', offer: dialled }, effects: [{ do: 'ring', offer: dialled }] }
}

/** Citizen first: the agent who was kept free fell out while the citizen's phone rings, and another one is kept now. */
function reserved(s: OutboundState, offer: Offer): OutboundDecision {
  if (s.first !== 'citizen' || s.offer !== undefined) return same(s)
  return {
    state: { ...s, offer },
    effects: [
      { do: 'pop', offer },
      { do: 'keep', offer, answered: false },
    ],
  }
}

function agentRings(s: OutboundState, offer: Offer): OutboundDecision {
  if (s.state !== 'offered' || offer.leg !== 'dialled') return same(s)
  const ringing: Offer = { ...offer, leg: 'ringing' }
  return { state: { ...s, offer: ringing }, effects: [{ do: 'mark_ringing', offer: ringing }] }
}

/** From here on the agent hears what happens; the attempt is claimed before the citizen's phone may ring. */
function agentAnswered(s: OutboundState, offer: Offer): OutboundDecision {
  if (s.state !== 'offered') return same(s)
  const answered: Offer = { ...offer, leg: 'answered' }
  return {
    state: { ...s, state: 'claiming', offer: answered },
    effects: [
      { do: 'keep', offer: answered, answered: true },
      { do: 'start_ringing', channelId: offer.channelId },
      { do: 'claim', offer: answered },
    ],
  }
}

function agentEnded(s: OutboundState, offer: Offer, failure: RingFailure): OutboundDecision {
  const gone: OutboundState = { ...s, offer: { ...offer, leg: 'gone' } }
  if (s.state === 'connecting') return { state: gone, effects: [] }
  if (s.state === 'claiming' || s.state === 'dialing') return miss(gone, 'agent_gone')
  return s.state === 'offered' ? { state: gone, effects: notTaken(offer, failure) } : same(s)
}

/** The agent's phone was not answered: no try. The core's word follows as `offer_over`. */
function notTaken(offer: Offer, failure: RingFailure): OutboundEffect[] {
  if (failure === 'declined') return [{ do: 'reject', offer }]
  if (failure === 'no_answer') return [{ do: 'time_out', offer }]
  return failure === 'cancelled' ? [] : [{ do: 'fail', offer, failure }]
}

function citizenAnswered(s: OutboundState): OutboundDecision {
  // Back from the dialplan, able to wait: an agent who is kept free is rung now.
  if (s.state === 'returning') return handOver(s, 'wait')
  if (s.state !== 'dialing') return same(s)
  const answered: OutboundState = { ...s, citizen: { ...s.citizen, leg: 'answered' } }
  if (s.first === 'citizen') return { state: { ...answered, state: 'returning' }, effects: [{ do: 'let_wait' }] }
  if (!s.offer) return miss(answered, 'agent_gone')
  return { state: { ...answered, state: 'connecting' }, effects: [{ do: 'connect', offer: s.offer }] }
}

function citizenEnded(s: OutboundState, failure: RingFailure): OutboundDecision {
  const gone: OutboundState = { ...s, citizen: { ...s.citizen, leg: 'gone' } }
  if (s.state === 'connecting') return { state: gone, effects: [] }
  if (s.state === 'returning') return miss(gone, 'agent_gone')
  return s.state === 'dialing' ? miss(gone, MISSED[failure]) : same(s)
}

/** What the citizen's line said. A rejected call is an unanswered one: the phone is there and rings another time. */
const MISSED: Readonly<Record<RingFailure, MissedAs>> = {
  busy: 'busy',
  declined: 'no_answer',
  no_answer: 'no_answer',
  unreachable: 'failed',
  unregistered: 'failed',
  error: 'failed',
  pbx_away: 'failed',
  cancelled: 'no_answer',
}

/** The core's answer to `connect`, asked when the citizen answered. */
function coreAnswered(s: OutboundState, offer: Offer, answer: 'connected' | 'connect_refused'): OutboundDecision {
  if (answer === 'connected') {
    if (s.citizen.leg === 'gone' || offer.leg === 'gone') {
      const endedBy = s.citizen.leg === 'gone' ? 'caller' : 'agent'
      return end(s, [{ do: 'end_talk', endedBy }])
    }
    return {
      state: { ...s, state: 'handed_over' },
      effects: [
        { do: 'stop_ringing', channelId: offer.channelId },
        { do: 'hand_over', as: 'talk', offer },
        { do: 'forget' },
      ],
    }
  }
  // The promise was over a moment before; the citizen is on the line and must not be dropped: the place in the core is theirs.
  if (s.citizen.leg === 'gone' || s.once) return miss(s, 'agent_gone')
  const dropped: OutboundEffect[] = offer.leg === 'answered' ? [{ do: 'hang_up', channelId: offer.channelId }] : []
  return { state: { ...s, state: 'returning', offer: undefined }, effects: [...dropped, { do: 'let_wait' }] }
}

/** Rejected, timed out or failed in the core. */
function offerOver(s: OutboundState, offer: Offer): OutboundDecision {
  if (s.state === 'connecting') return same(s)
  // The citizen's phone rings, or is answered: whoever is free next takes the agent's place.
  if (s.first === 'citizen' && (s.state === 'dialing' || s.state === 'returning'))
    return { state: { ...s, offer: undefined }, effects: [] }
  if (s.state === 'dialing' || s.once) return miss(s, 'agent_gone')
  return { state: { ...s, state: 'ended' }, effects: [...dropAgent(offer), { do: 'forget' }] }
}

/** PostgreSQL is away: nothing may be dialled that is not claimed. Nobody is to blame, the place is kept. */
function claimFailed(s: OutboundState, offer: Offer): OutboundDecision {
  if (s.once) return miss(s, 'failed')
  const effects: OutboundEffect[] = [{ do: 'fail', offer, failure: 'pbx_away' }, ...dropAgent(offer), { do: 'forget' }]
  return { state: { ...s, state: 'ended' }, effects }
}

function handOver(s: OutboundState, as: 'wait'): OutboundDecision {
  return { state: { ...s, state: 'handed_over' }, effects: [{ do: 'hand_over', as, offer: s.offer }, { do: 'forget' }] }
}

/** The try is over without a talk. */
function miss(s: OutboundState, as: MissedAs): OutboundDecision {
  return end(s, [{ do: 'leave', as }])
}

function end(s: OutboundState, last: OutboundEffect[]): OutboundDecision {
  const { channelId, leg } = s.citizen
  const citizen: OutboundEffect[] = leg === 'dialled' || leg === 'answered' ? [{ do: 'hang_up', channelId }] : []
  return {
    state: { ...s, state: 'ended' },
    effects: [...citizen, ...(s.offer ? dropAgent(s.offer) : []), ...last, { do: 'forget' }],
  }
}

function dropAgent({ leg, channelId }: Offer): OutboundEffect[] {
  return leg === 'none' || leg === 'gone' ? [] : [{ do: 'hang_up', channelId }]
}
