import type { AgentState, ScreenPop, Snapshot } from '../generated/contracts.js'
import type { LiveEvent } from './floor.js'

/**
 * One agent's own call as the agent's page keeps it, beside the floor. PURE.
 *
 *   idle --screenpop.created--> offer --contact.connected--> talk --contact.wrapping--> wrap --contact.completed--> idle
 *                                 +-- rejected, timed_out, cancelled, rescinded, failed --> idle (`outcome` tells which)
 */
export interface Desk {
  /** What is known of the present call; undefined: none. */
  readonly pop?: ScreenPop
  /** The reservation that the agent accepted by the page. */
  readonly acceptedId?: string
  /** Epoch ms when caller and agent began to talk. */
  readonly talkSince?: number
  /** How the last offer or call ended, until the next one begins. */
  readonly outcome?: Outcome
  /** Contacts of this sitting whose disposition is in the record. */
  readonly disposed: ReadonlySet<string>
}

export interface Outcome {
  readonly contactId: string
  readonly kind: 'rejected' | 'timed_out' | 'cancelled' | 'rescinded' | 'failed' | 'finished' | 'wrap_timeout'
  /** Device failure, or why it was taken back. */
  readonly reason?: string
  readonly queueLabel?: ScreenPop['queueLabel']
}

export const EMPTY_DESK: Desk = { disposed: new Set() }

/** What the agent's page shows in the middle. */
export type Phase = 'idle' | 'offer' | 'talk' | 'wrap' | 'not_responding'

/** The phase follows from the agent's work alone, so that a reload comes to the same page. */
export function phaseOf(state: AgentState | undefined): Phase {
  switch (state?.work) {
    case 'reserved':
    case 'ringing':
      return 'offer'
    case 'talking':
    case 'holding':
      return 'talk'
    case 'wrapping':
      return 'wrap'
    case 'not_responding':
      return 'not_responding'
    default:
      return 'idle'
  }
}

/** The desk as a snapshot tells it; what only this page knows (outcome, dispositions given) is kept. */
export function deskOfSnapshot(desk: Desk, snapshot: Pick<Snapshot, 'me' | 'pop'>): Desk {
  const state = snapshot.me.state
  const phase = phaseOf(state)
  const samePromise = desk.pop !== undefined && desk.pop.reservationId === state?.reservationId
  const pop = snapshot.pop ?? (samePromise ? desk.pop : undefined)
  const talkSince =
    samePromise && desk.talkSince !== undefined ? desk.talkSince : phase === 'talk' ? state?.workSince : undefined
  return { ...desk, pop: phase === 'idle' || phase === 'not_responding' ? undefined : pop, talkSince }
}

/** The desk of `agentId` after one event; events of other agents change nothing. */
export function deskAfter(desk: Desk, agentId: string, event: LiveEvent): Desk {
  if (event.data.agentId !== agentId) return desk
  switch (event.type) {
    case 'screenpop.created':
      return { disposed: desk.disposed, pop: event.data.pop as ScreenPop, acceptedId: keepAccepted(desk, event) }
    case 'screenpop.updated':
      return desk.pop?.reservationId === event.data.reservationId ? { ...desk, pop: event.data.pop as ScreenPop } : desk
    case 'reservation.accepted':
      return { ...desk, acceptedId: event.data.reservationId as string }
    case 'contact.connected':
      return { ...desk, talkSince: event.time }
    case 'contact.disposed':
      return { ...desk, disposed: new Set(desk.disposed).add(event.contactId ?? '') }
    case 'contact.completed':
      return ended(desk, event, event.data.how === 'wrap_timeout' ? 'wrap_timeout' : 'finished')
    case 'reservation.rejected':
    case 'reservation.timed_out':
    case 'reservation.cancelled':
    case 'reservation.rescinded':
    case 'reservation.failed':
      return ended(desk, event, event.type.slice('reservation.'.length) as Outcome['kind'])
    default:
      return desk
  }
}

function keepAccepted(desk: Desk, event: LiveEvent): string | undefined {
  return desk.acceptedId === event.data.reservationId ? desk.acceptedId : undefined
}

function ended(desk: Desk, event: LiveEvent, kind: Outcome['kind']): Desk {
  const reason = event.data.reason
  return {
    disposed: desk.disposed,
    outcome: {
      contactId: event.contactId ?? '',
      kind,
      reason: typeof reason === 'string' ? reason : undefined,
      queueLabel: desk.pop?.contactId === event.contactId ? desk.pop?.queueLabel : undefined,
    },
  }
}
