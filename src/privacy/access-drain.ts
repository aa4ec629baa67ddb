import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { keyOf } from '../platform/keys.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { appendAccesses } from './access-table.js'
import type { TimedAccess } from './chain.js'

export interface AccessDrainOptions {
  readonly redis: Redis
  readonly postgres: Postgres
  readonly centre: string
  /** Key of the chain (Sealing.derive). */
  readonly key: Buffer
  readonly logger: Pick<Logger, 'warn' | 'error'>
  /** How often to look, ms (default 1,000). */
  readonly everyMs?: number
}

export interface AccessDrain {
  start(): void
  stop(): Promise<void>
  /** One round. @returns how many entries were taken; rejects when something is away, and everything stays where it is */
  drain(): Promise<number>
}

const BATCH = 500

/**
 * Brings accesses from Redis into the access log. An entry is deleted there only when the row is committed; dying in between makes the
 * next round find the row by its id. Several instances may do it at once: the table's lock puts them one after the other.
 */
export function createAccessDrain(options: AccessDrainOptions): AccessDrain {
  const { redis, postgres, centre, key, logger } = options
  const stream = keyOf(centre, 'accessLog')
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | undefined
  let failing = false

  const drain = async (): Promise<number> => {
    const entries = (await redis.xrange(stream, '-', '+', 'COUNT', BATCH)) as [string, string[]][]
    if (entries.length === 0) return 0
    const accesses = entries.map(([id, fields]) => parse(id, fields)).filter((entry) => entry !== undefined)
    await appendAccesses(postgres, key, accesses)
    await redis.xdel(stream, ...entries.map(([id]) => id))
    return entries.length
  }

  const parse = (id: string, [, text = '']: readonly string[]): TimedAccess | undefined => {
    try {
      return JSON.parse(text) as TimedAccess
    } catch {
      logger.error({ entry: id }, 'an access could not be read and is not in the log')
      return undefined
    }
  }

  const work = async (): Promise<void> => {
    try {
      while ((await drain()) === BATCH);
      failing = false
    } catch (error) {
      if (!failing) logger.warn({ code: (error as { code?: unknown }).code }, 'accesses wait in Redis for the record')
      failing = true
    }
  }

  return {
    drain,
    start() {
      timer ??= setInterval(() => {
        round ??= work().finally(() => {
          round = undefined
        })
      }, options.everyMs ?? 1_000)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      timer = undefined
      await round
    },
  }
}
