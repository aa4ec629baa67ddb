import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { connectRedis, type SentinelAddress } from '../../src/platform/redis.js'
import { testEnvironment } from './environment.js'

export interface TestCentre {
  /** Unique id, so that files share one Redis without seeing each other. */
  readonly centre: string
  readonly redis: Redis
  readonly url: string
  /** Deletes every key of the centre and closes the connection. */
  cleanUp(): Promise<void>
}

/** A connection and a centre id of its own for one test file. Call `cleanUp` in teardown. */
export function createTestCentre(url = testEnvironment('CTI_TEST_REDIS_URL'), sentinel?: SentinelAddress): TestCentre {
  const centre = `t${randomBytes(6).toString('hex')}`
  const redis = sentinel
    ? connectRedis({ url, sentinel, name: 'test' })
    : new Redis(url, { maxRetriesPerRequest: null })
  return {
    centre,
    redis,
    url,
    async cleanUp() {
      await deleteKeys(redis, `cti:{${centre}}:*`)
      redis.disconnect()
    },
  }
}

async function deleteKeys(redis: Redis, pattern: string): Promise<void> {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000)
    if (keys.length > 0) await redis.unlink(...keys)
    cursor = next
  } while (cursor !== '0')
}
