import type { EventType } from '../journal/events.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Callback } from './model.js'
import { type CallbackFacts, type CallbackRow, toFacts } from './rows.js'

/** A row that is behind for so long (ms) was left by a process that died, or by a Redis that was away. */
const BEHIND_MS = 5_000

type CallbackEvent = Extract<EventType, `callback.${string}`>

/**
 * Tells the journal what became of call-backs, after the row was written. The row says up to which version that was done, so nothing is
 * forgotten; after a death in between it is told twice, and `rowVersion` shows it.
 */
export interface Tell {
  /** Begins to tell; never throws, nobody waits. `as`: another word than the state's own. */
  changed(callback: Callback, as?: CallbackEvent): void
  /** Tells up to `limit` rows that are behind. @returns how many @throws while PostgreSQL or Redis is away */
  behind(limit: number): Promise<number>
  /** Resolves when all that was begun is told or has failed. */
  settled(): Promise<void>
}

export function createTell(journal: JournalWriter, postgres: Postgres, clock: Clock): Tell {
  const under = new Set<Promise<void>>()

  async function tell(callback: CallbackFacts, as?: CallbackEvent): Promise<void> {
    await journal.append(as ?? `callback.${callback.state}`, {
      subject: `callback:${callback.id}`,
      contactId: callback.contactId,
      time: clock(),
      data: facts(callback),
    })
    await postgres.query('UPDATE callbacks SET told_version = greatest(told_version, $2) WHERE id = $1', [
      callback.id,
      callback.version,
    ])
  }

  return {
    changed(callback, as) {
      // What fails is told by the sweep.
      const telling = tell(callback, as)
        .catch(() => undefined)
        .finally(() => under.delete(telling))
      under.add(telling)
    },
    async behind(limit) {
      const { rows } = await postgres.query<CallbackRow>(
        'SELECT * FROM callbacks WHERE told_version < version AND updated_at < $1 ORDER BY updated_at LIMIT $2',
        [new Date(clock() - BEHIND_MS), limit],
      )
      for (const row of rows) await tell(toFacts(row))
      return rows.length
    },
    async settled() {
      await Promise.all(under)
    },
  }
}

/** What every reader of the floor may know: neither number nor name. */
function facts(callback: CallbackFacts) {
  return {
    callbackId: callback.id,
    kind: callback.kind,
    state: callback.state,
    queue: callback.queue,
    rowVersion: callback.version,
    dueAt: callback.dueAt,
    promisedAt: callback.promisedAt,
    attempts: callback.attempts,
    ownerAgent: callback.ownerAgent,
    agentId: callback.agentId,
    contactId: callback.contactId,
    reason: callback.endedReason,
    outcome: callback.outcome,
  }
}
