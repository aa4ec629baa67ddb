import type { ScreenPop } from '../../calls/context-port.js'
import { maskName, maskNumber, maskPop, maskResidentNumbers, maskText } from '../../context/mask.js'
import type { AnyJournalEvent } from '../../journal/events.js'
import type { Citizen, Flag } from '../contracts/citizens.js'
import type { ContactDetail, ContactSummary } from '../contracts/contacts.js'
import type { Ticket } from '../contracts/tickets.js'

/** Resources and events as a reader with or without `pii:read` sees them; the rules themselves are in context/mask.ts. PURE. */

const maskOptional = (text: string | undefined): string | undefined => (text === undefined ? undefined : maskText(text))

/** What was stored before such numbers were refused, or came from elsewhere: nobody sees them, whatever else they may see. */
const residentless = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : maskResidentNumbers(text)

export function showCitizen(citizen: Citizen, unmasked: boolean): Citizen {
  if (unmasked) return { ...citizen, notes: residentless(citizen.notes) }
  return {
    ...citizen,
    name: maskName(citizen.name),
    phone: citizen.phone === undefined ? undefined : maskNumber(citizen.phone),
    morePhones: citizen.morePhones.map(maskNumber),
    notes: maskOptional(citizen.notes),
  }
}

export function showFlag(flag: Flag, unmasked: boolean): Flag {
  return { ...flag, note: unmasked ? residentless(flag.note) : maskOptional(flag.note) }
}

export function showTicket(ticket: Ticket, unmasked: boolean): Ticket {
  if (unmasked) return { ...ticket, subject: maskResidentNumbers(ticket.subject), body: residentless(ticket.body) }
  return { ...ticket, subject: maskText(ticket.subject), body: maskOptional(ticket.body) }
}

export function showContact<T extends ContactSummary | ContactDetail>(contact: T, unmasked: boolean): T {
  if (unmasked) return contact.notes === undefined ? contact : { ...contact, notes: residentless(contact.notes) }
  return {
    ...contact,
    notes: maskOptional(contact.notes),
    caller: contact.caller === undefined ? undefined : maskNumber(contact.caller),
  }
}

export function showPop(pop: ScreenPop, unmasked: boolean): ScreenPop {
  return unmasked ? pop : maskPop(pop)
}

/** The event as it is sent; events without personal data are returned as they are. */
export function showEvent(event: AnyJournalEvent, unmasked: boolean): AnyJournalEvent {
  if (unmasked) return event
  switch (event.type) {
    case 'contact.created':
      return event.data.caller === undefined
        ? event
        : { ...event, data: { ...event.data, caller: maskNumber(event.data.caller) } }
    case 'contact.disposed':
      return { ...event, data: { ...event.data, notes: maskOptional(event.data.notes) } }
    case 'help.requested':
    case 'help.answered':
    case 'help.withdrawn':
    case 'help.ended':
      return event.data.note === undefined
        ? event
        : ({ ...event, data: { ...event.data, note: maskText(event.data.note) } } as AnyJournalEvent)
    case 'message.sent':
      return { ...event, data: { ...event.data, text: maskText(event.data.text) } }
    case 'screenpop.created':
    case 'screenpop.updated':
      return { ...event, data: { ...event.data, pop: maskPop(event.data.pop as ScreenPop) } }
    default:
      return event
  }
}

/**
 * What a reader without `pii:read` sent back as they were shown it is no change: the mask must never overwrite the name behind it.
 * @param changes body of a PATCH
 * @param stored the resource as it is
 * @param shown the resource as this reader sees it
 * @returns the changes without the members that only repeat a masked text
 */
export function withoutEchoes<T extends object>(changes: T, stored: object, shown: object): T {
  const is = stored as Record<string, unknown>
  const seen = shown as Record<string, unknown>
  const kept = Object.entries(changes).filter(([key, value]) => is[key] === seen[key] || value !== seen[key])
  return Object.fromEntries(kept) as T
}
