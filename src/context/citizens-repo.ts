import { and, arrayContains, asc, eq, or, type SQL, sql } from 'drizzle-orm'
import { newId } from '../platform/ids.js'
import { StoreError, toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { citizens } from '../platform/postgres/schema/index.js'
import type { Sealing } from '../platform/sealing.js'
import { isUuid, present, refuseResidentNumbers, requirePhone } from './guards.js'
import { normaliseNumber } from './numbers.js'
import { decodeCursor, type Page, pageLimit, toPage } from './page.js'

export interface CitizenRecord {
  id: string
  name: string
  phone?: string
  morePhones: string[]
  language?: string
  vulnerable: boolean
  notes?: string
  createdAt: string
  updatedAt: string
  version: number
}
export interface CitizenInput {
  name: string
  phone?: string
  morePhones?: string[]
  language?: string
  vulnerable?: boolean
  notes?: string
}
/** Absent keeps, null clears. */
export interface CitizenChanges {
  name?: string
  phone?: string | null
  morePhones?: string[]
  language?: string | null
  vulnerable?: boolean
  notes?: string | null
}
export interface CitizenSearch {
  phone?: string
  /** Last four digits of any of the numbers. */
  phoneLast4?: string
  /** Beginning of the name. */
  name?: string
  limit?: number
  cursor?: string
}

/** People the centre knows. Numbers are normalised and sealed on the way in; a resident registration number in a text is refused. */
export function createCitizensRepo({ db }: Postgres, sealing: Sealing) {
  const toCitizen = (row: CitizenRow) => openCitizen(row, sealing)
  return {
    async create(input: CitizenInput, by: string): Promise<CitizenRecord> {
      refuseResidentNumbers(input.name, input.notes)
      const values = { ...input, ...sealPhones(phonesOf(input), sealing), id: newId(), createdBy: by }
      const rows = await db.insert(citizens).values(values).returning().catch(rethrow)
      return toCitizen(rows[0]!)
    },

    async read(id: string): Promise<CitizenRecord | undefined> {
      if (!isUuid(id)) return undefined
      const rows = await db.select().from(citizens).where(eq(citizens.id, id)).catch(rethrow)
      return rows[0] && toCitizen(rows[0])
    },

    /** @throws StoreError CTI_ERR_CITIZEN_NOT_FOUND | CTI_ERR_VERSION_MISMATCH (somebody changed it since `version`) */
    async update(id: string, version: number, changes: CitizenChanges, by: string): Promise<CitizenRecord> {
      refuseResidentNumbers(changes.name, changes.notes)
      const set = {
        ...present({ ...changes, ...sealPhones(phonesOf(changes), sealing) }),
        updatedBy: by,
        updatedAt: sql`now()`,
        version: sql`version + 1`,
      }
      const rows = isUuid(id)
        ? await db
            .update(citizens)
            .set(set)
            .where(and(eq(citizens.id, id), eq(citizens.version, version)))
            .returning()
            .catch(rethrow)
        : []
      if (rows[0]) return toCitizen(rows[0])
      if ((await this.read(id)) === undefined) throw new StoreError('CTI_ERR_CITIZEN_NOT_FOUND', 'No such citizen.')
      throw new StoreError('CTI_ERR_VERSION_MISMATCH', 'Somebody changed it meanwhile.')
    },

    /** By number (exactly) and beginning of the name, in the order of names. */
    async search(search: CitizenSearch): Promise<Page<CitizenRecord>> {
      const limit = pageLimit(search.limit)
      const filters: (SQL | undefined)[] = []
      if (search.phone !== undefined) {
        const phone = normaliseNumber(search.phone)
        if (phone === undefined) return { items: [] }
        const index = sealing.index(phone)
        filters.push(or(eq(citizens.phoneIndex, index), arrayContains(citizens.morePhonesIndex, [index])))
      }
      if (search.phoneLast4 !== undefined) {
        const four = sealing.fourDigits(search.phoneLast4)
        filters.push(or(eq(citizens.phoneLast4, four), arrayContains(citizens.morePhonesLast4, [four])))
      }
      if (search.name !== undefined)
        filters.push(sql`${citizens.name} LIKE ${`${search.name.replaceAll(/[\\%_]/g, '\\$&')}%`}`)
      if (search.cursor !== undefined) {
        const [id = ''] = decodeCursor(search.cursor, 1)
        if (!isUuid(id)) throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
        // The cursor names the row, never the person: readers without pii:read get it, too.
        filters.push(sql`(${citizens.name}, ${citizens.id}) > (SELECT c.name, c.id FROM citizens c WHERE c.id = ${id})`)
      }
      const rows = await db
        .select()
        .from(citizens)
        .where(and(...filters))
        .orderBy(asc(citizens.name), asc(citizens.id))
        .limit(limit + 1)
        .catch(rethrow)
      return toPage(rows, limit, toCitizen, (row) => [row.id])
    },
  }
}

type CitizenRow = typeof citizens.$inferSelect

function phonesOf(input: { phone?: string | null; morePhones?: string[] }) {
  return {
    phone: input.phone === undefined || input.phone === null ? input.phone : requirePhone(input.phone),
    morePhones: input.morePhones && [...new Set(input.morePhones.map(requirePhone))],
  }
}

/** The columns of the numbers: sealed, and what finds them. Absent stays absent, null clears. */
function sealPhones({ phone, morePhones }: ReturnType<typeof phonesOf>, sealing: Sealing) {
  return {
    ...(phone === undefined
      ? {}
      : phone === null
        ? { phone, phoneIndex: null, phoneLast4: null }
        : {
            phone: sealing.seal(phone),
            phoneIndex: sealing.index(phone),
            phoneLast4: sealing.lastFour(phone) ?? null,
          }),
    ...(morePhones && {
      morePhones: morePhones.map((each) => sealing.seal(each)),
      morePhonesIndex: morePhones.map((each) => sealing.index(each)),
      morePhonesLast4: morePhones.flatMap((each) => sealing.lastFour(each) ?? []),
    }),
  }
}

function openCitizen(row: CitizenRow, sealing: Sealing): CitizenRecord {
  return {
    id: row.id,
    name: row.name,
    phone: row.phone === null ? undefined : sealing.open(row.phone),
    morePhones: row.morePhones.map((each) => sealing.open(each)),
    language: row.language ?? undefined,
    vulnerable: row.vulnerable,
    notes: row.notes ?? undefined,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  }
}

function rethrow(error: unknown): never {
  throw toStoreError(error)
}
