import { type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { endLostContacts } from '../journal/lost.js'
import { trimJournal } from '../journal/trim.js'
import { createJournalWriter } from '../journal/writer.js'
import { systemClock } from './clock.js'
import { keyPrefix } from './keys.js'
import type { Postgres } from './postgres/pool.js'

export interface HousekeepingOptions {
  readonly redis: Redis
  /** Opens another connection to the same Redis. */
  readonly connect: (name: string) => Redis
  readonly postgres: Postgres
  readonly centre: string
  /** Events of the journal that stay for clients that resume (CTI_JOURNAL_KEEP). */
  readonly keep: number
  /** What other rooms have done regularly. */
  readonly chores?: readonly Chore[]
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** Something that one instance at a time does every so often; it may be cut off anywhere and is done again. */
export interface Chore {
  /** Lower case and dashes. */
  readonly name: string
  readonly everyMs: number
  run(): Promise<number>
}

export interface Housekeeping {
  start(): Promise<void>
  stop(): Promise<void>
}

const TRIM_EVERY_MS = 60_000
const PURGE_EVERY_MS = 3_600_000
const END_LOST_EVERY_MS = 60_000

/**
 * Chores of the whole centre, each done by one instance at a time (a job is taken by one worker): the journal is trimmed,
 * refresh tokens that have expired are deleted, and contacts whose end nobody saw are ended. A chore that fails because something is away is done at its next turn.
 */
export function createHousekeeping(options: HousekeepingOptions): Housekeeping {
  const { redis, connect, postgres, centre, keep, logger } = options
  // The centre's hash tag keeps BullMQ's own scripts within one slot.
  const prefix = `${keyPrefix(centre)}jobs`
  const journal = createJournalWriter(redis, centre)
  let parts: { queue: Queue; worker: Worker; connections: Redis[] } | undefined

  const { chores = [] } = options

  const perform = async (job: Job): Promise<number> => {
    const chore = chores.find(({ name }) => name === job.name)
    if (chore !== undefined) return chore.run()
    if (job.name === 'trim-journal') return trimJournal(redis, postgres.pool, centre, keep)
    if (job.name === 'end-lost') return endLostContacts(redis, postgres.pool, journal, centre, systemClock())
    await postgres.query('DELETE FROM sessions WHERE expires_at < now()')
    const { rowCount } = await postgres.query('DELETE FROM refresh_tokens WHERE expires_at < now()')
    return rowCount ?? 0
  }

  return {
    async start() {
      if (parts) return
      const connections = [connect('jobs'), connect('worker')]
      const queue = new Queue('housekeeping', { connection: connections[0]!, prefix })
      const worker = new Worker('housekeeping', perform, {
        connection: connections[1]!,
        prefix,
        concurrency: 1,
      })
      parts = { queue, worker, connections }
      queue.on('error', () => {}) // said by the connection's owner; BullMQ goes on by itself
      worker.on('error', () => {})
      worker.on('failed', (job, error) =>
        logger.warn({ chore: job?.name, type: error.name }, 'chore failed, done again at its next turn'),
      )
      const kept = { removeOnComplete: true, removeOnFail: { count: 20 } }
      await queue.upsertJobScheduler('trim-journal', { every: TRIM_EVERY_MS }, { name: 'trim-journal', opts: kept })
      await queue.upsertJobScheduler('purge-expired', { every: PURGE_EVERY_MS }, { name: 'purge-expired', opts: kept })
      for (const { name, everyMs } of chores)
        await queue.upsertJobScheduler(name, { every: everyMs }, { name, opts: kept })
      await queue.upsertJobScheduler('end-lost', { every: END_LOST_EVERY_MS }, { name: 'end-lost', opts: kept })
    },
    async stop() {
      if (!parts) return
      const { queue, worker, connections } = parts
      parts = undefined
      // Ends after the job in hand; while Redis is away nothing can be waited for.
      await worker.close(connections[1]!.status !== 'ready')
      await queue.close()
      for (const connection of connections) connection.disconnect()
    },
  }
}
