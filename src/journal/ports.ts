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
  /** Was this number given out twice, before and after Redis lost its last moment? Who stands there may have seen what never was. */
  isDoubtful(epoch: string, seq: number): Promise<boolean>
  /** The last event that the live reader of this instance has delivered. */
  position(): Promise<{ epoch: string; seq: number }>
  /** What was delivered is not what Redis holds now: everything derived has to be built again. Called one after the
   * other, in order of subscription, each waited for, before any later event. */
  onReset(listener: (why: FeedReset) => unknown): void
}

/** `other_epoch`: Redis was emptied; `ahead`: it came back without its last moment, whose numbers are given out again. */
export type FeedReset = 'other_epoch' | 'ahead'
