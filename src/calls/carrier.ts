import type { AnyJournalEvent } from '../journal/events.js'

/** Whoever carries live calls of a PBX node: those who rang in and talks (CallRunner), and call-backs being dialled (OutboundRunner). */
export interface CallCarrier {
  /** Number of live calls. */
  readonly size: number
  /** Something when the contact is carried here. */
  get(contactId: string): unknown
  post(contactId: string, event: { readonly type: 'hang_up'; readonly by: 'agent' | 'system' }): void
  onJournal(event: AnyJournalEvent): void
  /** Forgets every call without a word to anybody. */
  close(): void
}
