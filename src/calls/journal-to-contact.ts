import type { AnyJournalEvent } from '../journal/events.js'
import type { ContactEvent } from './contact-model.js'

/** What a journal event means to the live call it is about. PURE. undefined: nothing. */
export function journalToContact(event: AnyJournalEvent): ContactEvent | undefined {
  switch (event.type) {
    case 'reservation.created': {
      // An agent's part beside another one is answered to whoever asked for it.
      if (event.data.part !== undefined) return undefined
      const { reservationId, token, agentId, deadline, node: deviceNode, popped } = event.data
      return { type: 'reserved', reservationId, token, agentId, deadline, deviceNode, popped }
    }
    case 'screenpop.created':
      return { type: 'popped', reservationId: event.data.reservationId }
    case 'reservation.accepted':
      return event.data.by === 'client' ? { type: 'taken', reservationId: event.data.reservationId } : undefined
    case 'reservation.rejected':
    case 'reservation.timed_out':
    case 'reservation.rescinded':
    case 'reservation.failed':
      return { type: 'offer_over', reservationId: event.data.reservationId }
    case 'contact.abandoned':
      // Our own `leave` needs no echo; what the core ended by itself is the wait limit.
      return event.data.reason === 'timed_out' ? { type: 'wait_limit' } : undefined
    default:
      return undefined
  }
}
