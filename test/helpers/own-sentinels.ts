import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { SentinelAddress } from '../../src/platform/redis.js'
import { testEnvironment } from './environment.js'
import { findTcpPort } from './ports.js'
import { until } from './until.js'

/** A primary, a replica and three Sentinels of one test file, all of them real processes. */
export interface OwnSentinels {
  /** What a server needs to know of them. */
  readonly env: { CTI_REDIS_URL: string; CTI_REDIS_SENTINELS: string; CTI_REDIS_MASTER: string }
  readonly address: SentinelAddress
  /** URL of the primary as the Sentinels say now. */
  primary(): Promise<string>
  /** Nothing that is written from now on reaches the replica: what a failover loses, chosen by the test. */
  cutReplica(): Promise<void>
  /** SIGKILL to the first primary; resolves when the replica is the primary. */
  killPrimary(): Promise<void>
  /** SIGSTOP to the first primary: it answers nothing and closes nothing. */
  freezePrimary(): Promise<void>
  thaw(): void
  remove(): Promise<void>
}

const MASTER = 'cti'
const DOWN_AFTER_MS = 1_000

export async function startOwnSentinels(): Promise<OwnSentinels> {
  const top = join(testEnvironment('CTI_TEST_DIR'), `sentinels-${randomBytes(4).toString('hex')}`)
  const children: ChildProcess[] = []
  const killAll = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.once('exit', killAll)

  const start = async (name: string, config: (port: number) => string[], args: string[] = []) => {
    const directory = join(top, name)
    mkdirSync(directory, { recursive: true })
    const port = await findTcpPort()
    const file = join(directory, 'redis.conf')
    const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${directory}`, ...config(port)]
    writeFileSync(file, `${lines.join('\n')}\n`)
    const child = spawn(testEnvironment('CTI_REDIS_SERVER'), [file, ...args], { stdio: 'ignore' })
    children.push(child)
    await until(() => asking(port, (redis) => redis.ping()), { what: `${name} answers`, timeout: 20_000, every: 50 })
    return { port, child }
  }
  const store = ['save ""', 'appendonly yes', 'appendfsync everysec', 'repl-diskless-sync-delay 0']
  const first = await start('primary', () => store)
  const second = await start('replica', () => [...store, `replicaof 127.0.0.1 ${first.port}`])
  const ports: number[] = []
  for (let n = 1; n <= 3; n++) {
    const { port } = await start(
      `sentinel${n}`,
      () => [
        `sentinel monitor ${MASTER} 127.0.0.1 ${first.port} 2`,
        `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
        `sentinel failover-timeout ${MASTER} 5000`,
      ],
      ['--sentinel'],
    )
    ports.push(port)
  }
  const primaryPort = async (sentinel = ports[0]!) => {
    const answer = await asking(sentinel, (redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER))
    return Number((answer as string[])[1])
  }
  // Each must know the others and the replica, or nobody is promoted.
  for (const port of ports)
    await until(
      async () => {
        const [quorum, replicas] = await asking(port, (redis) =>
          Promise.all([redis.call('SENTINEL', 'CKQUORUM', MASTER), redis.call('SENTINEL', 'REPLICAS', MASTER)]),
        )
        return String(quorum).startsWith('OK 3 ') && (replicas as unknown[]).length === 1
      },
      { what: 'the Sentinels know each other', timeout: 30_000, every: 200 },
    )
  const promoted = () =>
    until(
      async () => {
        if (!(await Promise.all(ports.map(primaryPort))).every((port) => port === second.port)) return false
        return (await asking(second.port, (redis) => redis.info('replication'))).includes('role:master')
      },
      { what: 'the replica is the primary', timeout: 30_000, every: 100 },
    )

  return {
    env: {
      // The port is nobody's: with Sentinels only what stands before it counts.
      CTI_REDIS_URL: 'redis://127.0.0.1:1',
      CTI_REDIS_SENTINELS: ports.map((port) => `127.0.0.1:${port}`).join(),
      CTI_REDIS_MASTER: MASTER,
    },
    address: { sentinels: ports.map((port) => ({ host: '127.0.0.1', port })), master: MASTER },
    primary: async () => `redis://127.0.0.1:${await primaryPort()}`,
    async cutReplica() {
      await asking(first.port, async (redis) => {
        await redis.call('ACL', 'SETUSER', 'default', '-psync', '-sync')
        await redis.call('CLIENT', 'KILL', 'TYPE', 'replica')
      })
      await until(
        async () =>
          (await asking(second.port, (redis) => redis.info('replication'))).includes('master_link_status:down'),
        { what: 'the replica hears nothing' },
      )
    },
    async killPrimary() {
      first.child.kill('SIGKILL')
      await promoted()
    },
    async freezePrimary() {
      first.child.kill('SIGSTOP')
      await promoted()
    },
    thaw: () => void first.child.kill('SIGCONT'),
    async remove() {
      process.removeListener('exit', killAll)
      const gone = children.map((child) =>
        child.exitCode === null && child.signalCode === null
          ? new Promise((resolve) => child.once('exit', resolve))
          : undefined,
      )
      killAll()
      await Promise.all(gone)
      rmSync(top, { recursive: true, force: true })
    },
  }
}

async function asking<T>(port: number, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({ port, lazyConnect: true, retryStrategy: () => null, commandTimeout: 2_000 })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return await ask(redis)
  } finally {
    redis.disconnect()
  }
}
