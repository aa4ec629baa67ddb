import type { ContactState } from '../calls/contact-model.js'

/** States in which no staff party is with the caller; in any other one somebody is, also on hold. */
const ALONE: ReadonlySet<string> = new Set(['created', 'ivr', 'queued', 'reserved', 'offered', 'ended'])

/** PURE. Is a staff party with the caller? @param state of the live call, undefined when it is over */
export function isTalk(state: Pick<ContactState, 'state'> | undefined): boolean {
  return state !== undefined && !ALONE.has(state.state)
}
