import type { AnyJournalEvent, EventData, EventType } from './events.js'

/** Appends events that are not part of a routing transition. */
export interface JournalWriter {
  append<T extends EventType>(
    type: T,
    event: { subject: string; contactId?: string; time: number; data: EventData<T> },
  ): Promise<{ epoch: string; seq: number }>
}

/** Reads the journal from its end on (live) in every instance: handlers run in order of subscription, one event after the other. */
export interface JournalFeed {
  subscribe(name: string, handler: (event: AnyJournalEvent) => void): () => void
  /** Events after `seq` of `epoch`, oldest first, at most `limit`; undefined when that position is gone (other epoch or trimmed). */
  readAfter(epoch: string, seq: number, limit: number): Promise<AnyJournalEvent[] | undefined>
  /** The last event that the live reader of this instance has delivered. */
  position(): Promise<{ epoch: string; seq: number }>
  /** Redis was emptied: positions of the old epoch are void, everything derived has to be built again. */
  onReset(listener: () => void): void
}
