import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { keyOf } from '../platform/keys.js'
import { within } from '../platform/within.js'
import type { AnyJournalEvent } from './events.js'
import { parseEntry, type StreamEntry } from './parse.js'
import type { JournalFeed } from './ports.js'
import { ensureEpoch } from './writer.js'

/** How long one blocking read waits (ms); between reads the epoch is checked. */
const BLOCK_MS = 1_000
const BATCH = 500
const RETRY_MS = 200
/** How long `stop` waits for the read under way (ms). */
const STOP_MS = 500

export interface RunningFeed extends JournalFeed {
  start(): Promise<void>
  stop(): Promise<void>
}

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
  const resets: (() => void)[] = []
  let epoch = ''
  let last = 0
  let running = false
  let loop: Promise<void> | undefined

  const deliver = (entry: StreamEntry): void => {
    last = Number.parseInt(entry[0], 10)
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

  /** A new epoch: Redis began from nothing and counts from 1 again. */
  const followEpoch = async (): Promise<void> => {
    const now = await ensureEpoch(asking, centre)
    if (now === epoch) return
    logger.warn({ epoch: now }, 'the journal began anew')
    epoch = now
    last = 0
    for (const reset of resets) reset()
  }

  const read = async (): Promise<void> => {
    const answer = await reading.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', journal, `${last}-0`)
    if (answer === null) return followEpoch()
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
        await followEpoch().catch(() => undefined)
      }
    }
  }

  return {
    async start() {
      epoch = await ensureEpoch(asking, centre)
      last = Number((await asking.get(keyOf(centre, 'seq'))) ?? 0)
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
    async position() {
      return { epoch, seq: last }
    },
  }
}
