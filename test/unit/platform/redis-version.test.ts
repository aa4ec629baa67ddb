import type { Redis } from 'ioredis'
import t from 'tap'
import { checkRedisVersion } from '../../../src/platform/redis-version.js'

const saying = (info: () => Promise<string>) => ({ info }) as unknown as Redis

t.test('a Redis that is too old is named before anything else fails', async (t) => {
  await t.rejects(checkRedisVersion(saying(async () => '# Server\r\nredis_version:6.2.14\r\n')), {
    message: /Redis 6\.2\.14 is too old: cti120 needs Redis 7 or newer/,
  })
  await t.resolves(checkRedisVersion(saying(async () => '# Server\r\nredis_version:7.0.15\r\n')))
  await t.resolves(
    checkRedisVersion(saying(async () => 'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n')),
  )
  await t.resolves(checkRedisVersion(saying(() => Promise.reject(new Error('NOPERM')))))
})
