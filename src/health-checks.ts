import type { ApiDeps } from './api/ports.js'
import type { AsteriskLink } from './asterisk/link.js'
import type { Postgres } from './platform/postgres/pool.js'
import type { connectRedis } from './platform/redis.js'

/** What /health/ready asks: PostgreSQL is reported, but calls flow without it. */
export function createHealthChecks(deps: {
  redis: ReturnType<typeof connectRedis>
  postgres: Postgres
  link: AsteriskLink
  telephony: boolean
}): ApiDeps['health'] {
  const { redis, postgres, link, telephony } = deps
  return [
    {
      name: 'redis',
      required: true,
      check: async () => ({ ok: redis.status === 'ready' && (await redis.ping()) === 'PONG' }),
    },
    { name: 'postgres', required: false, check: async () => ({ ok: await postgres.isHealthy() }) },
    { name: 'ari', required: telephony, check: async () => link.health().ari },
    { name: 'ami', required: telephony, check: async () => link.health().ami },
  ]
}
