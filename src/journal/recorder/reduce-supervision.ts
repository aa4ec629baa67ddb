import type { AnyJournalEvent } from '../events.js'
import type { RowChange } from './changes.js'

/** Told by something else than its own end, which may never come (the process died): the own word, if it comes, wins. */
export const RELEASED = 'released'

/** PURE. Who listens to whom. undefined: the event says nothing of that. */
export function reduceSupervision(event: AnyJournalEvent): RowChange[] {
  const at = event.time
  switch (event.type) {
    case 'supervision.started':
    case 'supervision.mode_changed': {
      const { supervisionId, contactId, supervisorId, agentId, queue, mode, shown } = event.data
      return [
        { row: 'supervision_open', supervisionId, contactId, supervisorId, agentId, queue, mode, shown, startedAt: at },
      ]
    }
    case 'supervision.ended':
      return [{ row: 'supervision_close', supervisionId: event.data.supervisionId, at, reason: event.data.why }]
    case 'reservation.rejected':
    case 'reservation.timed_out':
    case 'reservation.cancelled':
    case 'reservation.rescinded':
    case 'reservation.failed':
    case 'reservation.completed':
      if (event.data.part !== 'supervision') return []
      return [{ row: 'supervision_close', supervisionId: event.data.reservationId, at, reason: RELEASED }]
    // Nobody listens to an agent who has no part in the call any more.
    case 'contact.transferred':
    case 'contact.completed':
      if (event.contactId === undefined) return []
      return [{ row: 'supervisions_close', contactId: event.contactId, at, reason: RELEASED }]
    default:
      return []
  }
}
