import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { showEvent } from '../../src/api/view/mask.js'
import { createPostgres } from '../../src/platform/postgres/pool.js'
import { connectRedis } from '../../src/platform/redis.js'
import { createDelivery, createWebhooks } from '../../src/webhooks/index.js'
import { targetPolicy } from '../../src/webhooks/target.js'

export interface WorkerWorld {
  readonly redisUrl: string
  readonly postgresUrl: string
  readonly centre: string
  readonly secret: string
  /** Agent id -> team. */
  readonly teams: Readonly<Record<string, string>>
  readonly allowed: string
  readonly timeoutMs?: number
  readonly firstPauseMs?: number
  readonly leaseMs?: number
  readonly giveUpMs?: number
}

export interface RunningWorker {
  stop(): Promise<void>
}

/** The part of a server that sends webhooks, with connections of its own. */
export async function startWorker(world: WorkerWorld): Promise<RunningWorker> {
  const connect = (name: string) => connectRedis({ url: world.redisUrl, name: `test-${name}` })
  const redis = connect('webhooks')
  const postgres = createPostgres({ url: world.postgresUrl, applicationName: 'cti120-test-webhooks' })
  const deps = {
    redis,
    postgres,
    centre: world.centre,
    secret: world.secret,
    policy: targetPolicy(world.allowed),
    clock: Date.now,
  }
  const { timeoutMs, firstPauseMs, leaseMs } = world
  const delivery = createDelivery(deps, createWebhooks(deps, world.giveUpMs), {
    connect,
    teamOf: (id) => world.teams[id],
    show: showEvent,
    count: () => undefined,
    logger: pino({ level: 'silent' }),
    timeoutMs,
    firstPauseMs,
    leaseMs,
  })
  await delivery.start()
  return {
    async stop() {
      await delivery.stop()
      redis.disconnect()
      await postgres.close()
    },
  }
}

/** The same in a process of its own, to be killed. */
export async function forkWorker(world: WorkerWorld): Promise<{ kill(): Promise<void> }> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(world)])
  await once(child, 'message')
  return {
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await startWorker(JSON.parse(process.argv[2]!) as WorkerWorld)
  process.send?.('ready')
  process.on('disconnect', () => process.exit(0))
}
