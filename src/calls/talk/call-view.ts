import type { ContactState } from '../contact-model.js'
import { talkOf } from './talk-check.js'

/** What anybody may see of a live call. Never a number. */
export interface CallView {
  readonly contactId: string
  readonly state: ContactState['state']
  readonly agentId?: string
  readonly queue?: string
  /** By the agent's command, or at the phone. */
  readonly held: boolean
  /** Only the phone can take it back. */
  readonly heldByPhone: boolean
  /** By a second call of the phone. */
  readonly consultsByPhone: boolean
  readonly muted: boolean
  readonly parked: boolean
  /** On the way to somebody else. */
  readonly moving: boolean
  readonly parties: PartyView[]
  readonly version: number
}

export interface PartyView {
  /** `caller`, or `p1`, `p2` … */
  readonly id: string
  readonly kind: 'caller' | 'agent' | 'outside'
  readonly agentId?: string
  readonly department?: string
  readonly state: 'ringing' | 'talking' | 'aside'
  readonly joins?: 'consult' | 'conference' | 'transfer'
  readonly muted: boolean
}

/** PURE. */
export function viewCall(s: ContactState): CallView {
  const talk = talkOf(s)
  const agentId = s.state === 'forwarded' ? undefined : s.offer?.agentId
  const caller: PartyView = {
    id: 'caller',
    kind: 'caller',
    state: talk.callerAside ? 'aside' : 'talking',
    muted: talk.callerMuted,
  }
  return {
    contactId: s.id,
    state: s.state,
    ...(agentId === undefined ? {} : { agentId }),
    ...(s.plan === undefined ? {} : { queue: s.plan.queue }),
    held: talk.held || talk.heldByPhone,
    heldByPhone: talk.heldByPhone && !talk.held,
    consultsByPhone: talk.second !== undefined,
    muted: talk.muted,
    parked: talk.parked,
    moving: talk.moving !== undefined || talk.agentLeft,
    parties: [
      caller,
      ...talk.parties.map(
        ({ id, kind, agentId: who, department, leg, aside, joins, muted }): PartyView => ({
          id,
          kind,
          ...(who === undefined ? {} : { agentId: who }),
          ...(department === undefined ? {} : { department }),
          state: leg !== 'answered' ? 'ringing' : aside ? 'aside' : 'talking',
          joins,
          muted,
        }),
      ),
    ],
    version: talk.version,
  }
}
