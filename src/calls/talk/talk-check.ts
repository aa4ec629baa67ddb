import type { ContactState } from '../contact-model.js'
import { MOST_PARTIES, type Party, QUIET, type Talk, type TalkMove } from './talk-model.js'

/** Whether a command fits the state of a call. PURE. Each wrong state has an error of its own; a state that is there already is none. */

export type Refusal =
  | 'CTI_ERR_CONTACT_WRONG_STATE'
  | 'CTI_ERR_TRANSFER_IN_PROGRESS'
  | 'CTI_ERR_CONSULT_IN_PROGRESS'
  | 'CTI_ERR_CONSULT_NOT_ANSWERED'
  | 'CTI_ERR_NO_CONSULT'
  | 'CTI_ERR_CALL_PARKED'
  | 'CTI_ERR_HELD_BY_PHONE'
  | 'CTI_ERR_PARTY_NOT_FOUND'
  | 'CTI_ERR_TOO_MANY_PARTIES'
  | 'CTI_ERR_NOBODY_STAYS'
  | 'CTI_ERR_DEVICE_CANNOT_ANSWER'

export type Verdict = 'ok' | 'same' | { readonly refused: Refusal }

const refused = (code: Refusal): Verdict => ({ refused: code })

export const talkOf = (s: ContactState): Talk => s.talk ?? QUIET
export const isTalk = (s: ContactState): boolean => s.state === 'connected' || s.state === 'held'

/** The party that the agent consults, or that is to have the caller. */
export const consultOf = (talk: Talk): Party | undefined => talk.parties.find(({ joins }) => joins !== 'conference')

export const findParty = (talk: Talk, id: string): Party | undefined => talk.parties.find((party) => party.id === id)

/** Whether a phone of this agent's is rung for the call, or in it. */
export function hasPart(s: ContactState, agentId: string): boolean {
  const { parties, supervisions } = talkOf(s)
  const drawnIn = parties.some((party) => party.agentId === agentId)
  return s.offer?.agentId === agentId || drawnIn || supervisions.some(({ supervisorId }) => supervisorId === agentId)
}

/** The agent's second call, once the party consulted by it is there: in the bridge with it, or (`aside`) waiting with it. */
export function secondLeg(s: ContactState, aside: boolean): string[] {
  const { second } = talkOf(s)
  const consult = consultOf(talkOf(s))
  return second && isTalk(s) && consult?.leg === 'answered' && consult.aside === aside ? [second.channelId] : []
}

/** Nothing can be done to a call that is no talk, or on its way to somebody else. */
export function checkTalk(s: ContactState): Verdict {
  if (!isTalk(s)) return refused('CTI_ERR_CONTACT_WRONG_STATE')
  const talk = talkOf(s)
  return talk.moving || talk.agentLeft ? refused('CTI_ERR_TRANSFER_IN_PROGRESS') : 'ok'
}

export function checkMove(s: ContactState, move: TalkMove): Verdict {
  const basic = checkTalk(s)
  if (basic !== 'ok') return basic
  const talk = talkOf(s)
  const consult = consultOf(talk)
  if (talk.parked && move.do !== 'pick_up' && move.do !== 'park') return refused('CTI_ERR_CALL_PARKED')
  switch (move.do) {
    case 'hold':
      if (talk.held || talk.heldByPhone) return 'same'
      return consult ? refused('CTI_ERR_CONSULT_IN_PROGRESS') : 'ok'
    case 'resume':
      if (talk.held) return 'ok'
      if (talk.heldByPhone) return refused('CTI_ERR_HELD_BY_PHONE')
      return consult ? refused('CTI_ERR_CONSULT_IN_PROGRESS') : 'same'
    case 'mute':
      return talk.muted ? 'same' : 'ok'
    case 'unmute':
      return talk.muted ? 'ok' : 'same'
    case 'cancel':
      return consult ? 'ok' : 'same'
    case 'swap':
    case 'merge':
      if (!consult) return refused('CTI_ERR_NO_CONSULT')
      // Whom the agent talks to is chosen at the phone, which holds one of its two calls.
      if (talk.second) return refused('CTI_ERR_HELD_BY_PHONE')
      return consult.leg === 'answered' ? 'ok' : refused('CTI_ERR_CONSULT_NOT_ANSWERED')
    case 'let_have':
      if (!consult) return refused('CTI_ERR_NO_CONSULT')
      return consult.joins === 'transfer' ? 'same' : 'ok'
    case 'park':
      if (talk.parked) return 'same'
      return talk.parties.length > 0 ? refused('CTI_ERR_CONSULT_IN_PROGRESS') : 'ok'
    case 'pick_up':
      if (!talk.parked) return 'same'
      return s.offer?.leg === 'gone' ? 'ok' : 'same'
    case 'party_mute':
    case 'party_unmute':
    case 'party_drop':
      return checkParty(talk, move.do, move.party)
  }
}

function checkParty(talk: Talk, what: 'party_mute' | 'party_unmute' | 'party_drop', id: string): Verdict {
  const muted = id === 'caller' ? talk.callerMuted : findParty(talk, id)?.muted
  if (muted === undefined || (id === 'caller' && what === 'party_drop')) return refused('CTI_ERR_PARTY_NOT_FOUND')
  if (what === 'party_drop') return 'ok'
  return muted === (what === 'party_mute') ? 'same' : 'ok'
}

/** Whether somebody may be called to a talk. */
export function checkInvite(s: ContactState, joins: Party['joins']): Verdict {
  const basic = checkTalk(s)
  if (basic !== 'ok') return basic
  const talk = talkOf(s)
  if (talk.parked) return refused('CTI_ERR_CALL_PARKED')
  if (joins !== 'conference' && consultOf(talk)) return refused('CTI_ERR_CONSULT_IN_PROGRESS')
  return talk.parties.length >= MOST_PARTIES ? refused('CTI_ERR_TOO_MANY_PARTIES') : 'ok'
}

/** Who has the caller when the agent goes: a colleague before anybody outside. */
export function heirOf(talk: Talk): Party | undefined {
  const there = talk.parties.filter(({ leg }) => leg === 'answered')
  return there.find(({ kind }) => kind === 'agent') ?? there[0]
}

/** The channel that keys of the agent are meant for: whoever is with the agent, the consulted party first. */
export function toneTarget(s: ContactState): string | undefined {
  const talk = talkOf(s)
  const party = talk.parties.find(({ leg, aside }) => leg === 'answered' && !aside)
  const consulted = consultOf(talk)
  if (consulted && party) return party.channelId
  return talk.callerAside ? party?.channelId : s.channelId
}
