import type { ScreenPop } from '../../calls/context-port.js'
import { maskName, maskNumber, maskPop, maskResidentNumbers } from '../../context/mask.js'
import type { AnyJournalEvent } from '../../journal/events.js'
import type { Citizen, Flag } from '../contracts/citizens.js'
import type { ContactDetail, ContactSummary } from '../contracts/contacts.js'
import type { Ticket } from '../contracts/tickets.js'

/** Resources and events as a reader with or without `pii:read` sees them; the rules themselves are in context/mask.ts. PURE. */

export function showCitizen(citizen: Citizen, unmasked: boolean): Citizen {
  if (unmasked) return citizen
  const { notes: _hidden, ...rest } = citizen
  return {
    ...rest, name: maskName(citizen.name), phone: citizen.phone === undefined ? undefined : maskNumber(citizen.phone),
    morePhones: citizen.morePhones.map(maskNumber),
  }
}

export function showFlag(flag: Flag, unmasked: boolean): Flag {
  if (unmasked) return flag
  const { note: _hidden, ...rest } = flag
  return rest
}

/** Subjects and bodies often name people: without `pii:read` only the frame of a ticket shows. */
export function showTicket(ticket: Ticket, unmasked: boolean): Ticket {
  if (unmasked) return ticket
  const { body: _hidden, ...rest } = ticket
  return { ...rest, subject: '***' }
}

export function showContact<T extends ContactSummary | ContactDetail>(contact: T, unmasked: boolean): T {
  if (unmasked) return contact.notes === undefined ? contact : { ...contact, notes: maskResidentNumbers(contact.notes) }
  const { notes: _hidden, ...rest } = contact
  return { ...rest, caller: contact.caller === undefined ? undefined : maskNumber(contact.caller) } as T
}

export function showPop(pop: ScreenPop, unmasked: boolean): ScreenPop {
  return unmasked ? pop : maskPop(pop)
}

/** The event as it is sent; events without personal data are returned as they are. */
export function showEvent(event: AnyJournalEvent, unmasked: boolean): AnyJournalEvent {
  if (unmasked) return event
  switch (event.type) {
    case 'contact.created':
      return event.data.caller === undefined ? event : { ...event, data: { ...event.data, caller: maskNumber(event.data.caller) } }
    case 'contact.disposed': {
      const { notes: _hidden, ...data } = event.data
      return { ...event, data }
    }
    case 'screenpop.created':
    case 'screenpop.updated':
      return { ...event, data: { ...event.data, pop: maskPop(event.data.pop as ScreenPop) } }
    default:
      return event
  }
}
