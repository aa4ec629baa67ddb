import type { AnyJournalEvent } from '../journal/events.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { queueOf } from './filter.js'

/** Contacts that are remembered; one that is not is looked up in the record. */
const MOST = 20_000

/** Which queue a contact is in: many events of a contact do not say it themselves. */
export class QueueMemory {
  private readonly queues = new Map<string, string | undefined>()

  constructor(private readonly postgres: Pick<Postgres, 'query'>) {}

  /** Queue of an event, or of its contact at that moment; ask in the order of the journal. */
  async of(event: AnyJournalEvent): Promise<string | undefined> {
    const named = queueOf(event)
    const { contactId } = event
    if (contactId === undefined) return named
    if (named !== undefined) this.keep(contactId, named)
    else if (event.type === 'contact.created') this.keep(contactId, undefined)
    else if (!this.queues.has(contactId)) this.keep(contactId, await this.lookUp(contactId))
    return this.queues.get(contactId)
  }

  private keep(contactId: string, queue: string | undefined): void {
    this.queues.delete(contactId)
    this.queues.set(contactId, queue)
    if (this.queues.size <= MOST) return
    const [oldest] = this.queues.keys()
    if (oldest !== undefined) this.queues.delete(oldest)
  }

  private async lookUp(contactId: string): Promise<string | undefined> {
    const { rows } = await this.postgres.query<{ queue: string | null }>('SELECT queue FROM contacts WHERE id = $1', [
      contactId,
    ])
    return rows[0]?.queue ?? undefined
  }
}
