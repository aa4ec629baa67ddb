import { and, desc, eq, gte, inArray, lt, or, type SQL } from 'drizzle-orm'
import { StoreError, toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { supervisions } from '../platform/postgres/schema/index.js'
import { decodeCursor, type Page, pageLimit, toPage } from './page.js'

export interface SupervisionSearch {
  agent?: string
  supervisor?: string
  contact?: string
  /** RFC 3339, first moment that counts. */
  from?: string
  /** RFC 3339, first moment that does not count any more. */
  to?: string
  limit?: number
  cursor?: string
}

type Row = typeof supervisions.$inferSelect

/** Who listened to whom, to be read; only the recorder writes it. */
export function createSupervisionsRepo({ db }: Postgres) {
  return {
    async search(
      { agent, supervisor, contact, from, to, limit: wanted, cursor }: SupervisionSearch,
      within?: { readonly agents: readonly string[]; readonly supervisor: string },
    ): Promise<Page<ReturnType<typeof toSupervision>>> {
      const limit = pageLimit(wanted)
      const filters: (SQL | undefined)[] = [
        agent === undefined ? undefined : eq(supervisions.agentId, agent),
        supervisor === undefined ? undefined : eq(supervisions.supervisorId, supervisor),
        contact === undefined ? undefined : eq(supervisions.contactId, contact),
        from === undefined ? undefined : gte(supervisions.startedAt, new Date(from)),
        to === undefined ? undefined : lt(supervisions.startedAt, new Date(to)),
        within === undefined
          ? undefined
          : or(inArray(supervisions.agentId, [...within.agents]), eq(supervisions.supervisorId, within.supervisor)),
      ]
      if (cursor !== undefined) {
        const [ms, id] = decodeCursor(cursor, 2).map(Number) as [number, number]
        if (Number.isNaN(new Date(ms).getTime()) || !Number.isSafeInteger(id))
          throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
        const at = new Date(ms)
        filters.push(or(lt(supervisions.startedAt, at), and(eq(supervisions.startedAt, at), lt(supervisions.id, id))))
      }
      const rows = await db
        .select()
        .from(supervisions)
        .where(and(...filters))
        .orderBy(desc(supervisions.startedAt), desc(supervisions.id))
        .limit(limit + 1)
        .catch((error: unknown) => {
          throw toStoreError(error)
        })
      return toPage(rows, limit, toSupervision, (row) => [String(row.startedAt.getTime()), String(row.id)])
    },
  }
}

function toSupervision({ supervisionId, contactId, supervisorId, agentId, mode, shown, ...row }: Row) {
  return {
    ...{ supervisionId, contactId, supervisorId, agentId, mode, shown },
    queue: row.queue ?? undefined,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString(),
    endReason: row.endReason ?? undefined,
  }
}
