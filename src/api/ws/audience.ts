import { type AnyJournalEvent, EVENTS } from '../../journal/events.js'
import type { Permission } from '../auth/permissions.js'
import { type Scope, shows } from '../auth/scope.js'

/** Who reads events: for the filter, not for the socket. */
export interface Reader {
  /** Agent id; undefined for systems. */
  readonly agentId?: string
  readonly permissions: readonly Permission[]
  /** Where the centre file narrows what this reader sees of the floor. */
  readonly scope?: Scope
}

/** Which events of a type a reader may see: all, those about the agent who reads, or none. */
export type Reach = 'all' | 'own' | 'none'

/**
 * PURE. `floor` events: everybody with floor:read. `agent` events: the agent they are about, and who supervises the floor. `supervision` events:
 * as `agent`, but the agent only when shown. `addressed` events: those whom they name. An agent without floor:read still sees what is about themselves.
 */
export function reachOf(type: AnyJournalEvent['type'], reader: Reader): Reach {
  const { audience } = EVENTS[type]
  if (audience === 'system') return 'none'
  if (audience === 'addressed') return reader.agentId === undefined ? 'none' : 'own'
  if (reader.permissions.includes(audience === 'floor' ? 'floor:read' : 'floor:supervise')) return 'all'
  return reader.agentId === undefined ? 'none' : 'own'
}

/** May this reader see this event? PURE. */
export function maySee(event: AnyJournalEvent, reader: Reader): boolean {
  const reach = reachOf(event.type, reader)
  const own = () => aboutWhom(event).some((agentId) => agentId === reader.agentId)
  return reach === 'all' ? isInScope(event, reader) || own() : reach === 'own' && own()
}

/** About one of the reader's agents or queues; what is about neither (the centre) is for all, a contact that is nobody's yet for none. */
function isInScope(event: AnyJournalEvent, { scope }: Reader): boolean {
  if (scope?.floor === undefined) return true
  const { queue, agentId } = event.data as { queue?: unknown; agentId?: unknown }
  // Whom a supervision is about is not whom it is told: a hidden one is told to who leads the agent.
  const hidden = EVENTS[event.type].audience === 'supervision' && typeof agentId === 'string'
  const about = hidden ? [agentId] : aboutWhom(event)
  if (about.length === 0 && typeof queue !== 'string') return !event.subject.startsWith('contact:')
  if (typeof queue === 'string' && shows(scope, { queue })) return true
  return about.some((agentId) => shows(scope, { agentId }))
}

/** The agents an event is about: one, rarely none or two. PURE. */
export function aboutWhom(event: AnyJournalEvent): string[] {
  if (EVENTS[event.type].audience === 'addressed') return addressees(event.data)
  if (EVENTS[event.type].audience === 'supervision' && (event.data as { shown?: unknown }).shown !== true) return []
  const subject = event.subject.startsWith('agent:') ? event.subject.slice('agent:'.length) : undefined
  // A call-back is about its owner as well as about the agent of the attempt.
  const { agentId, ownerAgent } = event.data as { agentId?: unknown; ownerAgent?: unknown }
  const agents = new Set(subject === undefined ? [] : [subject])
  for (const id of [agentId, ownerAgent]) if (typeof id === 'string') agents.add(id)
  return [...agents]
}

function addressees(data: object): string[] {
  const { from, to } = data as { readonly from?: unknown; readonly to?: unknown }
  const agents = new Set(Array.isArray(to) ? (to as string[]) : [])
  if (typeof from === 'string') agents.add(from)
  return [...agents]
}
