import type { ContactState, Decision, Effect, Offer } from '../contact-model.js'
import { advance, dropParties } from './talk-advance.js'
import { consultOf, heirOf, talkOf } from './talk-check.js'
import { type Party, QUIET, type Talk } from './talk-model.js'

/** How a talk leaves its agent: for a colleague, for somebody outside, for a queue. PURE. */

/** The routing core has given the contact to this party: the same call, with another agent's leg. */
export function handedOver(s: ContactState, party: Party): Decision {
  const { reservationId = '', token = 0, agentId = '', deviceNode, channelId } = party
  const offer: Offer = {
    ...{ reservationId, token, agentId, deadline: 0, channelId, bridgeId: `b-${reservationId}`, leg: 'answered' },
    ...(deviceNode === undefined ? {} : { deviceNode }),
  }
  const talk = talkOf(s)
  const others = talk.parties.filter(({ id }) => id !== party.id).map((each): Party => ({ ...each, aside: false }))
  const next: Talk = {
    ...QUIET,
    version: talk.version + 1,
    callerMuted: talk.callerMuted,
    muted: party.muted,
    count: talk.count,
    parties: others,
  }
  const wereAside = talk.parties.filter(({ aside, id }) => aside && id !== party.id)
  const legs = [
    s.channelId,
    channelId,
    ...answered(others.filter(({ id }) => !wereAside.some((each) => each.id === id))),
  ]
  const effects: Effect[] = [
    { do: 'stop_music' },
    { do: 'bridge_all', offer, channelIds: legs },
    ...wereAside.map((each): Effect => ({ do: 'bring_in', channelId: each.channelId, bridgeId: offer.bridgeId })),
    ...hangUpAgent(s.offer),
    ...(s.offer ? [{ do: 'unbridge', bridgeId: s.offer.bridgeId } as const] : []),
    { do: 'unwatch' },
    { do: 'keep_talk' },
    { do: 'tell_call' },
  ]
  return { state: { ...s, state: 'connected', offer, talk: next }, effects }
}

/** The agent has gone, and its part is over; caller and whoever is outside talk on. */
export function forwarded(s: ContactState): Decision {
  const talk = talkOf(s)
  const parties = talk.parties.map((party): Party => ({ ...party, aside: false }))
  const before: ContactState = { ...s, state: 'forwarded', talk, offer: s.offer && { ...s.offer, leg: 'gone' } }
  return advance(
    before,
    { ...talk, parties, callerAside: false, held: false, heldByPhone: false },
    before.offer,
    hangUpAgent(s.offer),
  )
}

/** Somebody of a forwarded call hung up; nobody stays alone. */
export function endForwarded(s: ContactState, party: Party | undefined): Decision {
  const talk = talkOf(s)
  const rest = talk.parties.filter(({ id }) => id !== party?.id)
  if (party && rest.length > 0) return { state: { ...s, talk: { ...talk, parties: rest } }, effects: [] }
  return {
    state: { ...s, state: 'ended' },
    effects: [
      { do: 'hang_up', channelId: s.channelId, why: 'normal' },
      ...dropParties(rest, 'ended'),
      ...(s.offer ? [{ do: 'unbridge', bridgeId: s.offer.bridgeId } as const] : []),
      { do: 'tell_forward_end' },
      { do: 'unwatch' },
      { do: 'forget' },
    ],
  }
}

/** The routing core lets the contact wait again: no agent, music, a place. */
export function toWaiting(s: ContactState): Decision {
  const talk = talkOf(s)
  const { plan, enqueuedAt } = talk.moving!
  const { offer } = s
  const effects: Effect[] = [
    ...(offer && !talk.callerAside
      ? [{ do: 'set_aside', channelId: s.channelId, bridgeId: offer.bridgeId, music: plan.music } as const]
      : []),
    ...hangUpAgent(offer),
    ...dropParties(talk.parties, 'transferred'),
    ...(offer ? [{ do: 'unbridge', bridgeId: offer.bridgeId } as const] : []),
    ...(talk.callerMuted ? [{ do: 'unmute', channelId: s.channelId } as const] : []),
    { do: 'watch' },
    { do: 'mark_wait' },
    ...(plan.announceFirstMs > 0 ? [{ do: 'announce_in', ms: plan.announceFirstMs } as const] : []),
  ]
  const state: ContactState = {
    ...s,
    state: 'queued',
    plan,
    enqueuedAt,
    offer: undefined,
    talk: undefined,
    music: true,
    told: undefined,
    tried: [plan.queue],
  }
  return { state, effects }
}

/**
 * The agent's phone hung up. A parked call has no agent's leg; with somebody else on the line, or called, the caller becomes theirs, as with
 * any phone that is put down in a consultation.
 * @returns undefined: nobody else is there, so it is the end of the talk
 */
export function agentHungUp(s: ContactState, offer: Offer): Decision | undefined {
  const talk = talkOf(s)
  const gone: Offer = { ...offer, leg: 'gone' }
  if (talk.parked) return advance(s, talk, gone)
  // The core's answer decides.
  if (talk.moving || talk.agentLeft) return { state: { ...s, offer: gone }, effects: [] }
  if (talk.parties.length === 0) return undefined
  const heir = heirOf(talk)
  if (heir) {
    const kind = consultOf(talk) === heir ? 'attended' : 'conference'
    return {
      state: { ...s, offer: gone, talk: { ...talk, agentLeft: true } },
      effects: [{ do: 'hand_over', party: heir, kind }],
    }
  }
  const parties = talk.parties.map((party): Party => ({ ...party, joins: 'transfer' }))
  return advance(s, { ...talk, parties, agentLeft: true, callerAside: true, held: false }, gone)
}

const answered = (parties: readonly Party[]): string[] =>
  parties.flatMap(({ leg, channelId }) => (leg === 'answered' ? [channelId] : []))

function hangUpAgent(offer: Offer | undefined): Effect[] {
  if (!offer || offer.leg === 'gone' || offer.leg === 'none') return []
  return [{ do: 'hang_up', channelId: offer.channelId, why: 'normal' }]
}
