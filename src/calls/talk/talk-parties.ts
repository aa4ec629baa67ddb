import type { ContactState, Decision, Effect } from '../contact-model.js'
import type { RingFailure } from '../telephony-port.js'
import { advance } from './talk-advance.js'
import { checkInvite, consultOf, heirOf, isTalk, talkOf } from './talk-check.js'
import type { Party, Talk, TransferKind } from './talk-model.js'
import { endForwarded } from './talk-ways-out.js'

/** Legs beside the caller's and the agent's: called, answered, gone. PURE. */

/** Somebody is called to the talk. */
export function invited(
  s: ContactState,
  party: Party,
  number: string | undefined,
  second: string | undefined,
): Decision {
  // The talk ended, or began to move on, while the routing core was being asked.
  const talk = talkOf(s)
  // Told twice, called once.
  if (talk.parties.some(({ id, channelId }) => id === party.id || channelId === party.channelId))
    return { state: s, effects: [] }
  const fits = talk.parked
    ? party.how === 'picked_up' && talk.parties.length === 0
    : checkInvite(s, party.joins) === 'ok'
  if (!isTalk(s) || !fits) return { state: s, effects: leave(party, 'not_needed') }
  const apart = party.joins !== 'conference'
  return advance(
    s,
    {
      ...talk,
      count: talk.count + 1,
      parties: [...talk.parties, party],
      held: apart && !talk.parked ? false : talk.held,
      callerAside: apart || talk.callerAside,
      ...(second === undefined ? {} : { second: { channelId: second } }),
    },
    s.offer,
    [{ do: 'invite', party, ...(number === undefined ? {} : { number }) }],
  )
}

export function partyRings(s: ContactState, party: Party): Decision {
  if (party.leg !== 'dialled') return { state: s, effects: [] }
  const told: Effect[] = party.kind === 'agent' ? [{ do: 'mark_party_ringing', party }] : []
  return advance(s, changed(talkOf(s), party, { leg: 'ringing' }), s.offer, told)
}

/** A colleague's part is confirmed by the routing core first, as with any answer. */
export function partyAnswered(s: ContactState, party: Party): Decision {
  if (party.leg === 'answered') return { state: s, effects: [] }
  return party.kind === 'agent' ? { state: s, effects: [{ do: 'join', party }] } : partyJoined(s, party)
}

export function partyJoined(s: ContactState, party: Party): Decision {
  if (party.leg === 'answered') return { state: s, effects: [] }
  const talk = changed(talkOf(s), party, { leg: 'answered' })
  const there: Party = { ...party, leg: 'answered' }
  if (party.joins !== 'transfer' && !talk.agentLeft)
    return talk.second ? joinedSecond(s, talk, party) : advance(s, talk)
  // Not into the agent's bridge any more: the caller is theirs.
  const kind: TransferKind = party.how ?? (party.joins === 'consult' ? 'attended' : 'conference')
  const waiting = changed(talkOf(s), party, { leg: 'answered', aside: true })
  return { state: { ...s, talk: waiting }, effects: [{ do: 'hand_over', party: there, kind }] }
}

/** Consulted by the agent's second call, which is answered with it. The agent may have gone back to the caller while it rang. */
function joinedSecond(s: ContactState, talk: Talk, party: Party): Decision {
  const answer: Effect[] = talk.second ? [{ do: 'answer', channelId: talk.second.channelId }] : []
  return advance(s, changed(talk, party, { aside: !talk.callerAside }), s.offer, answer)
}

/** A leg ended by itself; before the answer it is one of the device failures. */
export function partyEnded(s: ContactState, party: Party, failure: RingFailure): Decision {
  if (s.state === 'forwarded') return endForwarded(s, party)
  const answered = party.leg === 'answered'
  const why = answered ? 'left' : failure
  return partyGone(s, party, why, party.kind === 'agent' ? coreHears(party, answered, failure) : [])
}

/** What the routing core hears of a leg to an agent beside the contact's own that ended by itself. */
export function coreHears(party: Party, answered: boolean, failure: RingFailure): Effect[] {
  if (answered || failure === 'cancelled') return [{ do: 'leave_part', party, reason: 'left' }]
  const how = failure === 'declined' ? 'rejected' : failure === 'no_answer' ? 'timed_out' : failure
  return [{ do: 'part_failed', party, how }]
}

/** A party is not there any more: whoever was waiting for it has the agent, or the queue, again. */
export function partyGone(s: ContactState, party: Party, why: string, more: readonly Effect[]): Decision {
  const talk = talkOf(s)
  const rest: Talk = { ...talk, parties: talk.parties.filter(({ id }) => id !== party.id) }
  const left = { party: party.id, why }
  if (talk.agentLeft) {
    const heir = heirOf(rest)
    if (heir) return advance(s, rest, s.offer, [...more, { do: 'hand_over', party: heir, kind: 'conference' }], left)
    const lost: Effect[] = rest.parties.length === 0 ? [{ do: 'return_to_queue' }] : []
    return advance(s, rest, s.offer, [...more, ...lost], left)
  }
  // On hold at the phone the agent hears nobody: music rather than silence.
  const callerAside = consultOf(rest) ? talk.callerAside : talk.held || talk.parked || talk.heldByPhone
  const back = party.joins === 'conference' ? talk.callerAside : callerAside
  return advance(s, { ...rest, callerAside: back }, s.offer, more, left)
}

function leave(party: Party, reason: string): Effect[] {
  return party.kind === 'agent' ? [{ do: 'leave_part', party, reason }] : []
}

function changed(talk: Talk, party: Party, change: Partial<Party>): Talk {
  return { ...talk, parties: talk.parties.map((each) => (each.id === party.id ? { ...each, ...change } : each)) }
}
