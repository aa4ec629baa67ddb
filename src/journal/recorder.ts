import type { Redis } from 'ioredis'
import type pg from 'pg'
import type { Logger } from 'pino'
import { around } from '../platform/fault.js'
import { toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { closeOldEpoch, movePosition, type Position, PositionMoved, readPosition } from './recorder/position.js'
import { inTransaction, type Recorded, recordBatch } from './recorder/record.js'
import { JournalSource } from './recorder/source.js'

export interface RecorderOptions {
  /** Used for short commands; a second connection is made from it for reading. */
  readonly redis: Redis
  readonly postgres: Postgres
  readonly centre: string
  /** For callers' numbers. */
  readonly sealing: Sealing
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
}

export interface Recorder {
  start(): void
  /** Ends after the batch in hand. */
  stop(): Promise<void>
  /** How many events of the journal are not in the record yet. Rejects when Redis, or on a standby PostgreSQL, is away. */
  lag(): Promise<number>
}

/** Any number that no other lock of the database uses, with the centre's hash as its second part. */
const LOCK = 1_200_122
const STANDBY_MS = 1_000
/** After a batch smaller than this, so long (ms) until the next is read: the record is that much behind, and no more. */
const GATHERED = 100
const GATHER_MS = 200
const BACKOFF_MS = [50, 100, 250, 500, 1_000, 2_000, 5_000] as const

/**
 * Brings the journal into the record, exactly once: the position stands in PostgreSQL in the same transaction as the rows, and
 * what Redis remembers of the consumer group follows it. One recorder works at a time (session lock); the others wait to take
 * over. Whatever goes away, it tries again for ever, and begins from the stored position.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { redis, postgres, centre, logger } = options
  const reading = redis.duplicate()
  reading.on('error', () => {}) // said by the connection it was made from
  const source = new JournalSource(reading, redis, centre)
  const pause = createPause()
  let running = false
  let loop: Promise<void> | undefined
  let position: Position | undefined
  let active = false

  const run = async (): Promise<void> => {
    let attempt = 0
    while (running) {
      try {
        const worked = await withLock(postgres, centre, async (client, isAlive) => {
          active = true
          await follow(client, isAlive, () => {
            if (attempt > 0) logger.info({ seq: position?.seq }, 'recorder works again')
            attempt = 0
          })
        })
        if (!worked) await pause.wait(STANDBY_MS)
      } catch (error) {
        if (!running) return
        const { code } = toStoreError(error)
        const ours = error instanceof PositionMoved
        if (attempt === 0 && !ours)
          logger.warn({ code, type: (error as Error).name }, 'recorder pauses, events wait in the journal')
        await pause.wait(BACKOFF_MS[Math.min(attempt++, BACKOFF_MS.length - 1)] ?? 5_000)
      } finally {
        active = false
      }
    }
  }

  /** Reads and records until something fails or another epoch begins. */
  const follow = async (client: pg.PoolClient, isAlive: () => boolean, recovered: () => void): Promise<void> => {
    const epoch = await source.epoch()
    if (epoch === undefined) {
      await pause.wait(STANDBY_MS)
      return
    }
    position = await begin(client, epoch)
    await source.seek(position.seq)
    while (running && isAlive()) {
      const entries = await source.read(epoch)
      if ((await source.epoch()) !== epoch) return
      if (entries.length === 0) {
        recovered()
        continue
      }
      // Numbers given out a second time: Redis came back without its newest events; begin() finds where to read on.
      if (entries[0]!.seq <= position.seq) return
      // An answer of Redis was lost on the way (a read given up while Redis stood still takes events along), or somebody else read.
      if (entries[0]!.seq > position.seq + 1 && (await source.holds(position.seq + 1, entries[0]!.seq - 1))) {
        await source.seek(position.seq)
        continue
      }
      if (entries[0]!.seq > position.seq + 1)
        logger.error({ from: position.seq + 1, to: entries[0]!.seq - 1 }, 'events are missing in the journal')
      const from: Position = position
      const recorded: Recorded = await around('recorder', 'record', () =>
        recordBatch(client, centre, from, epoch, entries, options.sealing),
      )
      if (recorded.rejected > 0)
        logger.error({ rejected: recorded.rejected }, 'events could not be recorded, see recorder_rejects')
      position = recorded.position
      recovered()
      await around('recorder', 'acknowledge', () => source.acknowledge(entries))
      // A call makes many events in a few milliseconds: one transaction for all of them leaves the machine to the calls.
      if (entries.length < GATHERED) await pause.wait(GATHER_MS)
    }
  }

  /** Where to read on; a new epoch first closes what the old one left open. */
  const begin = async (client: pg.PoolClient, epoch: string): Promise<Position> => {
    const stored = await readPosition(client, centre)
    if (stored?.epoch === epoch) {
      const common = await source.findCommon(stored)
      if (common === stored.seq) return stored
      logger.error({ stored: stored.seq, found: common }, 'Redis came back without its newest events')
      const back: Position = { ...stored, seq: common }
      await inTransaction(client, () => movePosition(client, centre, stored, back))
      return back
    }
    const first: Position = { epoch, seq: 0, time: stored?.time ?? 0 }
    await inTransaction(client, async () => {
      await movePosition(client, centre, stored, first)
      if (stored) await closeOldEpoch(client, stored.time)
    })
    if (stored) logger.warn({ epoch }, 'the journal began anew, open rows were closed')
    return first
  }

  return {
    start() {
      if (loop) return
      running = true
      loop = run()
    },
    async stop() {
      running = false
      pause.end()
      reading.disconnect()
      await loop
    },
    async lag() {
      const [epoch, newest] = await Promise.all([source.epoch(), source.newest()])
      const stored = active && position ? position : await readPosition(postgres.pool, centre)
      return stored?.epoch === epoch ? Math.max(0, newest - (stored?.seq ?? 0)) : newest
    },
  }
}

/**
 * Runs `work` on one connection that holds the recorder's lock.
 * @returns false when another instance holds it
 */
async function withLock(
  postgres: Postgres,
  centre: string,
  work: (client: pg.PoolClient, isAlive: () => boolean) => Promise<void>,
): Promise<boolean> {
  const client = await postgres.pool.connect()
  let alive = true
  const lost = () => {
    alive = false
  }
  client.on('error', lost)
  client.on('end', lost)
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked',
      [LOCK, centre],
    )
    if (!rows[0]?.locked) return false
    await work(client, () => alive)
    return true
  } finally {
    // Never back into the pool: the end of the session is the end of the lock.
    client.release(true)
  }
}

/** Waiting that can be cut short, once and for all. */
function createPause(): { wait(ms: number): Promise<void>; end(): void } {
  const waking = new Set<() => void>()
  let ended = false
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        if (ended) return resolve()
        const wake = () => {
          clearTimeout(timer)
          waking.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        waking.add(wake)
      }),
    end() {
      ended = true
      for (const wake of [...waking]) wake()
    },
  }
}
