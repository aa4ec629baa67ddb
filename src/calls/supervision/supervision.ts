import type { ContactEvent, ContactState, Decision, Effect } from '../contact-model.js'
import { agentLegId } from '../leg-id.js'
import { membersOf } from '../talk/talk-advance.js'
import { checkTalk, talkOf } from '../talk/talk-check.js'
import type { Party } from '../talk/talk-model.js'
import { coreHears } from '../talk/talk-parties.js'
import type { RingFailure } from '../telephony-port.js'
import {
  MOST_SUPERVISORS,
  type Supervision,
  type SupervisionEnd,
  type SupervisionMode,
  spyOf,
} from './supervision-model.js'

/**
 * Who listens to the agent of a talk, as a state machine inside the contact's. PURE. It is beside the talk, never in its bridge:
 *
 *   agent's leg ~~listening channel~~ [bridge of its own] ~~ supervisor's leg
 *
 *   dialled --> ringing --> answered, the core agrees --> listens <--switch--> whispers / barges
 *      |           |                                         |
 *      +-----------+--- declined, silent, ended -------------+--> over: ended, put down, the agent's part is over, taken over
 *
 * It belongs to the agent's leg: when that is gone, whatever the way (handed over, parked, hung up), it ends. A talk that becomes
 * the supervisor's takes the leg with it. Nothing of it changes the talk, nor its version: an agent who is not to know cannot tell.
 */
export function decideSupervision(s: ContactState, e: ContactEvent): Decision | undefined {
  if (e.type === 'supervise') return begin(s, e.supervision)
  const { supervisions } = talkOf(s)
  if (supervisions.length === 0) return undefined
  switch (e.type) {
    case 'switch_supervision':
      return (
        withOne(
          s,
          ({ id }) => id === e.id,
          (one) => switchMode(s, one, e.mode),
        ) ?? same(s)
      )
    case 'end_supervision':
      return (
        withOne(
          s,
          ({ id }) => id === e.id,
          (one) => over(s, one, 'ended', [hangUp(one), leave(one, 'ended')]),
        ) ?? same(s)
      )
    case 'spy_lost':
      return (
        withOne(
          s,
          ({ id, spies }) => id === e.id && spies === e.spies,
          (one) => over(s, one, 'failed', [hangUp(one), leave(one, 'failed')]),
        ) ?? same(s)
      )
    case 'joined':
      return withOne(
        s,
        ({ id }) => id === e.party,
        (one) => listens(s, one),
      )
    case 'join_refused':
      return withOne(
        s,
        ({ id }) => id === e.party,
        (one) => over(s, one, 'failed', [hangUp(one)]),
      )
    case 'offer_over':
      return withOne(
        s,
        ({ id }) => id === e.reservationId,
        (one) => over(s, one, 'failed', [hangUp(one)]),
      )
    case 'leg_ringing':
    case 'leg_answered':
    case 'leg_held':
    case 'leg_unheld':
      return withOne(
        s,
        (one) => legOf(one) === e.channelId,
        (one) => legMoved(s, one, e.type),
      )
    case 'leg_ended':
      return withOne(
        s,
        (one) => legOf(one) === e.channelId,
        (one) => legEnded(s, one, e.failure),
      )
    default:
      return undefined
  }
}

/** What a decision about the call means to those who listen to its agent. */
export function keepSupervised(before: ContactState, decision: Decision): Decision {
  const { state, effects } = decision
  const had = talkOf(before).supervisions
  if (had.length === 0 || canBeHeard(state, before.offer?.channelId)) return decision
  const { talk } = state
  const isTheirs = (one: Supervision) => legOf(one) === state.offer?.channelId
  const ends = had.flatMap((one): Effect[] =>
    isTheirs(one)
      ? [stop(before, one, 'taken_over')]
      : [hangUp(one), stop(before, one, 'agent_gone'), leave(one, 'agent_gone')],
  )
  const next =
    talk === undefined || talk.supervisions.length === 0 ? state : { ...state, talk: { ...talk, supervisions: [] } }
  // Whose contact it is now sees who is on the line.
  const taken: Effect[] = state.offer && had.some(isTheirs) ? [{ do: 'pop', offer: state.offer }] : []
  return { state: next, effects: [...ends, ...effects, ...taken] }
}

