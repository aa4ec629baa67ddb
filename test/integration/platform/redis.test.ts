import t, { type Test } from 'tap'
import { redisAddress } from '../../../src/config.js'
import { watchFailover } from '../../../src/platform/failover-watch.js'
import { connectRedis } from '../../../src/platform/redis.js'
import type { HouseRedis } from '../../../src/platform/redis-connection.js'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { type OwnSentinels, startOwnSentinels } from '../../helpers/own-sentinels.js'
import { until } from '../../helpers/until.js'

const refused = { code: 'CTI_ERR_UNAVAILABLE' }

t.test('what waits is bounded: away, standing still, and in a copy; what was taken is done', async (t) => {
  const own = await startOwnRedis()
  t.teardown(() => own.remove())
  const redis = connectRedis({ url: own.url, name: 'test', mostWaiting: 5 })
  const copy = redis.duplicate()
  t.teardown(() => redis.disconnect())
  t.teardown(() => copy.disconnect())
  await Promise.all([redis.ping(), copy.ping()])

  own.freeze()
  const frozen = Array.from({ length: 5 }, () => redis.incr('frozen'))
  await t.rejects(redis.incr('frozen'), refused, 'the sixth is refused at once')
  own.thaw()
  t.same(await Promise.all(frozen), [1, 2, 3, 4, 5], 'in their order')
  t.equal(await redis.incr('frozen'), 6, 'and on it goes')

  await own.kill()
  await until(() => redis.status !== 'ready' && copy.status !== 'ready', { what: 'the loss is noticed' })
  const away = Array.from({ length: 5 }, () => redis.incr('away'))
  await t.rejects(redis.incr('away'), refused)
  copy.on('error', () => undefined)
  const copied = Array.from({ length: 5 }, () => copy.ping())
  await t.rejects(copy.ping(), refused)
  await own.start()
  t.same(await Promise.all(away), [1, 2, 3, 4, 5])
  t.equal((await Promise.all(copied)).length, 5)
})

t.test('closed while it tries to reconnect: it ends, and so does everything that waits', async (t) => {
  const own = await startOwnRedis()
  t.teardown(() => own.remove())
  const redis = connectRedis({ url: own.url, name: 'test' })
  await redis.ping()
  const sent = redis.blpop('nobody-pushes', 0)
  const asked = redis.get('before')
  await own.kill()
  await until(() => redis.status === 'reconnecting', { what: 'it tries to reconnect', every: 1 })
  const queued = redis.ping()
  const ended = new Promise<void>((resolve) => redis.once('end', resolve))
  redis.disconnect()
  await ended
  const waiting: Promise<unknown>[] = [sent, asked, queued]
  for (const one of waiting) await t.rejects(one, { message: 'Connection is closed.' })
  await own.start()
  await redis.connect()
  t.equal(await redis.ping(), 'PONG', 'it can be opened again')
  const copy = redis.duplicate() as typeof redis
  await copy.ping()
  const copyEnded = new Promise<void>((resolve) => copy.once('end', resolve))
  redis.disconnect()
  await copyEnded
  const endedAgain = new Promise<void>((resolve) => copy.once('end', resolve))
  await copy.connect()
  await endedAgain
})

t.test('an attempt before its time leaves no timer behind that would open a closed connection again', async (t) => {
  const own = await startOwnRedis()
  t.teardown(() => own.remove())
  const redis = connectRedis({ url: own.url, name: 'test' }) as HouseRedis
  await redis.ping()
  await own.kill()
  // ioredis' own, and Node's own mark of a timer that will not fire.
  type Pause = { readonly _destroyed: boolean }
  const pauses: Pause[] = []
  for (let n = 0; n < 5; n++) {
    await until(() => redis.status === 'reconnecting', { what: 'it waits for its next attempt', every: 1 })
    pauses.push((redis as unknown as { readonly reconnectTimeout: Pause }).reconnectTimeout)
    redis.retryNow()
    t.equal(redis.status, 'connecting')
  }
  await until(() => redis.status === 'reconnecting', { what: 'the last attempt fails', every: 1 })
  redis.disconnect()
  t.equal(redis.status, 'end')
  for (const pause of pauses) t.equal(pause._destroyed, true, 'it will not fire')
})

async function house(t: Test) {
  const own = await startOwnSentinels()
  t.teardown(() => own.remove())
  return own
}

function connect(t: Test, own: OwnSentinels, name: string) {
  const { CTI_REDIS_URL, CTI_REDIS_SENTINELS, CTI_REDIS_MASTER } = own.env
  const address = redisAddress({ CTI_REDIS_URL, CTI_REDIS_SENTINELS, CTI_REDIS_MASTER } as never)
  const redis = connectRedis({ ...address, name })
  t.teardown(() => redis.disconnect())
  return { redis, sentinel: address.sentinel! }
}

t.test('Sentinel: the primary dies, commands wait and go to the new one', async (t) => {
  const own = await house(t)
  const { redis, sentinel } = connect(t, own, 'test')
  const moves: string[] = []
  const watch = watchFailover(sentinel, (to) => moves.push(to))
  t.teardown(() => watch.close())
  t.equal(await redis.incr('n'), 1)
  t.equal(await redis.wait(1, 5_000), 1, 'the replica has it')
  const killed = own.killPrimary()
  await until(() => redis.status !== 'ready', { what: 'the loss is noticed' })
  t.equal(await redis.incr('n'), 2)
  await killed
  t.equal(`redis://127.0.0.1:${redis.stream.remotePort}`, await own.primary())
})

t.test('Sentinel: the primary stands still, and comes back when it is none any more', async (t) => {
  const own = await house(t)
  const { redis, sentinel } = connect(t, own, 'test')
  const moves: string[] = []
  const watch = watchFailover(sentinel, (to) => moves.push(to))
  t.teardown(() => watch.close())
  t.equal(await redis.incr('n'), 1)
  t.equal(await redis.wait(1, 5_000), 1)
  const frozen = own.freezePrimary()
  await until(async () => redis.incr('n'), { what: 'it is answered by the new one', timeout: 30_000 })
  await frozen
  t.ok(moves.length > 0, 'the move is told')
  // A connection without a watch that still holds the old one: it hears READONLY when the old one has become a replica.
  own.thaw()
  const count = Number(await redis.get('n'))
  t.equal(await redis.incr('n'), count + 1, 'the old one has no say')
})
