import type { CallNotes } from './port.js'
import { deriveContactId, timeOf } from './served-call.js'

/** A caller who hung up before the server or the fallback queue had the call. Times are epoch ms. */
export interface UnseenCall {
  readonly contactId: string
  readonly dialled: string
  /** As received; absent when withheld. */
  readonly caller?: string
  readonly enteredAt: number
  readonly endedAt: number
}

/** PURE. @returns undefined when the note cannot be read */
export function readUnseen({ callId, unseen = '' }: CallNotes): UnseenCall | undefined {
  const fields = unseen.split('|')
  const [arrived, left, dialled = '', caller = ''] = fields
  const endedAt = timeOf(left)
  if (fields.length !== 4 || endedAt === undefined) return undefined
  // Clocks may be set back while a call is up.
  const enteredAt = Math.min(timeOf(arrived) ?? endedAt, endedAt)
  return { contactId: deriveContactId(callId, enteredAt), dialled, caller: caller || undefined, enteredAt, endedAt }
}