/**
 * A supervisor speaks to an agent by what is sent to the agent's phone, and an agent who is alone in the bridge (the caller on hold) is sent
 * nothing: silence is sent then. It ends before anybody comes back, or both would be heard in turns (asterisk.md fact 4).
 */
export function keepAudible(before: ContactState, decision: Decision): Decision {
  const [was, is] = [needsSilence(before), needsSilence(decision.state)]
  if (was === is) return decision
  const off: Effect[] = was === undefined ? [] : [{ do: 'unsilence', channelId: was }]
  const on: Effect[] = is === undefined ? [] : [{ do: 'silence', channelId: is }]
  return { state: decision.state, effects: [...off, ...decision.effects, ...on] }
}

/** The agent's leg, when it is alone and spoken to. */
export function needsSilence(s: ContactState): string | undefined {
  const { supervisions } = talkOf(s)
  const spoken = supervisions.some(({ leg, mode }) => leg === 'answered' && mode !== 'listen')
  const [only, ...others] = spoken ? membersOf(s) : []
  return others.length === 0 && only === s.offer?.channelId ? only : undefined
}

/** The agent's leg, as long as somebody can listen to it. */
export function heardLeg(s: ContactState): string | undefined {
  const there = checkTalk(s) === 'ok' && !talkOf(s).parked && s.offer?.leg === 'answered'
  return there ? s.offer?.channelId : undefined
}

const canBeHeard = (s: ContactState, legId: string | undefined): boolean => {
  const { agentLeft, parked } = talkOf(s)
  const talks = s.state === 'connected' || s.state === 'held'
  return talks && !agentLeft && !parked && s.offer?.leg === 'answered' && s.offer.channelId === legId
}

export type SupervisionRefusal =
  | 'CTI_ERR_TOO_MANY_SUPERVISORS'
  | 'CTI_ERR_SUPERVISOR_SPEAKS'
  | 'CTI_ERR_SUPERVISION_EXISTS'

/** Whether one more may listen, or speak. @param except the one that is to change */
export function checkSupervisors(
  s: ContactState,
  mode: SupervisionMode,
  except?: string,
): SupervisionRefusal | undefined {
  const others = talkOf(s).supervisions.filter(({ id }) => id !== except)
  if (others.length >= MOST_SUPERVISORS) return 'CTI_ERR_TOO_MANY_SUPERVISORS'
  return mode !== 'listen' && others.some((one) => one.mode !== 'listen') ? 'CTI_ERR_SUPERVISOR_SPEAKS' : undefined
}

function begin(s: ContactState, supervision: Supervision): Decision {
  const { supervisions } = talkOf(s)
  if (supervisions.some(({ id }) => id === supervision.id)) return same(s)
  const fits = heardLeg(s) !== undefined && checkSupervisors(s, supervision.mode) === undefined
  // The talk moved on while the routing core was being asked.
  if (!fits || supervisions.some(({ supervisorId }) => supervisorId === supervision.supervisorId))
    return { state: s, effects: [leave(supervision, 'not_needed')] }
  return {
    state: withSupervisions(s, [...supervisions, supervision]),
    effects: [{ do: 'ring_supervisor', supervision }, { do: 'keep_talk' }],
  }
}

