import { type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { keyPrefix } from '../platform/keys.js'

/** The name of the BullMQ queue, for the board. */
export const CHORE_QUEUE = 'callback-chores'

/** A recurring piece of work of the whole centre, done by one instance at a time. Twice must be harmless. */
export interface Chore {
  readonly name: string
  /** Every so many ms, or at times of the centre's wall clock (cron). */
  readonly when: { readonly every: number } | { readonly pattern: string }
  run(): Promise<unknown>
}

export interface ChoresOptions {
  readonly connect: (name: string) => Redis
  readonly centre: string
  /** IANA zone of the patterns: BullMQ follows its daylight changes. */
  readonly zone: () => string
  readonly chores: readonly Chore[]
  readonly logger: Pick<Logger, 'warn'>
}

export interface Chores {
  start(): Promise<void>
  /** Puts the schedules in again when Redis has lost them; cheap when it has not. */
  restore(): Promise<void>
  stop(): Promise<void>
}

/** Schedules of the call-backs' recurring work (`upsertJobScheduler`). A chore that fails because something is away is done at its next turn. */
export function createChores(options: ChoresOptions): Chores {
  const { connect, centre, zone, chores, logger } = options
  const prefix = `${keyPrefix(centre)}jobs`
  const byName = new Map(chores.map((chore) => [chore.name, chore]))
  let parts: { queue: Queue; worker: Worker; connections: Redis[] } | undefined
  let scheduledFor: string | undefined

  const schedule = async (queue: Queue): Promise<void> => {
    const tz = zone()
    for (const { name, when } of chores) {
      const repeat = 'every' in when ? when : { ...when, tz }
      await queue.upsertJobScheduler(name, repeat, {
        name,
        opts: { removeOnComplete: true, removeOnFail: { count: 20 } },
      })
    }
    scheduledFor = tz
  }

  return {
    async start() {
      if (parts) return
      const connections = [connect('callback-chores'), connect('callback-chore-worker')]
      const queue = new Queue(CHORE_QUEUE, { connection: connections[0]!, prefix })
      const worker = new Worker(CHORE_QUEUE, async (job: Job) => byName.get(job.name)?.run(), {
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
      await schedule(queue)
    },
    async restore() {
      if (!parts) return
      const { queue } = parts
      if (scheduledFor !== zone() || (await queue.getJobSchedulersCount()) < chores.length) await schedule(queue)
    },
    async stop() {
      if (!parts) return
      const { queue, worker, connections } = parts
      parts = undefined
      await worker.close(connections[1]!.status !== 'ready')
      await queue.close()
      for (const connection of connections) connection.disconnect()
    },
  }
}
