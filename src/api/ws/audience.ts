import { type AnyJournalEvent, EVENTS } from '../../journal/events.js'
import type { Permission } from '../auth/permissions.js'

/** Who reads events: for the filter, not for the socket. */
export interface Reader {
  /** Agent id; undefined for systems. */
  readonly agentId?: string
  readonly permissions: readonly Permission[]
}

/**
 * May this reader see this event? PURE.
 * `floor` events: everybody with floor:read. `agent` events: the agent they are about, and who supervises the floor. An agent without
 * floor:read still sees what is about themselves.
 */
export function maySee(event: AnyJournalEvent, reader: Reader): boolean {
  const { audience } = EVENTS[event.type]
  if (audience === 'system') return false
  if (isAbout(event, reader.agentId)) return true
  return reader.permissions.includes(audience === 'floor' ? 'floor:read' : 'floor:supervise')
}

function isAbout(event: AnyJournalEvent, agentId: string | undefined): boolean {
  if (agentId === undefined) return false
  return event.subject === `agent:${agentId}` || (event.data as { agentId?: unknown }).agentId === agentId
}

/**
 * A subscription as a test: `contact.queued`, `contact.*`, `contact`, `*`; undefined: everything. PURE.
 */
export function compileSubscription(types: readonly string[] | undefined): (type: string) => boolean {
  if (types === undefined || types.some((type) => type === '*' || type === '*.*')) return () => true
  const exact = new Set(types.filter((type) => type.includes('.') && !type.endsWith('.*')))
  const nouns = new Set(
    types.filter((type) => !type.includes('.') || type.endsWith('.*')).map((type) => type.split('.')[0]),
  )
  // Asked for every event and socket: the answer for each of the few types is kept.
  const known = new Map<string, boolean>()
  return (type) => {
    const before = known.get(type)
    if (before !== undefined) return before
    const wanted = exact.has(type) || nouns.has(type.split('.')[0])
    known.set(type, wanted)
    return wanted
  }
}