function legMoved(s: ContactState, one: Supervision, what: string): Decision {
  if (what === 'leg_ringing' && one.leg === 'dialled')
    return {
      state: changed(s, { ...one, leg: 'ringing' }),
      effects: [{ do: 'mark_party_ringing', party: supervisorAsParty(one) }, { do: 'keep_talk' }],
    }
  // The routing core agrees first, as with any answer.
  if (what === 'leg_answered' && one.leg !== 'answered')
    return { state: s, effects: [{ do: 'join', party: supervisorAsParty(one) }] }
  return same(s)
}

function listens(s: ContactState, one: Supervision): Decision {
  if (one.leg === 'answered') return same(s)
  return listenAnew(s, { ...one, leg: 'answered' }, 'started')
}

function switchMode(s: ContactState, one: Supervision, mode: SupervisionMode): Decision {
  if (one.mode === mode || checkSupervisors(s, mode, one.id) !== undefined) return same(s)
  const next: Supervision = { ...one, mode, version: one.version + 1 }
  // Before the answer it is only meant otherwise.
  if (one.leg !== 'answered') return { state: changed(s, next), effects: [{ do: 'keep_talk' }] }
  return listenAnew(s, next, 'mode_changed')
}

/** @param tell undefined: the journal has it already */
export function listenAnew(s: ContactState, one: Supervision, tell?: 'started' | 'mode_changed'): Decision {
  const next: Supervision = { ...one, spies: one.spies + 1 }
  const previousId = spyOf(one)
  const effects: Effect[] = [
    {
      do: 'listen',
      supervision: next,
      agentId: s.offer?.agentId ?? '',
      targetId: s.offer?.channelId ?? '',
      ...(previousId === undefined ? {} : { previousId }),
      ...(tell === undefined ? {} : { tell }),
    },
    { do: 'keep_talk' },
  ]
  return { state: changed(s, next), effects }
}

function legEnded(s: ContactState, one: Supervision, failure: RingFailure): Decision {
  const answered = one.leg === 'answered'
  return over(s, one, answered ? 'left' : 'failed', coreHears(supervisorAsParty(one), answered, failure))
}

function over(s: ContactState, one: Supervision, why: SupervisionEnd, more: readonly Effect[]): Decision {
  const rest = talkOf(s).supervisions.filter(({ id }) => id !== one.id)
  return { state: withSupervisions(s, rest), effects: [...more, stop(s, one, why), { do: 'keep_talk' }] }
}

const stop = (s: ContactState, supervision: Supervision, why: SupervisionEnd): Effect => ({
  do: 'stop_listening',
  supervision,
  agentId: s.offer?.agentId ?? '',
  why,
})
const hangUp = (one: Supervision): Effect => ({ do: 'hang_up', channelId: legOf(one), why: 'normal' })
const leave = (one: Supervision, reason: string): Effect => ({
  do: 'leave_part',
  party: supervisorAsParty(one),
  reason,
})

export const legOf = ({ id }: Supervision): string => agentLegId(id)

/** The supervisor's part in the words of those who are in the talk: the routing core knows only one kind of part. */
export function supervisorAsParty({ id, token, supervisorId, deviceNode, leg }: Supervision): Party {
  return {
    ...{ id, kind: 'agent', agentId: supervisorId, reservationId: id, token, channelId: agentLegId(id) },
    ...(deviceNode === undefined ? {} : { deviceNode }),
    ...{ leg, joins: 'transfer', how: 'taken_over', aside: false, muted: false },
  }
}

function withOne(
  s: ContactState,
  is: (one: Supervision) => boolean,
  then: (one: Supervision) => Decision,
): Decision | undefined {
  const one = talkOf(s).supervisions.find(is)
  return one && then(one)
}

const withSupervisions = (s: ContactState, supervisions: readonly Supervision[]): ContactState => ({
  ...s,
  talk: { ...talkOf(s), supervisions },
})
const changed = (s: ContactState, one: Supervision): ContactState =>
  withSupervisions(
    s,
    talkOf(s).supervisions.map((each) => (each.id === one.id ? one : each)),
  )
const same = (state: ContactState): Decision => ({ state, effects: [] })
