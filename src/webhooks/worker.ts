import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.js'
import { keyPrefix } from '../platform/keys.js'
import type { MessageStore } from './messages.js'
import type { Outbox } from './outbox.js'
import { Pump, type PumpDeps } from './pump.js'

export interface WebhookWorkerDeps extends Omit<PumpDeps, 'wakeAt'> {
  readonly messages: MessageStore
  readonly outbox: Outbox
  readonly centre: string
  /** Opens another connection to the same Redis. */
  readonly connect: (name: string) => Redis
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
}

export interface WebhookWorker {
  start(): Promise<void>
  stop(): Promise<void>
}

/** Between two looks at the journal, ms; while there is more, at once. */
const LOOK_MS = 200
/** Between two looks for what is due and nobody was woken for (Redis lost the alarm, or a worker died), ms. */
const SWEEP_MS = 2_000
const PURGE_MS = 600_000
const DAY_MS = 86_400_000
const KEEP_DELIVERED_MS = 3 * DAY_MS
const KEEP_DEAD_MS = 30 * DAY_MS
const LONGEST_PAUSE_MS = 5_000
/** Every subscription has its turn by itself; there are at most 50. */
const TURNS_AT_ONCE = 100

/**
 * Reads the journal into messages and sends them. PostgreSQL has the messages; BullMQ's jobs are alarms ("look at this subscription"), repeated with
 * growing pauses while PostgreSQL is away; a lost alarm is found by the sweep.
 */
export function createWebhookWorker(deps: WebhookWorkerDeps): WebhookWorker {
  const { centre, connect, messages, outbox, clock, logger } = deps
  const prefix = `${keyPrefix(centre)}jobs`
  let parts: { queue: Queue; worker: Worker; connections: Redis[] } | undefined
  let running = false
  let loop: Promise<void> | undefined
  let wake = (): void => undefined

  const alarm = (subscriptionId: string, why: string, delay = 0): void => {
    parts?.queue
      .add(
        'pump',
        { subscriptionId },
        {
          jobId: `${subscriptionId}-${why}`,
          delay,
          attempts: 8,
          backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
          removeOnComplete: true,
          removeOnFail: true,
        },
      )
      .catch(() => undefined) // the sweep finds it
  }
  const pump = new Pump({ ...deps, wakeAt: (id, at, why) => alarm(id, why, Math.max(0, at - clock())) })

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const follow = async (): Promise<void> => {
    let failures = 0
    let [sweptAt, purgedAt] = [0, 0]
    while (running) {
      try {
        const written = await outbox.step()
        const now = clock()
        for (const id of written ?? []) alarm(id, `new-${now}`)
        if (now - sweptAt >= SWEEP_MS) {
          sweptAt = now
          for (const id of await messages.due(centre, now)) alarm(id, `sweep-${now}`)
        }
        if (now - purgedAt >= PURGE_MS) {
          const gone = await messages.purge(now, KEEP_DELIVERED_MS, KEEP_DEAD_MS)
          if (gone === 0) purgedAt = now
        }
        if (failures > 0) logger.info({}, 'webhooks go on')
        failures = 0
        if (written === undefined) await pause(LOOK_MS)
      } catch (error) {
        if (failures++ === 0)
          logger.warn({ code: (error as { code?: unknown }).code }, 'webhooks pause, events wait in the journal')
        await pause(Math.min(LOOK_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS))
      }
    }
  }

  return {
    async start() {
      if (parts) return
      const connections = [connect('webhook-jobs'), connect('webhook-worker')]
      const queue = new Queue('webhooks', { connection: connections[0]!, prefix })
      const worker = new Worker<{ subscriptionId: string }>('webhooks', (job) => pump.run(job.data.subscriptionId), {
        connection: connections[1]!,
        prefix,
        concurrency: TURNS_AT_ONCE,
      })
      queue.on('error', () => {}) // said by the connection's owner; BullMQ goes on by itself
      worker.on('error', () => {})
      parts = { queue, worker, connections }
      running = true
      loop = follow()
    },
    async stop() {
      if (!parts) return
      const { queue, worker, connections } = parts
      running = false
      wake()
      await pump.stop()
      await loop
      parts = undefined
      await worker.close(connections[1]!.status !== 'ready')
      await queue.close()
      for (const connection of connections) connection.disconnect()
      await deps.sender.close()
    },
  }
}
