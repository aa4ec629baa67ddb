import type { AnyJournalEvent } from '../../../src/journal/events.js'

const ENDS = new Set(['rejected', 'timed_out', 'cancelled', 'rescinded', 'failed', 'completed'])
const byFirst = (a: readonly string[], b: readonly string[]): number => (a[0]! < b[0]! ? -1 : 1)

/** Reads a journal from its beginning and notes everything that cannot be: the check of the race test. */
export class Ledger {
  readonly faults: string[] = []
  events = 0
  reservations = 0
  readonly #contacts = new Map<string, string>()
  readonly #holds = new Map<string, { contact: string; reservation: string }>()
  readonly #promisedTo = new Map<string, string>()
  readonly #seen = new Set<string>()
  readonly #work = new Map<string, { work: string; presence: string }>()
  readonly #versions = new Map<string, number>()
  #token = 0

  constructor(events: readonly AnyJournalEvent[]) {
    for (const event of events) this.#read(event)
  }

  /** [contact, agent or '', state] of all that have not ended. */
  openContacts(): string[][] {
    return [...this.#contacts].map(([id, state]) => [id, this.#promisedTo.get(id) ?? '', state]).sort(byFirst)
  }

  /** [agent, work, presence]. */
  agentWork(): string[][] {
    return [...this.#work].map(([id, { work, presence }]) => [id, work, presence]).sort(byFirst)
  }

  #fault(event: AnyJournalEvent, what: string): void {
    this.faults.push(`${event.seq} ${event.type} ${event.subject}: ${what}`)
  }

  #read(event: AnyJournalEvent): void {
    this.events += 1
    if (event.seq !== this.events) this.#fault(event, `is number ${this.events}`)
    if (event.version <= (this.#versions.get(event.subject) ?? 0))
      this.#fault(event, `version ${event.version} came before`)
    this.#versions.set(event.subject, event.version)
    if (event.type.startsWith('reservation.')) this.#readReservation(event)
    else if (event.type.startsWith('contact.')) this.#readContact(event)
    else this.#readAgent(event)
  }

  #readReservation(event: AnyJournalEvent): void {
    const { agentId, reservationId, token } = event.data as { agentId: string; reservationId: string; token: number }
    const contact = event.contactId!
    const name = event.type.slice('reservation.'.length)
    const held = this.#holds.get(agentId)
    if (name === 'created') {
      this.reservations += 1
      if (held !== undefined) this.#fault(event, `${agentId} holds ${held.contact}`)
      if (this.#promisedTo.has(contact))
        this.#fault(event, `${contact} is promised to ${this.#promisedTo.get(contact)}`)
      if (this.#contacts.get(contact) !== 'queued') this.#fault(event, `${contact} does not wait`)
      if (this.#seen.has(reservationId) || token <= this.#token) this.#fault(event, 'is no new promise')
      this.#seen.add(reservationId)
      this.#token = token
      this.#holds.set(agentId, { contact, reservation: reservationId })
      this.#promisedTo.set(contact, agentId)
      this.#contacts.set(contact, 'reserved')
      return
    }
    if (held?.contact !== contact || held.reservation !== reservationId)
      this.#fault(event, `${agentId} holds ${held?.contact}`)
    if (!ENDS.has(name)) return
    this.#holds.delete(agentId)
    this.#promisedTo.delete(contact)
  }

  #readContact(event: AnyJournalEvent): void {
    const contact = event.contactId!
    const state = this.#contacts.get(contact)
    const expect = (...states: (string | undefined)[]): void => {
      if (!states.includes(state)) this.#fault(event, `it is ${state}`)
    }
    switch (event.type) {
      case 'contact.queued':
        expect(event.data.attempts === 0 ? undefined : 'reserved')
        if (this.#promisedTo.has(contact)) this.#fault(event, 'is promised still')
        this.#contacts.set(contact, 'queued')
        break
      case 'contact.relaxed':
        expect('queued')
        break
      case 'contact.connected':
        expect('reserved')
        this.#contacts.set(contact, 'connected')
        break
      case 'contact.held':
      case 'contact.parked':
      case 'contact.resumed':
        expect('connected')
        break
      case 'contact.wrapping':
        expect('connected')
        this.#contacts.set(contact, 'wrapping')
        break
      case 'contact.completed':
        expect('wrapping')
        this.#contacts.delete(contact)
        break
      case 'contact.abandoned':
        expect('queued', 'reserved')
        if (this.#promisedTo.has(contact)) this.#fault(event, 'is promised still')
        this.#contacts.delete(contact)
        break
      default:
        this.#fault(event, 'is not of routing')
    }
  }

  #readAgent(event: AnyJournalEvent): void {
    const id = event.subject.slice('agent:'.length)
    const known = this.#work.get(id) ?? { work: 'idle', presence: 'offline' }
    if (event.type === 'agent.work_changed') {
      if (event.data.previous !== known.work) this.#fault(event, `was ${known.work}, not ${event.data.previous}`)
      const holds = this.#holds.get(id)?.reservation
      if (event.data.reservationId !== holds) this.#fault(event, `holds ${holds}`)
      this.#work.set(id, { ...known, work: event.data.work })
    } else if (event.type === 'agent.presence_changed') {
      if (event.data.previous !== known.presence) this.#fault(event, `was ${known.presence}`)
      this.#work.set(id, { ...known, presence: event.data.presence })
    }
  }
}
