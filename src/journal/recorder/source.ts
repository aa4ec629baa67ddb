import type { Redis } from 'ioredis'
import { keyOf } from '../../platform/keys.js'
import { LATE, within } from '../../platform/within.js'
import { parseEntry, type StreamEntry } from '../parse.js'
import type { Position } from './position.js'
import type { ReadEntry } from './record.js'

export const RECORDER_GROUP = 'recorder'
/** Whichever instance records uses this name, so that nothing stays pending with a consumer that is gone. */
const CONSUMER = 'recorder'
const BATCH = 500
const BLOCK_MS = 500
/** A read this much later than its time (ms) is lost. */
const LOST_MS = 3_000

/** The journal as the recorder reads it: a consumer group whose position is set from the record, which alone is the truth. */
export class JournalSource {
  private readonly journal: string

  /** @param reading a connection of its own (it blocks) @param asking an ordinary connection */
  constructor(
    private readonly reading: Redis,
    private readonly asking: Redis,
    private readonly centre: string,
  ) {
    this.journal = keyOf(centre, 'journal')
  }

  /** The present epoch; undefined when Redis is empty and nothing was written yet. */
  async epoch(): Promise<string | undefined> {
    return (await this.asking.get(keyOf(this.centre, 'epoch'))) ?? undefined
  }

  /** Number of the newest event. */
  async newest(): Promise<number> {
    return Number((await this.asking.get(keyOf(this.centre, 'seq'))) ?? 0)
  }

  /** Sets the group to read on after `seq`, and acknowledges what a killed recorder had stored but not acknowledged. */
  async seek(seq: number): Promise<void> {
    await this.asking
      .xgroup('CREATE', this.journal, RECORDER_GROUP, `${seq}-0`, 'MKSTREAM')
      .catch(async (error: Error) => {
        if (!error.message.startsWith('BUSYGROUP')) throw error
        await this.asking.xgroup('SETID', this.journal, RECORDER_GROUP, `${seq}-0`)
      })
    for (;;) {
      const pending = (await this.asking.xpending(this.journal, RECORDER_GROUP, '-', `${seq}-0`, 1_000)) as [
        string,
        ...unknown[],
      ][]
      if (pending.length === 0) return
      await this.asking.xack(this.journal, RECORDER_GROUP, ...pending.map(([id]) => id))
    }
  }

  /** The next events; empty when none came within half a second. @throws Error (NOGROUP) when Redis was emptied */
  async read(epoch: string): Promise<ReadEntry[]> {
    const reading = this.reading.xreadgroup(
      'GROUP',
      RECORDER_GROUP,
      CONSUMER,
      'COUNT',
      BATCH,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      this.journal,
      '>',
    )
    const answer = (await within(reading, BLOCK_MS + LOST_MS)) as [string, StreamEntry[]][] | null | typeof LATE
    // A read whose connection was lost may never settle (ioredis, given up while reconnecting): begin again from the record.
    if (answer === LATE) throw new Error('the journal did not answer')
    return (answer?.[0]?.[1] ?? []).map((entry) => toRead(epoch, entry))
  }

  /** Whether the journal has any event of these numbers. */
  async holds(from: number, to: number): Promise<boolean> {
    return (await this.asking.xrange(this.journal, `${from}-0`, `${to}-0`, 'COUNT', 1)).length > 0
  }

  async acknowledge(entries: readonly ReadEntry[]): Promise<void> {
    if (entries.length > 0)
      await this.asking.xack(this.journal, RECORDER_GROUP, ...entries.map(({ seq }) => `${seq}-0`))
  }

  /**
   * Redis may come back without its last second (append-only file written once a second): then numbers are given out anew.
   * @returns where to read on: the stored position when the journal still holds that very event or has trimmed it, else the
   * last event that is not newer than what is stored
   */
  async findCommon(stored: Position): Promise<number> {
    const [at] = (await this.asking.xrange(this.journal, `${stored.seq}-0`, `${stored.seq}-0`)) as StreamEntry[]
    if (at && timeOf(at) === stored.time) return stored.seq
    const newest = await this.newest()
    if (!at && newest >= stored.seq) return stored.seq
    let before = '+'
    for (;;) {
      const entries = (await this.asking.xrevrange(this.journal, before, '-', 'COUNT', 500)) as StreamEntry[]
      const common = entries.find((entry) => timeOf(entry) <= stored.time)
      if (common) return Number.parseInt(common[0], 10)
      const oldest = entries.at(-1)
      if (!oldest) return Math.min(newest, stored.seq)
      before = `(${oldest[0]}`
    }
  }
}

function timeOf([, fields]: StreamEntry): number {
  const at = fields.indexOf('time')
  return at < 0 ? Number.NaN : Number(fields[at + 1])
}

function toRead(epoch: string, entry: StreamEntry): ReadEntry {
  const seq = Number.parseInt(entry[0], 10)
  const time = timeOf(entry)
  if (!Number.isSafeInteger(time) || Math.abs(time) > 8.64e15) return { seq, time: 0, unreadable: true }
  try {
    return { seq, time, event: parseEntry(epoch, entry) }
  } catch {
    return { seq, time, unreadable: true }
  }
}
