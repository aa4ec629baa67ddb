import type { AnyJournalEvent } from '../journal/events.js'
import { EVENTS } from '../journal/events.js'
import { selectTypes } from '../journal/selection.js'
import type { Filter } from './model.js'

/** What the house knows of an event beyond its payload. */
export interface Surroundings {
  /** Queue that the event's contact is in; undefined: none yet, or not known. */
  readonly queue: string | undefined
  /** Team of an agent of the centre file. */
  teamOf(agentId: string): string | undefined
}

/**
 * Does a subscription want this event? PURE. Events for the server alone never leave it. A filter of queues passes what names such a queue or
 * belongs to a contact in one; a filter of teams what names an agent of such a team; with both, both must fit. What concerns the whole centre
 * (its subject) is everybody's, as on the WebSocket (api/ws/audience.ts).
 */
export function wants(filter: Filter, event: AnyJournalEvent, around: Surroundings): boolean {
  const { audience } = EVENTS[event.type]
  // What is addressed to somebody is nobody else's.
  if (audience === 'system' || audience === 'addressed' || !selectTypes(filter.types)(event.type)) return false
  if (event.subject === 'centre') return true
  if (filter.queues.length > 0) {
    const queue = queueOf(event) ?? around.queue
    if (queue === undefined || !filter.queues.includes(queue)) return false
  }
  if (filter.teams.length === 0) return true
  const agent = agentOf(event)
  const team = agent === undefined ? undefined : around.teamOf(agent)
  return team !== undefined && filter.teams.includes(team)
}

/** The queue that an event names. PURE. */
export function queueOf(event: AnyJournalEvent): string | undefined {
  const { queue } = event.data as { queue?: unknown }
  if (typeof queue === 'string') return queue
  return event.subject.startsWith('queue:') ? event.subject.slice('queue:'.length) : undefined
}

function agentOf(event: AnyJournalEvent): string | undefined {
  const { agentId } = event.data as { agentId?: unknown }
  if (typeof agentId === 'string') return agentId
  return event.subject.startsWith('agent:') ? event.subject.slice('agent:'.length) : undefined
}
