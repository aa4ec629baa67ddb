import { type AnyJournalEvent, EVENTS } from '../../journal/events.js'
import type { Permission } from '../auth/permissions.js'

/** Who reads events: for the filter, not for the socket. */
export interface Reader {
  /** Agent id; undefined for systems. */
  readonly agentId?: string
  readonly permissions: readonly Permission[]
}

/** Which events of a type a reader may see: all, those about the agent who reads, or none. */
export type Reach = 'all' | 'own' | 'none'

/**
 * PURE. `floor` events: everybody with floor:read. `agent` events: the agent they are about, and who supervises the floor. An agent
 * without floor:read still sees what is about themselves.
 */
export function reachOf(type: AnyJournalEvent['type'], reader: Reader): Reach {
  const { audience } = EVENTS[type]
  if (audience === 'system') return 'none'
  if (reader.permissions.includes(audience === 'floor' ? 'floor:read' : 'floor:supervise')) return 'all'
  return reader.agentId === undefined ? 'none' : 'own'
}

/** May this reader see this event? PURE. */
export function maySee(event: AnyJournalEvent, reader: Reader): boolean {
  const reach = reachOf(event.type, reader)
  return reach === 'all' || (reach === 'own' && aboutWhom(event).some((agentId) => agentId === reader.agentId))
}

/** The agents an event is about: one, rarely none or two. PURE. */
export function aboutWhom(event: AnyJournalEvent): string[] {
  const subject = event.subject.startsWith('agent:') ? event.subject.slice('agent:'.length) : undefined
  // A call-back is about its owner as well as about the agent of the attempt.
  const { agentId, ownerAgent } = event.data as { agentId?: unknown; ownerAgent?: unknown }
  const agents = new Set(subject === undefined ? [] : [subject])
  for (const id of [agentId, ownerAgent]) if (typeof id === 'string') agents.add(id)
  return [...agents]
}
