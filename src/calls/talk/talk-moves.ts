import type { ContactState, Decision, Effect, Offer } from '../contact-model.js'
import { advance } from './talk-advance.js'
import { checkMove, consultOf, findParty, talkOf } from './talk-check.js'
import type { Party, Talk, TalkMove } from './talk-model.js'
import { partyGone } from './talk-parties.js'

/** A parked call rings its agent again after so long, ms. */
export const PARK_LIMIT_MS = 120_000

/** Commands that only change the talk itself. PURE. One that does not fit (any more) changes nothing. */
export function applyMove(s: ContactState, move: TalkMove): Decision {
  const talk = talkOf(s)
  const { offer } = s
  if (checkMove(s, move) !== 'ok' || !offer) return { state: s, effects: [] }
  switch (move.do) {
    case 'hold':
      return advance(s, { ...talk, held: true, callerAside: true })
    case 'resume':
      return advance(s, { ...talk, held: false, callerAside: false })
    case 'mute':
    case 'unmute':
      return advance(s, { ...talk, muted: move.do === 'mute' }, offer, muteAgent(talk, offer, move.do))
    case 'swap':
      return advance(s, {
        ...withConsult(talk, (party) => ({ ...party, aside: talk.callerAside })),
        callerAside: !talk.callerAside,
      })
    case 'merge':
      return advance(s, {
        ...withConsult(talk, (party) => ({ ...party, joins: 'conference', aside: false })),
        callerAside: false,
      })
    case 'let_have':
      return advance(
        s,
        withConsult(talk, (party) => ({ ...party, joins: 'transfer', how: 'attended' })),
      )
    case 'cancel':
      return partyGone(s, consultOf(talk)!, 'cancelled', hangUp(consultOf(talk)!, 'cancelled'))
    case 'party_drop': {
      const party = findParty(talk, move.party)!
      return partyGone(s, party, 'dropped', hangUp(party, 'dropped'))
    }
    case 'party_mute':
    case 'party_unmute':
      return mute(s, talk, move.party, move.do === 'party_mute')
    case 'park':
      return advance(
        s,
        { ...talk, parked: true, held: false, heldByPhone: false, muted: false, callerAside: true },
        { ...offer, leg: 'gone' },
        [
          { do: 'hang_up', channelId: offer.channelId, why: 'normal' },
          { do: 'park' },
          { do: 'park_limit_in', ms: PARK_LIMIT_MS },
        ],
      )
    case 'pick_up':
      return ringBack(s, offer, move.deadline)
  }
}

/** The agent's own phone is rung for the parked call. */
export function ringBack(s: ContactState, offer: Offer, deadline: number): Decision {
  const dialled: Offer = { ...offer, leg: 'dialled', deadline }
  return advance(s, talkOf(s), dialled, [{ do: 'ring_back', offer: dialled }])
}

function withConsult(talk: Talk, change: (party: Party) => Party): Talk {
  const consult = consultOf(talk)
  return { ...talk, parties: talk.parties.map((party) => (party === consult ? change(party) : party)) }
}

function muteAgent({ second }: Talk, offer: Offer, what: 'mute' | 'unmute'): Effect[] {
  const legs = [offer.channelId, ...(second ? [second.channelId] : [])]
  return legs.map((channelId) => ({ do: what, channelId }))
}

function mute(s: ContactState, talk: Talk, id: string, muted: boolean): Decision {
  const what = muted ? 'mute' : 'unmute'
  if (id === 'caller')
    return advance(s, { ...talk, callerMuted: muted }, s.offer, [{ do: what, channelId: s.channelId }])
  const parties = talk.parties.map((party) => (party.id === id ? { ...party, muted } : party))
  return advance(s, { ...talk, parties }, s.offer, [{ do: what, channelId: findParty(talk, id)!.channelId }])
}

function hangUp(party: Party, reason: string): Effect[] {
  return [
    { do: 'hang_up', channelId: party.channelId, why: 'normal' },
    ...(party.kind === 'agent' ? [{ do: 'leave_part', party, reason } as const] : []),
  ]
}
