import type pg from 'pg'
import { toStoreError } from '../../platform/postgres/errors.js'
import type { Sealing } from '../../platform/sealing.js'
import type { AnyJournalEvent } from '../events.js'
import type { RowChange } from './changes.js'
import { foldChanges } from './fold.js'
import { movePosition, type Position } from './position.js'
import { reduceEvent } from './reduce.js'
import { writeFolded } from './write.js'

/** What a batch became. */
export interface Recorded {
  readonly position: Position
  /** Events that no transaction took; they stand in recorder_rejects. */
  readonly rejected: number
}

/** A stream entry that was read. */
export interface ReadEntry {
  readonly seq: number
  /** epoch ms */
  readonly time: number
  /** Absent: a type that this release does not know; nothing to record. */
  readonly event?: AnyJournalEvent
  /** The entry could not be read at all. */
  readonly unreadable?: boolean
}

/** Refused because of the values, now and for ever; anything else is worth trying again. */
const REFUSED: ReadonlySet<string> = new Set([
  'CTI_ERR_VALUE_REFUSED',
  'CTI_ERR_CONFLICT',
  'CTI_ERR_REFERENCE_NOT_FOUND',
])

/**
 * Records a batch in one transaction together with the position after it. When PostgreSQL refuses the batch because of a
 * value, each event gets its own transaction, and the one that is refused again is set aside by number and type.
 * @throws StoreError when the database is away or busy: nothing was changed, try again; PositionMoved when another recorder wrote
 */
export async function recordBatch(
  client: pg.ClientBase,
  centre: string,
  from: Position | undefined,
  epoch: string,
  entries: readonly ReadEntry[],
  sealing: Sealing,
): Promise<Recorded> {
  const last = entries.at(-1)!
  const to: Position = { epoch, seq: last.seq, time: last.time }
  const { changes, broken } = reduceAll(entries)
  try {
    await inTransaction(client, async () => {
      await movePosition(client, centre, from, to)
      await writeFolded(client, foldChanges(changes), sealing)
      for (const entry of broken) await setAside(client, centre, epoch, entry, 'CTI_ERR_EVENT_UNREADABLE')
    })
    return { position: to, rejected: broken.length }
  } catch (error) {
    const { code } = toStoreError(error)
    if (!REFUSED.has(code)) throw error
    if (entries.length > 1) return recordOneByOne(client, centre, from, epoch, entries, sealing)
    await inTransaction(client, async () => {
      await movePosition(client, centre, from, to)
      await setAside(client, centre, epoch, last, code)
    })
    return { position: to, rejected: 1 }
  }
}

function reduceAll(entries: readonly ReadEntry[]): { changes: RowChange[]; broken: ReadEntry[] } {
  const changes: RowChange[] = []
  const broken: ReadEntry[] = []
  for (const entry of entries) {
    try {
      if (entry.unreadable) broken.push(entry)
      else if (entry.event) changes.push(...reduceEvent(entry.event))
    } catch {
      broken.push(entry) // a payload without what its type promises
    }
  }
  return { changes, broken }
}

async function recordOneByOne(
  client: pg.ClientBase,
  centre: string,
  from: Position | undefined,
  epoch: string,
  entries: readonly ReadEntry[],
  sealing: Sealing,
): Promise<Recorded> {
  let position = from
  let rejected = 0
  for (const entry of entries) {
    const recorded = await recordBatch(client, centre, position, epoch, [entry], sealing)
    position = recorded.position
    rejected += recorded.rejected
  }
  return { position: position!, rejected }
}

async function setAside(
  client: pg.ClientBase,
  centre: string,
  epoch: string,
  entry: ReadEntry,
  code: string,
): Promise<void> {
  await client.query(
    'INSERT INTO recorder_rejects (centre_id, epoch, seq, type, code) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [centre, epoch, entry.seq, entry.event?.type ?? 'unknown', code],
  )
}

export async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
