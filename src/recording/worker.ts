import { type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { keyPrefix } from '../platform/keys.js'
import { reasonOf } from './alarms.js'
import { FinishError, type FinisherDeps, finishRecording } from './finisher.js'
import { deleteExpired, rewrapKeys } from './retention.js'
import type { SpoolEntry } from './spool.js'
import { lookAtSpool, type SpoolWatchDeps } from './watch-spool.js'

const LOOK_EVERY_MS = 2_000
const RETENTION_EVERY_MS = 600_000
/** A file whose store is away is tried again after 2 s, then twice as long each time, at most so long (ms). */
const LONGEST_BACKOFF_MS = 60_000
const FINISHED_AT_ONCE = 2

export interface RecordingWorkerDeps extends FinisherDeps, Omit<SpoolWatchDeps, 'spool' | 'node'> {
  readonly redis: Redis
  /** Opens another connection to the same Redis. */
  readonly connect: (name: string) => Redis
  readonly centreId: string
  /** The spools that this process sees. */
  readonly spools: readonly Pick<SpoolWatchDeps, 'spool' | 'node'>[]
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly onBacklog: (node: string, files: number) => void
}

export interface RecordingWorker {
  start(): Promise<void>
  stop(): Promise<void>
}

type Task = 'look' | 'finish' | 'retention'

/**
 * The work behind recordings, by BullMQ: for each node a queue that only processes with its spool serve, and one for the centre. A look at the
 * spool is what makes the work, so nothing depends on an event that came; a file has one job, by the recording's id, until it is done.
 */
export function createRecordingWorker(deps: RecordingWorkerDeps): RecordingWorker {
  const { connect, centreId, spools, alarms, logger } = deps
  const prefix = `${keyPrefix(centreId)}jobs`
  let parts: { close(): Promise<void> }[] = []

  const finish = async (at: (typeof spools)[number], entry: SpoolEntry): Promise<void> => {
    const now = await at.spool.look(entry)
    if (!now) return
    try {
      // A store that is away is found out before a long file is read.
      await deps.store.check().catch((error: unknown) => {
        throw new FinishError('store', error)
      })
      await finishRecording(deps, at.spool, at.node, now)
      for (const kind of ['store', 'key', 'finish'] as const) alarms.clear(kind)
    } catch (error) {
      const step = error instanceof FinishError ? error.step : 'finish'
      const reason = reasonOf((error as Error).cause ?? error)
      alarms.raise(step, reason)
      await deps.rows.noteError(entry.recordingId, `${step}: ${reason}`).catch(() => undefined)
      throw error
    }
  }

  const open = async (
    name: string,
    perform: (job: Job<SpoolEntry | undefined, unknown, Task>, queue: Queue) => Promise<unknown>,
    task: Task,
    everyMs: number,
  ): Promise<void> => {
    const [queueing, working] = [connect(`${name}-jobs`), connect(`${name}-worker`)]
    const queue = new Queue(name, { connection: queueing, prefix })
    const worker = new Worker<SpoolEntry | undefined, unknown, Task>(name, (job) => perform(job, queue), {
      connection: working,
      prefix,
      concurrency: FINISHED_AT_ONCE + 1,
      settings: { backoffStrategy: (tries) => Math.min(1_000 * 2 ** Math.min(tries, 10), LONGEST_BACKOFF_MS) },
    })
    queue.on('error', () => {}) // said by the connection's owner; BullMQ goes on by itself
    worker.on('error', () => {})
    worker.on('failed', (job, error) => {
      if (job?.name === 'finish')
        logger.warn(
          { recordingId: job.data?.recordingId, tries: job.attemptsMade, err: error },
          'recording not finished yet',
        )
      else logger.warn({ task: job?.name, err: error }, 'chore of recordings failed, done again at its next turn')
    })
    parts.push({
      async close() {
        await worker.close(working.status !== 'ready')
        await queue.close()
        for (const connection of [queueing, working]) connection.disconnect()
      },
    })
    await queue.upsertJobScheduler(
      task,
      { every: everyMs },
      { name: task, opts: { removeOnComplete: true, removeOnFail: true } },
    )
  }

  return {
    async start() {
      for (const at of spools) {
        await open(
          `recordings-${at.node}`,
          async (job, queue) => {
            if (job.name === 'finish') return finish(at, job.data as SpoolEntry)
            const due = await lookAtSpool({ ...deps, ...at })
            deps.onBacklog(at.node, due.length)
            for (const entry of due)
              await queue.add('finish', entry, {
                jobId: entry.recordingId,
                attempts: 1_000_000,
                backoff: { type: 'custom' },
                removeOnComplete: true,
                removeOnFail: true,
              })
          },
          'look',
          LOOK_EVERY_MS,
        )
      }
      await open(
        'recordings',
        async () => {
          const [deleted, rewrapped] = [await deleteExpired(deps), await rewrapKeys(deps.rows, deps.keyring)]
          if (deleted + rewrapped > 0) logger.info({ deleted, rewrapped }, 'recordings kept in order')
        },
        'retention',
        RETENTION_EVERY_MS,
      )
    },
    async stop() {
      const closing = parts
      parts = []
      await Promise.all(closing.map((part) => part.close()))
    },
  }
}
