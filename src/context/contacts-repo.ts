import { and, asc, desc, eq, gte, inArray, lt, or, type SQL } from 'drizzle-orm'
import { StoreError, toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { contacts, reservations, segments } from '../platform/postgres/schema/index.js'
import type { Sealing } from '../platform/sealing.js'
import {
  type ContactRecord,
  type ReservationRecord,
  type SegmentRecord,
  toContact,
  toReservation,
  toSegment,
} from './contact-rows.js'
import { isUuid } from './guards.js'
import { normaliseNumber } from './numbers.js'
import { decodeCursor, type Page, pageLimit, toPage } from './page.js'

export interface ContactSearch {
  /** Any way of writing it. */
  caller?: string
  callerLast4?: string
  queue?: string
  agent?: string
  citizen?: string
  state?: string
  end?: string
  /** RFC 3339, first moment that counts. */
  from?: string
  /** RFC 3339, first moment that does not count any more. */
  to?: string
  /** Only contacts of these agents or queues. */
  within?: { readonly agents: readonly string[]; readonly queues: readonly string[] }
  limit?: number
  cursor?: string
}

export interface ContactDetailRecord extends ContactRecord {
  segments: SegmentRecord[]
  reservations: ReservationRecord[]
}

/** The record of contacts, to be read; only the recorder writes it. */
export function createContactsRepo({ db }: Postgres, sealing: Sealing) {
  return {
    /** Newest first. */
    async search(search: ContactSearch): Promise<Page<ContactRecord>> {
      const limit = pageLimit(search.limit)
      if (search.citizen !== undefined && !isUuid(search.citizen)) return { items: [] }
      const caller = search.caller === undefined ? undefined : normaliseNumber(search.caller)
      if (search.caller !== undefined && caller === undefined) return { items: [] }
      const filters: (SQL | undefined)[] = [
        caller === undefined ? undefined : eq(contacts.callerIndex, sealing.index(caller)),
        search.callerLast4 === undefined ? undefined : eq(contacts.callerLast4, sealing.fourDigits(search.callerLast4)),
        search.queue === undefined ? undefined : eq(contacts.queue, search.queue),
        search.agent === undefined ? undefined : eq(contacts.agentId, search.agent),
        search.citizen === undefined ? undefined : eq(contacts.citizenId, search.citizen),
        search.state === undefined ? undefined : eq(contacts.state, search.state),
        search.end === undefined ? undefined : eq(contacts.endState, search.end),
        search.within &&
          or(inArray(contacts.agentId, [...search.within.agents]), inArray(contacts.queue, [...search.within.queues])),
        search.from === undefined ? undefined : gte(contacts.createdAt, new Date(search.from)),
        search.to === undefined ? undefined : lt(contacts.createdAt, new Date(search.to)),
      ]
      if (search.cursor !== undefined) {
        const [ms = '', id = ''] = decodeCursor(search.cursor, 2)
        const at = new Date(Number(ms))
        if (Number.isNaN(at.getTime())) throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
        filters.push(or(lt(contacts.createdAt, at), and(eq(contacts.createdAt, at), lt(contacts.id, id))))
      }
      const rows = await db
        .select()
        .from(contacts)
        .where(and(...filters))
        .orderBy(desc(contacts.createdAt), desc(contacts.id))
        .limit(limit + 1)
        .catch(rethrow)
      return toPage(
        rows,
        limit,
        (row) => toContact(row, sealing),
        (row) => [String(row.createdAt.getTime()), row.id],
      )
    },

    async read(id: string): Promise<ContactDetailRecord | undefined> {
      if (id.includes('\0')) return undefined
      const [found, parts, promises] = await Promise.all([
        db.select().from(contacts).where(eq(contacts.id, id)),
        db.select().from(segments).where(eq(segments.contactId, id)).orderBy(asc(segments.ordinal)),
        db.select().from(reservations).where(eq(reservations.contactId, id)).orderBy(asc(reservations.token)),
      ]).catch(rethrow)
      return (
        found[0] && {
          ...toContact(found[0], sealing),
          segments: parts.map(toSegment),
          reservations: promises.map(toReservation),
        }
      )
    },

    async reservation(id: string): Promise<ReservationRecord | undefined> {
      if (id.includes('\0')) return undefined
      const rows = await db.select().from(reservations).where(eq(reservations.id, id)).catch(rethrow)
      return rows[0] && toReservation(rows[0])
    },
  }
}

function rethrow(error: unknown): never {
  throw toStoreError(error)
}
