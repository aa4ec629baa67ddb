import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { RoutingCore } from '../routing/core-port.js'
import { isRoutingError } from '../routing/errors.js'
import type { ContactSnapshot } from '../routing/model.js'
import type { Follower } from './follow.js'
import type { Callback } from './model.js'
import type { CallbackStore } from './ports.js'
import { resultOf } from './what-happened.js'

/** Rows without news for so long (ms) are looked at. */
const QUIET_MS = 15_000
/** A try that rings for so long (ms) has nobody who carries it: longer than any phone may ring. */
const DEAD_MS = 150_000
/** The record may be behind for so long (ms), then the try counts as lost. */
const RECORD_MS = 600_000
const BATCH = 200

const RECORD = 'SELECT connected_at, ended_at, end_reason FROM contacts WHERE id = $1'

interface RecordRow {
  readonly connected_at: Date | null
  readonly ended_at: Date | null
  readonly end_reason: string | null
}

export interface UnderWayDeps {
  readonly store: CallbackStore
  readonly follower: Follower
  readonly postgres: Postgres
  readonly routing: Pick<RoutingCore, 'getContact' | 'leaveQueue'>
  readonly clock: Clock
}

/**
 * One round over the rows that are under way and have been quiet: what the follower has missed is read from the routing core, or from the
 * record when the core has let the contact go. A claimed try never comes back to life: it ends with what is known of it.
 * @returns how many were told something
 */
export function createUnderWay({ store, follower, postgres, routing, clock }: UnderWayDeps): () => Promise<number> {
  const quietSince = new Map<string, { version: number; since: number }>()

  async function look(callback: Callback, contactId: string, quietMs: number): Promise<boolean> {
    const contact = await routing.getContact(contactId)
    if (contact) return compare(callback, contactId, contact, quietMs)
    if (callback.state === 'offered') {
      await follower.apply(contactId, { what: 'left', result: 'lost' })
      return true
    }
    const { rows } = await postgres.query<RecordRow>(RECORD, [contactId])
    const row = rows[0]
    if (row?.ended_at) {
      if (row.connected_at) await follower.apply(contactId, { what: 'finished' })
      else await follower.apply(contactId, { what: 'left', result: resultOf(row.end_reason ?? '') })
      return true
    }
    if (quietMs < RECORD_MS) return false
    await follower.apply(contactId, { what: 'left', result: 'lost' })
    return true
  }

  async function compare(
    callback: Callback,
    contactId: string,
    contact: ContactSnapshot,
    quietMs: number,
  ): Promise<boolean> {
    if (contact.state === 'connected' || contact.state === 'wrapping') {
      if (callback.state !== 'dialing' || contact.agentId === undefined) return false
      await follower.apply(contactId, { what: 'connected', agentId: contact.agentId })
      return true
    }
    if (contact.state === 'queued' && callback.state === 'offered') {
      await follower.apply(contactId, { what: 'declined' })
      return true
    }
    if (callback.state !== 'dialing' || quietMs < DEAD_MS) return false
    await routing.leaveQueue(contactId, 'lost', clock()).catch((error: unknown) => {
      if (!isRoutingError(error)) throw error
    })
    await follower.apply(contactId, { what: 'left', result: 'lost' })
    return true
  }

  return async () => {
    const now = clock()
    let told = 0
    const rows = await store.inStates(['offered', 'dialing', 'connected'], BATCH)
    const seen = new Set(rows.map(({ id }) => id))
    for (const id of quietSince.keys()) if (!seen.has(id)) quietSince.delete(id)
    for (const callback of rows) {
      const before = quietSince.get(callback.id)
      const since = before?.version === callback.version ? before.since : now
      quietSince.set(callback.id, { version: callback.version, since })
      if (callback.contactId === undefined || now - since < QUIET_MS) continue
      if (await look(callback, callback.contactId, now - since)) told += 1
    }
    return told
  }
}
