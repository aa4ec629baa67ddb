import type { ContactState, Decision } from '../contact-model.js'
import { advance } from './talk-advance.js'
import { consultOf, isTalk, talkOf } from './talk-check.js'
import type { Party, Talk } from './talk-model.js'
import { partyGone } from './talk-parties.js'

/**
 * The agent consults at the phone: holds the talk there and dials a second call, which becomes the consultation that the client would have begun.
 * PURE. Both calls of the phone are the agent's; which one is on hold says whom the agent talks to:
 *
 *   talk on hold:  caller aside (music);  agent's held leg + second call + party in the bridge
 *   talk resumed:  caller + agent's leg in the bridge;  second call and party aside
 *
 * The second call lives as long as the consultation, and no longer.
 */

/** The agent's leg is put on hold at the phone, or taken back. */
export function phoneHolds(s: ContactState, held: boolean): Decision {
  const talk = { ...talkOf(s), heldByPhone: held }
  const consult = consultOf(talk)
  if (!talk.second || !consult) {
    const callerAside = held || consult ? talk.callerAside : talk.held
    return advance(s, { ...talk, callerAside })
  }
  return advance(s, {
    ...withConsult(talk, { ...consult, aside: !held && consult.leg === 'answered' }),
    callerAside: held,
  })
}

/** The phone asks to connect its calls, or was refused. */
export function secondConnects(s: ContactState, on: boolean): Decision {
  const talk = talkOf(s)
  if (!isTalk(s) || !talk.second) return { state: s, effects: [] }
  const { channelId } = talk.second
  return { state: { ...s, talk: { ...talk, second: { channelId, ...(on ? { connects: true } : {}) } } }, effects: [] }
}

/** The agent has put the second call down: nobody is consulted any more. */
export function secondEnded(s: ContactState): Decision {
  const { second, ...talk } = talkOf(s)
  const alone: ContactState = { ...s, talk }
  const consult = consultOf(talk)
  // Whoever is to have the caller still gets it.
  if (!isTalk(s) || !consult || second?.connects || consult.joins === 'transfer')
    return { state: alone, effects: [{ do: 'keep_talk' }] }
  return partyGone(alone, consult, 'cancelled', [
    { do: 'hang_up', channelId: consult.channelId, why: 'normal' },
    ...(consult.kind === 'agent' ? [{ do: 'leave_part', party: consult, reason: 'cancelled' } as const] : []),
  ])
}

/** What a decision about the call means to the second call: without a consultation it is over. */
export function keepSecond(before: ContactState, decision: Decision): Decision {
  const { second } = talkOf(before)
  if (!second) return decision
  const { state, effects } = decision
  const talk = talkOf(state)
  const goesOn = isTalk(state) && !talk.agentLeft
  if (goesOn && consultOf(talk) && talk.second) return decision
  // Who hears ringing at the phone hears that nobody came.
  const why = goesOn && consultOf(talkOf(before))?.leg !== 'answered' ? 'busy' : 'normal'
  const { second: _, ...rest } = talk
  return {
    state: state.talk === undefined ? state : { ...state, talk: rest },
    effects: [...effects, { do: 'hang_up', channelId: second.channelId, why }],
  }
}

const withConsult = (talk: Talk, consult: Party): Talk => ({
  ...talk,
  parties: talk.parties.map((party) => (party.id === consult.id ? consult : party)),
})
