import type { Redis } from 'ioredis'

/** The scripts begin with `#!lua`, which a Redis before 7 takes for a syntax error. */
const OLDEST = 7

/**
 * @throws Error with what to do when Redis is too old. One that does not tell (INFO is forbidden) is believed.
 */
export async function checkRedisVersion(redis: Redis): Promise<void> {
  const info = await redis.info('server').catch(() => '')
  const version = /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1]
  if (version !== undefined && Number.parseInt(version, 10) < OLDEST)
    throw new Error(
      `Redis ${version} is too old: cti120 needs Redis ${OLDEST} or newer (docs/operations.md). Upgrade it, or set CTI_REDIS_URL to another.`,
    )
}
