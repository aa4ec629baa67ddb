import { type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.js'
import { keyPrefix } from '../platform/keys.js'
import type { Callback } from './model.js'

/** The name of the BullMQ queue, for the board. */
export const ALARM_QUEUE = 'callback-alarms'

export interface AlarmClockOptions {
  /** Opens another connection to the same Redis. */
  readonly connect: (name: string) => Redis
  readonly centre: string
  readonly clock: Clock
  /** Told when an alarm goes off; rejects: it goes off again later. */
  readonly ring: (id: string) => Promise<void>
  readonly logger: Pick<Logger, 'warn'>
  /** Alarms that ring at the same time. */
  readonly concurrency?: number
}

type Due = Pick<Callback, 'id' | 'version' | 'dueAt'>

/** BullMQ as the alarm clock of the promises in PostgreSQL: a delayed job for each version of a row. Nothing is kept here only. */
export interface AlarmClock {
  start(): Promise<void>
  /** Sets an alarm; the same version a second time changes nothing. Waits for Redis while it is away. */
  arm(due: readonly Due[]): Promise<void>
  stop(): Promise<void>
}

/** An alarm is tried again while PostgreSQL is away, from 1 s to about 8 minutes apart; by then the sweep has found the row. */
const RETRY = { attempts: 10, backoff: { type: 'exponential', delay: 1_000 } } as const
/** Kept for the board. */
const KEEP = { removeOnComplete: { count: 100, age: 3_600 }, removeOnFail: { count: 100, age: 86_400 } } as const

/** Of one row and version. BullMQ adds no second job with the same id. */
export const alarmId = ({ id, version }: Pick<Due, 'id' | 'version'>): string => `${id}-${version}`

export function createAlarmClock(options: AlarmClockOptions): AlarmClock {
  const { connect, centre, clock, ring, logger } = options
  // The centre's hash tag keeps BullMQ's own scripts within one slot.
  const prefix = `${keyPrefix(centre)}jobs`
  let parts: { queue: Queue; worker: Worker; connections: Redis[] } | undefined

  return {
    async start() {
      if (parts) return
      const connections = [connect('alarms'), connect('alarm-worker')]
      const queue = new Queue(ALARM_QUEUE, { connection: connections[0]!, prefix })
      const worker = new Worker<{ id: string }>(ALARM_QUEUE, (job: Job<{ id: string }>) => ring(job.data.id), {
        connection: connections[1]!,
        prefix,
        concurrency: options.concurrency ?? 10,
      })
      parts = { queue, worker, connections }
      queue.on('error', () => {}) // said by the connection's owner; BullMQ goes on by itself
      worker.on('error', () => {})
      worker.on('failed', (job, error) =>
        logger.warn({ callbackId: job?.data.id, type: error.name }, 'alarm of a call-back failed'),
      )
    },
    async arm(due) {
      if (!parts || due.length === 0) return
      const now = clock()
      await parts.queue.addBulk(
        due.map((one) => ({
          name: 'due',
          data: { id: one.id },
          opts: { jobId: alarmId(one), delay: Math.max(0, one.dueAt - now), ...RETRY, ...KEEP },
        })),
      )
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
