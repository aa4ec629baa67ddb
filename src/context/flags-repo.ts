import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { newId } from '../platform/ids.js'
import { StoreError, toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { citizenFlags, citizens, type FLAG_KINDS } from '../platform/postgres/schema/index.js'
import { isUuid, refuseResidentNumbers } from './guards.js'

export type FlagKind = (typeof FLAG_KINDS)[number]

export interface FlagRecord {
  id: string
  citizenId: string
  kind: FlagKind
  agentId?: string
  note?: string
  until?: string
  approvedBy?: string
  createdBy: string
  createdAt: string
  version: number
}
export interface FlagInput {
  kind: FlagKind
  agentId?: string
  note?: string
  /** RFC 3339 */
  until?: string
}

/** What the centre has to know about a person on the phone. A restriction is timed and names who approved it. */
export function createFlagsRepo({ db }: Postgres) {
  return {
    /** Flags in force, newest first. */
    async list(citizenId: string): Promise<FlagRecord[]> {
      if (!isUuid(citizenId)) return []
      const inForce = or(isNull(citizenFlags.until), gt(citizenFlags.until, sql`now()`))
      const rows = await db
        .select()
        .from(citizenFlags)
        .where(and(eq(citizenFlags.citizenId, citizenId), isNull(citizenFlags.liftedAt), inForce))
        .orderBy(desc(citizenFlags.id))
        .catch(rethrow)
      return rows.map(toFlag)
    },

    /**
     * @param by a person; who sets a restriction also approves it
     * @throws StoreError CTI_ERR_CITIZEN_NOT_FOUND | CTI_ERR_FLAG_INVALID | CTI_ERR_REFERENCE_NOT_FOUND (unknown agent)
     */
    async create(citizenId: string, input: FlagInput, by: string): Promise<FlagRecord> {
      refuseResidentNumbers(input.note)
      if (input.kind === 'keep_apart' && input.agentId === undefined)
        throw new StoreError('CTI_ERR_FLAG_INVALID', 'keep_apart needs an agent.')
      if (input.kind === 'restricted' && input.until === undefined)
        throw new StoreError('CTI_ERR_FLAG_INVALID', 'A restriction needs an end.')
      const known = isUuid(citizenId)
        ? await db.select({ id: citizens.id }).from(citizens).where(eq(citizens.id, citizenId)).catch(rethrow)
        : []
      if (known.length === 0) throw new StoreError('CTI_ERR_CITIZEN_NOT_FOUND', 'No such citizen.')
      const rows = await db
        .insert(citizenFlags)
        .values({
          id: newId(),
          citizenId,
          kind: input.kind,
          agentId: input.agentId,
          note: input.note,
          createdBy: by,
          until: input.until === undefined ? undefined : new Date(input.until),
          approvedBy: input.kind === 'restricted' ? by : undefined,
        })
        .returning()
        .catch(rethrow)
      return toFlag(rows[0]!)
    },

    /** Ends a flag; the row stays. @throws StoreError CTI_ERR_FLAG_NOT_FOUND */
    async lift(citizenId: string, flagId: string, by: string): Promise<void> {
      const rows =
        isUuid(citizenId) && isUuid(flagId)
          ? await db
              .update(citizenFlags)
              .set({
                liftedAt: sql`coalesce(lifted_at, now())`,
                liftedBy: sql`coalesce(lifted_by, ${by})`,
                updatedAt: sql`now()`,
                version: sql`version + 1`,
              })
              .where(and(eq(citizenFlags.id, flagId), eq(citizenFlags.citizenId, citizenId)))
              .returning({ id: citizenFlags.id })
              .catch(rethrow)
          : []
      if (rows.length === 0) throw new StoreError('CTI_ERR_FLAG_NOT_FOUND', 'No such flag.')
    },
  }
}

function toFlag(row: typeof citizenFlags.$inferSelect): FlagRecord {
  return {
    id: row.id,
    citizenId: row.citizenId ?? '',
    kind: row.kind,
    agentId: row.agentId ?? undefined,
    note: row.note ?? undefined,
    until: row.until?.toISOString(),
    approvedBy: row.approvedBy ?? undefined,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    version: row.version,
  }
}

function rethrow(error: unknown): never {
  throw toStoreError(error)
}
