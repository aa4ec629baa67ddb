import type { AnyJournalEvent } from '../journal/events.js'
import type { CallOrder, OrderedBy, OrderResult } from './talk/call-order.js'

/** Whoever carries live calls of a PBX node: those who rang in and talks (CallRunner), and call-backs being dialled (OutboundRunner). */
export interface CallCarrier {
  /** Number of live calls. */
  readonly size: number
  /** Something when the contact is carried here. */
  get(contactId: string): unknown
  /** Something is asked of a call; undefined when it is not carried here. */
  order(contactId: string, order: CallOrder, by: OrderedBy): Promise<OrderResult> | undefined
  onJournal(event: AnyJournalEvent): void
  /** Forgets every call without a word to anybody. */
  close(): void
}
