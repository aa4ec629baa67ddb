import { spawn } from 'node:child_process'
import t from 'tap'
import { createLoadWatch, type LoadCause } from '../../../src/platform/load-watch.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { testEnvironment } from '../../helpers/environment.js'
import { findTcpPort } from '../../helpers/ports.js'
import { until } from '../../helpers/until.js'

// A Redis of this test alone: it is stopped and goes on.
const port = await findTcpPort()
const server = spawn(
  testEnvironment('CTI_REDIS_SERVER'),
  ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  { stdio: 'ignore' },
)
const exited = new Promise((resolve) => server.once('exit', resolve))
const redis = connectRedis({ url: `redis://127.0.0.1:${port}`, name: 'test' })
t.teardown(async () => {
  redis.disconnect()
  server.kill('SIGCONT')
  server.kill('SIGKILL')
  await exited
})
await until(() => redis.status === 'ready', { what: 'Redis is there' })

const changes: string[] = []
const watch = createLoadWatch(redis, { loopMs: 200, redisMs: 500 }, (cause: LoadCause, on: boolean) =>
  changes.push(`${cause} ${on ? 'on' : 'off'}`),
)
t.beforeEach(() => {
  changes.length = 0
  watch.start()
})
t.afterEach(() => watch.stop())

t.test('Redis that does not answer, and answers again', async (t) => {
  t.equal(watch.detail(), undefined)
  server.kill('SIGSTOP')
  await until(() => watch.overloaded, { what: 'it is noticed', timeout: 15_000 })
  t.match(watch.detail(), /^overloaded: Redis late by \d+ ms$/)
  server.kill('SIGCONT')
  await until(() => !watch.overloaded, { what: 'it is over', timeout: 30_000 })
  t.same(changes, ['redis on', 'redis off'])
})

t.test('an event loop that is blocked again and again, and runs smoothly again', async (t) => {
  const blocking = setInterval(() => {
    const end = performance.now() + 400
    while (performance.now() < end);
  }, 10)
  t.teardown(() => clearInterval(blocking))
  await until(() => watch.overloaded, { what: 'it is noticed', timeout: 30_000 })
  t.match(watch.detail(), /event loop late by \d+ ms/)
  clearInterval(blocking)
  await until(() => !watch.overloaded, { what: 'it is over', timeout: 30_000 })
  t.same(
    changes.filter((change) => change.startsWith('event_loop')),
    ['event_loop on', 'event_loop off'],
  )
})
