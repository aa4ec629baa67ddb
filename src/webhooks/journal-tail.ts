import type { Redis } from 'ioredis'
import type { AnyJournalEvent } from '../journal/events.js'
import { parseEntry, type StreamEntry } from '../journal/parse.js'
import { JournalSource } from '../journal/recorder/source.js'
import { ensureEpoch } from '../journal/writer.js'
import { keyOf } from '../platform/keys.js'
import type { Place } from './model.js'

const BATCH = 500

/** A piece of the journal: what this release can read of it, and where it ends. */
export interface Piece {
  readonly events: readonly AnyJournalEvent[]
  readonly end: Place
  /** Numbers that should have come first and are trimmed away: nobody can have them any more. */
  readonly missing?: { readonly from: number; readonly to: number }
}

/** The journal as the outbox reads it: from places that PostgreSQL keeps. */
export class JournalTail {
  private readonly source: JournalSource

  constructor(
    private readonly redis: Redis,
    private readonly centre: string,
  ) {
    this.source = new JournalSource(redis, redis, centre)
  }

  /** Epoch and number of the newest event; undefined before the first one. */
  async newest(): Promise<{ epoch: string; seq: number } | undefined> {
    const [epoch, seq] = await this.redis.mget(keyOf(this.centre, 'epoch'), keyOf(this.centre, 'seq'))
    return typeof epoch === 'string' ? { epoch, seq: Number(seq ?? 0) } : undefined
  }

  /** Where the journal ends now: a new subscription begins behind it. */
  async end(): Promise<Place> {
    const epoch = await ensureEpoch(this.redis, this.centre)
    const [last] = (await this.redis.xrevrange(keyOf(this.centre, 'journal'), '+', '-', 'COUNT', 1)) as StreamEntry[]
    const newest = await this.newest()
    return last === undefined ? { epoch, seq: newest?.seq ?? 0, time: 0 } : placeOf(epoch, last)
  }

  /**
   * The number to read on after. Its own, unless Redis was emptied (another epoch), or came back without its last second and gives numbers
   * out again: then the last one that both have.
   */
  async readAfter(place: Place, epoch: string): Promise<number> {
    if (place.epoch !== epoch || place.seq === 0) return 0
    return this.source.findCommon(place)
  }

  async read(epoch: string, after: number): Promise<Piece> {
    const journal = keyOf(this.centre, 'journal')
    const entries = (await this.redis.xrange(journal, `(${after}-0`, '+', 'COUNT', BATCH)) as StreamEntry[]
    const [first, last] = [entries[0], entries.at(-1)]
    if (first === undefined || last === undefined) return { events: [], end: { epoch, seq: after, time: 0 } }
    const begins = Number.parseInt(first[0], 10)
    return {
      events: entries.flatMap((entry) => readable(epoch, entry)),
      end: placeOf(epoch, last),
      missing: begins > after + 1 ? { from: after + 1, to: begins - 1 } : undefined,
    }
  }
}

/** What nobody can read is passed over; the recorder keeps it apart and says so. */
function readable(epoch: string, entry: StreamEntry): AnyJournalEvent[] {
  try {
    const event = parseEntry(epoch, entry)
    return event !== undefined && Number.isSafeInteger(event.time) ? [event] : []
  } catch {
    return []
  }
}

function placeOf(epoch: string, [id, fields]: StreamEntry): Place {
  const at = fields.indexOf('time')
  const time = at < 0 ? 0 : Number(fields[at + 1])
  return { epoch, seq: Number.parseInt(id, 10), time: Number.isSafeInteger(time) ? time : 0 }
}
