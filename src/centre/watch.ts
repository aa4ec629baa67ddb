import pg from 'pg'
import type { Logger } from 'pino'
import { StoreError, toStoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { CENTRE_CHANNEL } from './apply.js'
import type { Centre, CentrePort } from './schema.js'
import { readCentre, readCentreVersion } from './store.js'

export interface CentreWatchOptions {
  /** A connection of its own that listens. */
  readonly url: string
  readonly postgres: Postgres
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** How often to look when no notification comes, ms (default 15,000). */
  readonly pollMs?: number
}

export interface CentreWatch extends CentrePort {
  /** Resolves when a centre file was read; keeps trying while PostgreSQL is away or no file was applied. */
  start(): Promise<void>
  stop(): Promise<void>
}

const RETRY_MS = [100, 250, 500, 1_000, 2_000, 5_000] as const

/**
 * Keeps the centre file in force current: hears of a new version by LISTEN, looks again now and then in case it was missed,
 * and survives PostgreSQL going away (then the last version stays in force).
 */
export function createCentreWatch(options: CentreWatchOptions): CentreWatch {
  const listeners = new Set<(centre: Centre) => void>()
  const waiting = new Set<() => void>()
  let centre: Centre | undefined
  let listening: pg.Client | undefined
  let poll: NodeJS.Timeout | undefined
  let retry: NodeJS.Timeout | undefined
  let attempt = 0
  let stopped = false
  let checking: Promise<void> | undefined
  let again = false
  let reported = 0

  /** One check at a time; a wish during a check makes one more. */
  const check = (): Promise<void> => {
    if (checking) {
      again = true
      return checking
    }
    checking = load().finally(() => {
      checking = undefined
      if (again && !stopped) {
        again = false
        void check()
      }
    })
    return checking
  }

  const load = async (): Promise<void> => {
    try {
      const version = await readCentreVersion(options.postgres)
      if (version === 0 || version === centre?.version) return
      const next = await readCentre(options.postgres)
      if (!next || stopped || next.version === centre?.version) return
      centre = next
      options.logger.info({ version: next.version }, 'centre file in force')
      for (const wake of waiting) wake()
      for (const listener of [...listeners]) tell(listener, next)
    } catch (error) {
      // A file that this version cannot read is said once; a missing PostgreSQL is the health check's business.
      const { code, message } = toStoreError(error)
      if (code === 'CTI_ERR_CENTRE_INVALID' && reported++ === 0)
        options.logger.warn({ code, message }, 'centre file not taken over')
    }
  }

  const tell = (listener: (centre: Centre) => void, next: Centre): void => {
    try {
      listener(next)
    } catch (error) {
      options.logger.warn({ err: error }, 'a listener of the centre file failed')
    }
  }

  const listen = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: options.url,
      application_name: 'cti120-centre',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    const lost = () => {
      if (listening !== client) return
      listening = undefined
      schedule()
    }
    listening = client
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', () => void check())
    try {
      await client.connect()
      await client.query(`LISTEN ${CENTRE_CHANNEL}`)
      attempt = 0
      await check()
    } catch {
      await client.end().catch(() => {})
      lost()
    }
  }

  const schedule = (): void => {
    if (stopped || retry) return
    const delay = RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)] ?? 5_000
    retry = setTimeout(() => {
      retry = undefined
      void listen()
    }, delay)
  }

  return {
    current() {
      if (!centre) throw new StoreError('CTI_ERR_CENTRE_NOT_APPLIED', 'no centre file is in force: cti120 apply FILE')
      return centre
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async start() {
      poll = setInterval(() => void check(), options.pollMs ?? 15_000)
      await listen()
      if (!centre) await new Promise<void>((resolve) => waiting.add(resolve))
      waiting.clear()
    },
    async stop() {
      stopped = true
      clearInterval(poll)
      clearTimeout(retry)
      for (const wake of waiting) wake()
      const client = listening
      listening = undefined
      await client?.end().catch(() => {})
      await checking
    },
  }
}
