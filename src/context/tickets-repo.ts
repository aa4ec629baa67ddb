import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import { newId } from '../platform/ids.js'
import { StoreError, toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { type TICKET_STATUSES, tickets } from '../platform/postgres/schema/index.js'
import { isUuid, present, refuseResidentNumbers } from './guards.js'
import { decodeCursor, type Page, pageLimit, toPage } from './page.js'

export type TicketStatus = (typeof TICKET_STATUSES)[number]

export interface TicketRecord {
  id: string
  number: string
  citizenId?: string
  contactId?: string
  subject: string
  body?: string
  category?: string
  department?: string
  status: TicketStatus
  dueAt?: string
  assignedTo?: string
  createdBy: string
  createdAt: string
  updatedAt: string
  version: number
}
export interface TicketInput {
  citizenId?: string
  contactId?: string
  subject: string
  body?: string
  category?: string
  department?: string
  /** RFC 3339 */
  dueAt?: string
}
/** Absent keeps, null clears. */
export interface TicketChanges {
  citizenId?: string | null
  subject?: string
  body?: string | null
  category?: string | null
  department?: string | null
  status?: TicketStatus
  assignedTo?: string | null
  dueAt?: string | null
}
export interface TicketSearch {
  citizen?: string
  status?: TicketStatus
  category?: string
  department?: string
  /** Words; each matches the beginning of a word in number, subject or body, and all must be there. */
  text?: string
  limit?: number
  cursor?: string
}

const CLOSED: ReadonlySet<string> = new Set<TicketStatus>(['resolved', 'closed', 'cancelled'])

/** Matters that a department works on. */
export function createTicketsRepo({ db }: Postgres) {
  return {
    /** @throws StoreError CTI_ERR_REFERENCE_NOT_FOUND when the citizen does not exist */
    async create(input: TicketInput, by: string): Promise<TicketRecord> {
      refuseResidentNumbers(input.subject, input.body)
      const values = {
        ...input,
        citizenId: reference(input.citizenId),
        dueAt: input.dueAt === undefined ? undefined : new Date(input.dueAt),
        id: newId(),
        number: sql`'T' || lpad(nextval('ticket_numbers')::text, 6, '0')`,
        createdBy: by,
      }
      const rows = await db.insert(tickets).values(values).returning().catch(rethrow)
      return toTicket(rows[0]!)
    },

    async read(id: string): Promise<TicketRecord | undefined> {
      if (!isUuid(id)) return undefined
      const rows = await db.select().from(tickets).where(eq(tickets.id, id)).catch(rethrow)
      return rows[0] && toTicket(rows[0])
    },

    /** @throws StoreError CTI_ERR_TICKET_NOT_FOUND | CTI_ERR_VERSION_MISMATCH | CTI_ERR_REFERENCE_NOT_FOUND */
    async update(id: string, version: number, changes: TicketChanges, by: string): Promise<TicketRecord> {
      refuseResidentNumbers(changes.subject, changes.body)
      const { status } = changes
      const set = {
        ...present({
          ...changes,
          citizenId: reference(changes.citizenId),
          body: changes.body === null ? '' : changes.body,
          dueAt: typeof changes.dueAt === 'string' ? new Date(changes.dueAt) : changes.dueAt,
          closedAt: status === undefined ? undefined : CLOSED.has(status) ? sql`coalesce(closed_at, now())` : null,
        }),
        updatedBy: by,
        updatedAt: sql`now()`,
        version: sql`version + 1`,
      }
      const rows = isUuid(id)
        ? await db
            .update(tickets)
            .set(set)
            .where(and(eq(tickets.id, id), eq(tickets.version, version)))
            .returning()
            .catch(rethrow)
        : []
      if (rows[0]) return toTicket(rows[0])
      if ((await this.read(id)) === undefined) throw new StoreError('CTI_ERR_TICKET_NOT_FOUND', 'No such ticket.')
      throw new StoreError('CTI_ERR_VERSION_MISMATCH', 'Somebody changed it meanwhile.')
    },

    /** Newest first. */
    async search(search: TicketSearch): Promise<Page<TicketRecord>> {
      const limit = pageLimit(search.limit)
      if (search.citizen !== undefined && !isUuid(search.citizen)) return { items: [] }
      const filters: (SQL | undefined)[] = [
        search.citizen === undefined ? undefined : eq(tickets.citizenId, search.citizen),
        search.status === undefined ? undefined : eq(tickets.status, search.status),
        search.category === undefined ? undefined : eq(tickets.category, search.category),
        search.department === undefined ? undefined : eq(tickets.department, search.department),
      ]
      if (search.text !== undefined) {
        const words = toPrefixQuery(search.text)
        if (words === undefined) return { items: [] }
        filters.push(sql`search @@ to_tsquery('simple', ${words})`)
      }
      if (search.cursor !== undefined) {
        const [id = ''] = decodeCursor(search.cursor, 1)
        if (!isUuid(id)) throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
        filters.push(lt(tickets.id, id))
      }
      const rows = await db
        .select()
        .from(tickets)
        .where(and(...filters))
        .orderBy(desc(tickets.id))
        .limit(limit + 1)
        .catch(rethrow)
      return toPage(rows, limit, toTicket, (row) => [row.id])
    },
  }
}

/** `가로등 고장` -> `'가로등':* & '고장':*`; only letters and digits survive, so nothing of the query language does. */
export function toPrefixQuery(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, 10)
  return words?.map((word) => `'${word}':*`).join(' & ')
}

/** An id that cannot be one is answered like one that does not exist. */
function reference<T extends string | null | undefined>(id: T): T {
  if (typeof id === 'string' && !isUuid(id))
    throw new StoreError('CTI_ERR_REFERENCE_NOT_FOUND', 'Names a citizen that does not exist.')
  return id
}

function toTicket(row: typeof tickets.$inferSelect): TicketRecord {
  return {
    id: row.id,
    number: row.number,
    citizenId: row.citizenId ?? undefined,
    contactId: row.contactId ?? undefined,
    subject: row.subject,
    body: row.body,
    category: row.category ?? undefined,
    department: row.department ?? undefined,
    status: row.status,
    dueAt: row.dueAt?.toISOString(),
    assignedTo: row.assignedTo ?? undefined,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  }
}

function rethrow(error: unknown): never {
  throw toStoreError(error)
}
