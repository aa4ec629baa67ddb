import type { Callback } from '../../src/callbacks/model.js'
import type { CentreFile } from '../../src/centre/schema.js'
import type { AnyJournalEvent } from '../../src/journal/events.js'
import { contactScore } from '../../src/routing/relax.js'

/** Watches from outside whether anybody overtakes: in the routing core by the journal, before it by what is let in. */
export class OrderWatch {
  inversions = 0
  readonly #waiting = new Map<string, { queue: string; score: number }>()
  readonly #due = new Map<string, Callback>()
  readonly #serves: ReadonlyMap<string, readonly string[]>

  constructor(file: CentreFile) {
    this.#serves = new Map(
      file.agents.map(({ id, skills }) => [
        id,
        file.queues.filter(({ requirement }) => Object.keys(requirement).every((s) => skills[s])).map((q) => q.id),
      ]),
    )
  }

  /** An agent must get the one who is first in all the queues that the agent serves. */
  observe(event: AnyJournalEvent): void {
    const { contactId } = event
    if (contactId === undefined) return
    if (event.type === 'contact.queued') {
      const { queue, priority, enqueuedAt } = event.data
      this.#waiting.set(contactId, { queue, score: contactScore(priority, enqueuedAt) })
    } else if (event.type === 'reservation.created') {
      const own = this.#waiting.get(contactId)
      this.#waiting.delete(contactId)
      const queues = this.#serves.get(event.data.agentId) ?? []
      if (own && [...this.#waiting.values()].some(({ queue, score }) => score < own.score && queues.includes(queue)))
        this.inversions += 1
    } else if (event.type === 'contact.abandoned') this.#waiting.delete(contactId)
  }

  fellDue(callback: Callback): void {
    this.#due.set(callback.id, callback)
  }

  /** Of one kind and queue the one that fell due first is let in first; of abandoned ones the newest. */
  letIn(callback: Callback): void {
    this.#due.delete(callback.id)
    for (const other of this.#due.values())
      if (other.kind === callback.kind && other.queue === callback.queue && isAhead(other, callback))
        this.inversions += 1
  }
}

function isAhead(a: Callback, b: Callback): boolean {
  return a.kind === 'abandoned' ? a.requestedAt > b.requestedAt : a.dueAt < b.dueAt
}
