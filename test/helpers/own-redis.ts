import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { testEnvironment } from './environment.js'
import { findTcpPort } from './ports.js'
import { until } from './until.js'

/** A Redis server of one test file, which may be killed and started. */
export interface OwnRedis {
  readonly url: string
  start(): Promise<void>
  /** SIGKILL, as a crash does it. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT: it is there and does not answer. */
  freeze(): void
  thaw(): void
  /** Kills it and removes its data. */
  remove(): Promise<void>
}

/**
 * @param persistence `aof`: as in production; `manual`: what was saved by SAVE comes back after a kill and nothing else, so that a test
 *   says itself which events are lost
 */
export async function startOwnRedis(persistence: 'aof' | 'manual' = 'aof'): Promise<OwnRedis> {
  const directory = join(testEnvironment('CTI_TEST_DIR'), `redis-${randomBytes(4).toString('hex')}`)
  const port = await findTcpPort()
  const url = `redis://127.0.0.1:${port}`
  mkdirSync(directory)
  let child: ChildProcess | undefined
  let gone: Promise<void> = Promise.resolve()
  const killQuietly = () => void child?.kill('SIGKILL')
  const start = async () => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '']
    if (persistence === 'aof') settings.push('--appendonly', 'yes', '--appendfsync', 'everysec')
    child = spawn(testEnvironment('CTI_REDIS_SERVER'), settings, { stdio: 'ignore' })
    gone = new Promise((resolve) => child?.once('exit', () => resolve()))
    process.once('exit', killQuietly)
    await until(() => answers(url), { what: 'Redis answers', timeout: 20_000, every: 50 })
  }
  const kill = async () => {
    child?.kill('SIGKILL')
    await gone
    process.removeListener('exit', killQuietly)
  }
  await start()
  return {
    url,
    start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async remove() {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } finally {
    redis.disconnect()
  }
}
