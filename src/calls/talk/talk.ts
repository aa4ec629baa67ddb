import type { ContactEvent, ContactState, Decision } from '../contact-model.js'
import { agentLegEnded } from '../contact-offer.js'
import { phoneHolds, secondConnects, secondEnded } from './second-call.js'
import { advance, dropParties } from './talk-advance.js'
import { isTalk, talkOf } from './talk-check.js'
import type { Party } from './talk-model.js'
import { applyMove, ringBack } from './talk-moves.js'
import { invited, partyAnswered, partyEnded, partyGone, partyJoined, partyRings } from './talk-parties.js'
import { agentHungUp, endForwarded, forwarded, handedOver, toWaiting } from './talk-ways-out.js'

/**
 * A talk as a state machine inside the contact's. PURE. There is one bridge: in it are the agent and whoever the agent is with; everybody
 * else who is there hears music beside it. So every control is a change of who stands where:
 *
 *                    +--- hold --->  caller aside
 *                    |               <-- resume ---
 *   caller + agent --+--- consult -> caller aside, party rings --answers--> agent + party <--swap--> agent + caller, party aside
 *        ^           |                    |                                     |    |    |
 *        |           |                    +-- busy, silent, cancelled ----------+    |    +-- merge --> everybody in the bridge
 *        +-----------+------- (agent back) <-----------------------------------------+
 *                    |                                                               +-- complete --> caller + party, a colleague's call,
 *                    +--- park --> caller aside, no agent's leg --pick up--> back          or `forwarded`: caller + somebody outside
 *                    +--- transfer to an agent or a queue --> the contact waits again (contact.ts), and the core decides who
 *                    +--- conference: party rings --answers--> everybody in the bridge; the agent may leave it
 *
 * The agent's phone put down with somebody else on the line or called means: let them have the caller. When nobody takes the caller then,
 * it is back in the queue, the same agent first.
 *
 * @returns undefined: the event is none of the talk's
 */
export function decideTalk(s: ContactState, e: ContactEvent): Decision | undefined {
  switch (e.type) {
    case 'command':
      return isTalk(s) ? applyMove(s, e.move) : same(s)
    case 'invited':
      return invited(s, e.party, e.number, e.second)
    case 'second_connects':
      return secondConnects(s, e.on)
    case 'joined':
      return withParty(s, e.party, (party) => partyJoined(s, party))
    case 'join_refused':
    case 'hand_over_refused':
      return withParty(s, e.party, (party) =>
        partyGone(s, party, 'refused', [{ do: 'hang_up', channelId: party.channelId, why: 'normal' }]),
      )
    case 'handed_over':
      return isTalk(s) ? handedOver(s, e.party) : same(s)
    case 'forwarded':
      return isTalk(s) ? forwarded(s) : same(s)
    case 'moving':
      return isTalk(s)
        ? { state: { ...s, talk: { ...talkOf(s), moving: { plan: e.plan, enqueuedAt: e.enqueuedAt } } }, effects: [] }
        : same(s)
    case 'moved':
      return s.talk?.moving ? toWaiting(s) : same(s)
    case 'move_refused':
      return s.talk?.moving ? stays(s) : same(s)
    case 'park_limit':
      return s.talk?.parked && s.offer?.leg === 'gone' ? ringBack(s, s.offer, e.deadline) : same(s)
    case 'hang_up':
      return s.state === 'forwarded' ? endForwarded(s, undefined) : undefined
    default:
      return isTalk(s) || s.state === 'forwarded' ? decideLeg(s, e) : undefined
  }
}

const same = (state: ContactState): Decision => ({ state, effects: [] })

/** Events of legs, in a talk or a forwarded call. */
function decideLeg(s: ContactState, e: ContactEvent): Decision | undefined {
  if (e.type === 'offer_over') {
    const party = talkOf(s).parties.find(({ reservationId }) => reservationId === e.reservationId)
    return party && partyGone(s, party, 'no_answer', [{ do: 'hang_up', channelId: party.channelId, why: 'normal' }])
  }
  if (!('channelId' in e)) return undefined
  const party = talkOf(s).parties.find(({ channelId }) => channelId === e.channelId)
  if (party) {
    if (e.type === 'leg_ended') return partyEnded(s, party, e.failure)
    if (e.type === 'leg_ringing') return partyRings(s, party)
    return e.type === 'leg_answered' ? partyAnswered(s, party) : same(s)
  }
  if (talkOf(s).second?.channelId === e.channelId) return e.type === 'leg_ended' ? secondEnded(s) : same(s)
  if (e.type === 'leg_ended' && e.channelId === s.channelId)
    return s.state === 'forwarded' ? endForwarded(s, undefined) : undefined
  return s.offer?.channelId === e.channelId ? decideAgentLeg(s, e) : undefined
}

function decideAgentLeg(s: ContactState, e: ContactEvent): Decision | undefined {
  const { offer } = s
  const talk = talkOf(s)
  if (!offer || s.state === 'forwarded') return same(s)
  switch (e.type) {
    case 'leg_held':
      return talk.heldByPhone || talk.parked ? same(s) : phoneHolds(s, true)
    case 'leg_unheld':
      return talk.heldByPhone ? phoneHolds(s, false) : same(s)
    case 'leg_answered':
      // The agent picks up the parked call.
      return talk.parked && offer.leg !== 'answered'
        ? advance(s, { ...talk, parked: false, callerAside: false }, { ...offer, leg: 'answered' })
        : same(s)
    case 'leg_ended':
      return agentHungUp(s, offer)
    default:
      return same(s)
  }
}

/** The core has refused: everything is as it was; an agent who has hung up meanwhile has ended the talk. */
function stays(s: ContactState): Decision {
  const talk = { ...talkOf(s), moving: undefined }
  const back: ContactState = { ...s, talk }
  if (!talk.agentLeft) return s.offer?.leg === 'gone' ? agentLegEnded(back, s.offer, 'cancelled') : same(back)
  return {
    state: { ...back, state: 'ended' },
    effects: [
      ...dropParties(talk.parties, 'ended'),
      { do: 'end_talk', wrapMs: 0, endedBy: 'system' },
      { do: 'fall_back' },
      { do: 'forget' },
    ],
  }
}

function withParty(s: ContactState, id: string, then: (party: Party) => Decision): Decision {
  const party = talkOf(s).parties.find((each) => each.id === id)
  return party && (isTalk(s) || s.state === 'forwarded') ? then(party) : same(s)
}
