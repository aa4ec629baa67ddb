import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { Chore } from '../platform/housekeeping.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { createAccessLog } from './access-queue.js'
import { applyRetention } from './retention.js'
import { sealNumbers } from './seal-numbers.js'

const HOUR_MS = 3_600_000

/** What housekeeping does about personal data, each by one instance at a time. */
export function privacyChores(deps: {
  readonly postgres: Postgres
  readonly sealing: Sealing
  readonly centre: CentrePort
  readonly redis: Redis
  readonly centreId: string
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info'>
}): readonly Chore[] {
  const { postgres, sealing, centre, redis, centreId, clock, logger } = deps
  const accessLog = createAccessLog(redis, centreId, clock)
  return [
    {
      // Rows of an older server that still ran during an upgrade, and of a key that was replaced.
      name: 'seal-numbers',
      everyMs: HOUR_MS,
      run: () => sealNumbers(postgres, sealing),
    },
    {
      name: 'retention',
      everyMs: HOUR_MS,
      async run() {
        const { file } = centre.current()
        const done = Object.entries(await applyRetention(postgres, file, clock())).filter(([, rows]) => rows > 0)
        for (const [subject, rows] of done) {
          logger.info({ subject, rows }, 'what names people was deleted, its time is over')
          const what = [`${rows} rows`]
          await accessLog.write({ who: 'system', action: 'forget', subject, whose: [], what, reason: 'retention' })
        }
        return done.length
      },
    },
  ]
}
