import type { ContactState, Offer } from '../contact-model.js'
import { isTalk, talkOf } from './talk-check.js'
import { QUIET, type Talk } from './talk-model.js'

/** The talk's state as a mark on the caller's channel (CTI_TALK): whoever goes on with the call finds it there. PURE. */

export interface TalkMark {
  readonly talk: Talk
  /** The promise it was written under; another one since then makes it void. */
  readonly reservationId: string
  readonly leg: Offer['leg']
  readonly forwarded: boolean
  readonly agentId: string
  readonly queue: string
}

/** '' when there is nothing to keep. */
export function writeMark(s: ContactState): string {
  if ((!isTalk(s) && s.state !== 'forwarded') || !s.offer) return ''
  const { moving: _, ...talk } = talkOf(s)
  const { reservationId, leg, agentId } = s.offer
  const forwarded = s.state === 'forwarded'
  return JSON.stringify({ talk, reservationId, leg, forwarded, agentId, queue: s.plan?.queue ?? '' } satisfies TalkMark)
}

/** undefined: there is none, or none that can be read (an older version's, or not ours). */
export function readMark(text: string | undefined): TalkMark | undefined {
  if (!text) return undefined
  try {
    const mark = JSON.parse(text) as Partial<TalkMark>
    if (typeof mark.reservationId !== 'string' || !Array.isArray(mark.talk?.parties)) return undefined
    return { ...(mark as TalkMark), talk: { ...QUIET, ...mark.talk } }
  } catch {
    return undefined
  }
}
