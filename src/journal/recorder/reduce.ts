import type { AnyJournalEvent, JournalEvent } from '../events.js'
import type { ReservationValues, RowChange } from './changes.js'
import { reduceContact } from './reduce-contact.js'
import { reduceFallback } from './reduce-fallback.js'
import { reduceRecording } from './reduce-recording.js'
import { reduceSupervision } from './reduce-supervision.js'

/**
 * PURE. One event of the journal -> changes of the record, in order. Needs no memory: what was before is in the rows, so a
 * recorder that lost the beginning of a contact still records the rest. Types that are no part of the record change nothing.
 *
 * Segments of a contact:
 *   ivr --queued--> queue --reservation.created--> ring --connected--> talk <--held/resumed--> hold --wrapping--> wrap --completed
 *                     ^----------queued again---------'
 */
export function reduceEvent(event: AnyJournalEvent): RowChange[] {
  return [...reduceCall(event), ...reduceSupervision(event)]
}

function reduceCall(event: AnyJournalEvent): RowChange[] {
  // Not among the promises of the contact, which every agent may read (reduce-supervision.ts).
  if ((event.data as { part?: unknown }).part === 'supervision') return []
  const { time } = event
  switch (event.type) {
    case 'agent.presence_changed':
      return [
        {
          row: 'interval',
          agentId: event.data.agentId,
          kind: 'presence',
          at: time,
          state: event.data.presence,
          reason: event.data.breakReason || event.data.reason || undefined,
        },
      ]
    case 'agent.work_changed': {
      const { agentId, work, previous, reason, contactId, reservationId } = event.data
      // Extending wrap-up and the like: the same work goes on.
      if (work === previous) return []
      return [
        {
          row: 'interval',
          agentId,
          kind: 'work',
          at: time,
          state: work,
          reason: reason || undefined,
          contactId,
          reservationId,
        },
      ]
    }
    case 'agent.device_changed':
      return [{ row: 'interval', agentId: event.data.agentId, kind: 'device', at: time, state: event.data.device }]
    case 'reservation.created':
      return [
        ...reservation(event, {
          route: event.data.route,
          attempt: event.data.attempts,
          state: 'pending',
          created_at: event.data.createdAt,
          deadline: event.data.deadline,
        }),
        ...inOwnContact(event, (contactId) => [
          { row: 'contact', id: contactId, at: time, set: { state: 'reserved' } },
          {
            row: 'segment_open',
            contactId,
            at: time,
            kind: 'ring',
            place: { queue: event.data.queue, agentId: event.data.agentId, reservationId: event.data.reservationId },
          },
        ]),
      ]
    case 'reservation.accepted':
      return reservation(event, { state: 'accepted', accepted_by: event.data.by, accepted_at: time })
    case 'reservation.rejected':
      return fallen(event, 'rejected')
    case 'reservation.timed_out':
      return fallen(event, 'timed_out')
    case 'reservation.cancelled':
      return fallen(event, 'cancelled', event.data.reason)
    case 'reservation.rescinded':
      return fallen(event, 'rescinded', event.data.reason)
    case 'reservation.failed':
      return fallen(event, 'failed', event.data.reason)
    case 'reservation.completed':
      return reservation(event, { state: 'completed', ended_at: time })
    case 'contact.served_by_fallback':
      return inContact(event, (contactId) => reduceFallback(event, contactId))
    case 'recording.started':
    case 'recording.paused':
    case 'recording.resumed':
    case 'recording.stopped':
      return inContact(event, (contactId) => [reduceRecording(event, contactId)])
    default:
      return event.contactId === undefined ? [] : reduceContact(event, event.contactId)
  }
}

type ReservationEvent = Extract<AnyJournalEvent, { type: `reservation.${string}` }>

function reservation(event: ReservationEvent, set: ReservationValues): RowChange[] {
  const { reservationId, agentId, queue, token } = event.data
  return [
    {
      row: 'reservation',
      id: reservationId,
      contactId: event.contactId ?? '',
      at: event.time,
      set: { agent_id: agentId, queue, token, ...set },
    },
  ]
}

/** A promise that ended before the talk: the ring ends with it, the contact goes on or not by its own events. */
function fallen(event: ReservationEvent, state: string, reason?: string): RowChange[] {
  return [
    ...reservation(event, { state, reason: reason || null, ended_at: event.time }),
    ...inOwnContact(event, (contactId) => [{ row: 'segment_mark', contactId, outcome: state }]),
  ]
}

/** An agent's part beside another one is no step of the contact. */
function inOwnContact(event: ReservationEvent, changes: (contactId: string) => RowChange[]): RowChange[] {
  return event.data.part === undefined ? inContact(event, changes) : []
}

function inContact(event: JournalEvent, changes: (contactId: string) => RowChange[]): RowChange[] {
  return event.contactId === undefined ? [] : changes(event.contactId)
}
