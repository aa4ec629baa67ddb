import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { keyOf } from '../platform/keys.js'
import { within } from '../platform/within.js'
import type { AnyJournalEvent } from './events.js'
import { parseEntry, type StreamEntry } from './parse.js'
import type { FeedReset, JournalFeed } from './ports.js'
import { ensureEpoch } from './writer.js'

/** How long one blocking read waits (ms); after one in vain it is checked that the journal is still the same. */
const BLOCK_MS = 1_000
const BATCH = 500
const RETRY_MS = 200
/** How long `stop` waits for the read under way (ms). */
const STOP_MS = 500

export interface RunningFeed extends JournalFeed {
  start(): Promise<void>
  stop(): Promise<void>
}

/** What tells two entries apart that got the same number. */
const markOf = ([, fields]: StreamEntry): string => fields.join('\0')

/**
 * The live reader of the journal, one in each instance. Handlers run synchronously, in the order they subscribed, one event
 * after the other: whoever subscribed first has seen an event before the next one acts on it.
 *
 * @param reading a connection of its own (it blocks)
 * @param asking an ordinary connection
 */
export function createJournalFeed(reading: Redis, asking: Redis, centre: string, logger: Logger): RunningFeed {
  const journal = keyOf(centre, 'journal')
  const handlers: { name: string; handle: (event: AnyJournalEvent) => void }[] = []
  const resets: ((why: FeedReset) => unknown)[] = []
  let epoch = ''
  let last = 0
  /** The entry with the number `last`, as it was delivered. */
  let mark: string | undefined
  /** The connection was lost: Redis may have come back as another one, so nothing is delivered before that is looked at. */
  let doubtful = false
  let running = false
  let loop: Promise<void> | undefined

  const deliver = (entry: StreamEntry): void => {
    last = Number.parseInt(entry[0], 10)
    mark = markOf(entry)
    const event = parseEntry(epoch, entry)
    if (!event) return
    for (const { name, handle } of handlers) {
      try {
        handle(event)
      } catch (error) {
        logger.error({ err: error, reader: name, type: event.type, seq: event.seq }, 'a journal reader failed')
      }
    }
  }

  const tellReset = async (why: FeedReset): Promise<void> => {
    for (const reset of resets) {
      try {
        await reset(why)
      } catch (error) {
        logger.error({ err: error, why }, 'a journal reader could not begin anew')
      }
    }
  }

  /** Takes up a position; the events up to there are not delivered. */
  const goTo = (seq: number, entry: StreamEntry | undefined): void => {
    last = seq
    mark = entry && markOf(entry)
  }

  /**
   * Is the journal still the one that was read? Emptied: another epoch. Killed with its append-only file a second behind: the last
   * numbers are missing, or stand for other events by now.
   * @returns whether it is the same
   */
  const verify = async (): Promise<boolean> => {
    const now = await lookAt(last)
    if (now.epoch !== epoch) {
      logger.warn({ epoch: now.epoch }, 'the journal began anew')
      epoch = now.epoch
      goTo(0, undefined)
      await tellReset('other_epoch')
    } else if (now.seq < last || (mark !== undefined && (now.at === undefined || markOf(now.at) !== mark))) {
      logger.error({ delivered: last, found: now.seq }, 'Redis came back without its newest events')
      // Whoever resumes from a number that was given out twice may have seen the lost event: only a snapshot helps.
      await asking.zadd(keyOf(centre, 'doubt'), 'GT', last, epoch)
      goTo(now.seq, (await lookAt(now.seq)).at)
      await tellReset('ahead')
    } else {
      doubtful = false
      return true
    }
    doubtful = false
    return false
  }

  const lookAt = async (seq: number): Promise<{ epoch: string; seq: number; at: StreamEntry | undefined }> => {
    await ensureEpoch(asking, centre)
    const answers = await asking
      .multi()
      .get(keyOf(centre, 'epoch'))
      .get(keyOf(centre, 'seq'))
      .xrange(journal, `${seq}-0`, `${seq}-0`)
      .exec()
    const [now, newest, entries] = (answers ?? []).map(([, value]) => value) as [string, string | null, StreamEntry[]]
    return { epoch: now, seq: Number(newest ?? 0), at: entries[0] }
  }

  const read = async (): Promise<void> => {
    const answer = await reading.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', journal, `${last}-0`)
    if ((answer === null || doubtful) && !(await verify())) return
    if (answer === null) return
    for (const [, entries] of answer) for (const entry of entries) deliver(entry)
  }

  const run = async (): Promise<void> => {
    while (running) {
      try {
        await read()
      } catch (error) {
        if (!running) return
        logger.warn({ err: error }, 'journal cannot be read, trying again')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  return {
    async start() {
      const { seq } = await lookAt(0)
      const now = await lookAt(seq)
      epoch = now.epoch
      goTo(seq, now.at)
      reading.on('close', () => {
        doubtful = true
      })
      running = true
      loop = run()
    },
    async stop() {
      running = false
      reading.disconnect()
      // A read whose connection was already lost never settles once the reconnecting is given up: do not wait for it.
      await within(Promise.resolve(loop), STOP_MS)
    },
    subscribe(name, handle) {
      const entry = { name, handle }
      handlers.push(entry)
      return () => {
        const at = handlers.indexOf(entry)
        if (at >= 0) handlers.splice(at, 1)
      }
    },
    onReset(listener) {
      resets.push(listener)
    },
    async readAfter(of, seq, limit) {
      const answers = await asking
        .multi()
        .get(keyOf(centre, 'epoch'))
        .xrange(journal, '-', '+', 'COUNT', 1)
        .xrange(journal, `(${seq}-0`, '+', 'COUNT', limit)
        .exec()
      const [now, first, entries] = (answers ?? []).map(([, value]) => value) as [
        string | null,
        StreamEntry[],
        StreamEntry[],
      ]
      const oldest = first?.[0] === undefined ? undefined : Number.parseInt(first[0][0], 10)
      // Trimmed past the position (or nothing kept at all although something was written): only a snapshot helps.
      if (now !== of) return undefined
      if (oldest === undefined ? seq !== 0 : oldest > seq + 1) return undefined
      return (entries ?? []).flatMap((entry) => parseEntry(of, entry) ?? [])
    },
    async isDoubtful(of, seq) {
      const highest = await asking.zscore(keyOf(centre, 'doubt'), of)
      return highest !== null && seq <= Number(highest)
    },
    async position() {
      return { epoch, seq: last }
    },
  }
}
