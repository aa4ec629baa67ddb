import type { AnyJournalEvent } from '../journal/events.js'
import { isCallbackContact } from './contact-id.js'

/** How a queue's live callers are served at present. */
export interface QueueTrouble {
  /** Service level (F6, domain.md section 3) of the window; absent: nobody was answered or gave up in it. */
  readonly level?: number
  readonly target: number
  readonly n: number
  /** Longest present wait of a live caller, ms. */
  readonly longestWaitMs: number
  readonly trouble: boolean
}

/** Service level of a queue as the centre file has it. */
export interface LevelTarget {
  readonly seconds: number
  readonly target: number
}

interface Outcome {
  readonly at: number
  readonly waitedMs: number
  readonly answered: boolean
}

/** F6 leaves those out who hang up at once. */
const SHORT_MS = 5_000
export const WINDOW_MS = 5 * 60_000
/** Fewer outcomes than this say nothing about a level. */
export const LEAST = 5
/** A caller who waits so many times the threshold is trouble by itself, whatever the level. */
export const LONG_WAITS = 4
const DEFAULT_TARGET: LevelTarget = { seconds: 15, target: 0.8 }

/**
 * Follows the journal and tells which queues are in trouble: their service level of the last minutes is under its target, or a live caller
 * has waited for long. PURE: time comes with the events and the question. Call-backs are no live callers and do not count.
 */
export class QueueTroubles {
  readonly #outcomes = new Map<string, Outcome[]>()
  readonly #waiting = new Map<string, { readonly queue: string; readonly since: number }>()

  observe(event: AnyJournalEvent): void {
    const { contactId } = event
    if (contactId === undefined || isCallbackContact(contactId)) return
    switch (event.type) {
      case 'contact.queued':
        this.#waiting.set(contactId, { queue: event.data.queue, since: event.data.enqueuedAt })
        break
      case 'contact.connected':
        this.#end(contactId, event.data.queue, { at: event.time, waitedMs: event.data.waitedMs, answered: true })
        break
      case 'contact.abandoned':
        this.#end(contactId, event.data.queue, { at: event.time, waitedMs: event.data.waitedMs, answered: false })
        break
      case 'contact.ended':
      case 'contact.completed':
      case 'contact.served_by_fallback':
        this.#waiting.delete(contactId)
        break
    }
  }

  /** Redis was emptied: who waited is told anew. */
  reset(): void {
    this.#waiting.clear()
  }

  read(queue: string, level: LevelTarget | undefined, now: number): QueueTrouble {
    const { seconds, target } = level ?? DEFAULT_TARGET
    const recent = (this.#outcomes.get(queue) ?? []).filter(({ at }) => at > now - WINDOW_MS)
    this.#outcomes.set(queue, recent)
    const counted = recent.filter(({ answered, waitedMs }) => answered || waitedMs > SHORT_MS)
    const inTime = counted.filter(({ answered, waitedMs }) => answered && waitedMs <= seconds * 1000).length
    const share = counted.length === 0 ? undefined : inTime / counted.length
    let longestWaitMs = 0
    for (const waits of this.#waiting.values())
      if (waits.queue === queue) longestWaitMs = Math.max(longestWaitMs, now - waits.since)
    const under = share !== undefined && counted.length >= LEAST && share < target
    const trouble = under || longestWaitMs > LONG_WAITS * seconds * 1000
    return { level: share, target, n: counted.length, longestWaitMs, trouble }
  }

  #end(contactId: string, queue: string, outcome: Outcome): void {
    this.#waiting.delete(contactId)
    const outcomes = (this.#outcomes.get(queue) ?? []).filter(({ at }) => at > outcome.at - WINDOW_MS)
    this.#outcomes.set(queue, [...outcomes, outcome])
  }
}
