import type { ContactState } from '../calls/contact-model.js'

/** States in which no staff party is with the caller; in any other one somebody is, also on hold. */
const ALONE: ReadonlySet<string> = new Set(['created', 'ivr', 'queued', 'reserved', 'offered', 'forwarded', 'ended'])

/** PURE. Is a staff party with the caller? A parked call has none until it is picked up. @param state of the live call, undefined when it is over */
export function isTalk(state: Pick<ContactState, 'state' | 'talk'> | undefined): boolean {
  return state !== undefined && !ALONE.has(state.state) && state.talk?.parked !== true
}

/** PURE. Why a recording ends whose talk is none any more: the call is over, or nobody of the staff is with the caller. @param state as above */
export function stopReason(state: Pick<ContactState, 'state'> | undefined): 'ended' | 'no_staff' {
  return state === undefined || state.state === 'ended' ? 'ended' : 'no_staff'
}
