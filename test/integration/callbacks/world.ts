import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { type Callbacks, createCallbacks } from '../../../src/callbacks/index.js'
import type { NewCallback } from '../../../src/callbacks/ports.js'
import { parseCentre } from '../../../src/centre/parse.js'
import { queuePolicies } from '../../../src/centre/policies.js'
import type { Centre, CentreFile } from '../../../src/centre/schema.js'
import { createJournalFeed } from '../../../src/journal/feed.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import type { Clock } from '../../../src/platform/clock.js'
import { createMetrics } from '../../../src/platform/metrics.js'
import { packageRoot } from '../../../src/platform/package-root.js'
import { createPostgres, type Postgres } from '../../../src/platform/postgres/pool.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import { agentRoutes } from '../../../src/routing/rank.js'
import { testSealing } from '../../helpers/sealing.js'

export const silent = { info: () => {}, warn: () => {}, error: () => {} }

const GAON = parseCentre(readFileSync(join(packageRoot(), 'config/gaon.yaml'), 'utf8')).file as CentreFile
const ALWAYS = {
  weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
} as const

/** The demo centre with citizens who may be phoned at any hour. */
export const openCentre: CentreFile = {
  ...GAON,
  hours: { ...GAON.hours, callback: structuredClone(ALWAYS) as never, office: structuredClone(ALWAYS) as never },
  callbacks: { ...GAON.callbacks, nightStop: { from: '00:00', to: '00:00' } },
}

/** The same, closed for good. */
export const closedCentre: CentreFile = {
  ...openCentre,
  hours: { ...openCentre.hours, callback: { weekly: [{ days: ['mon'], from: '09:00', to: '09:01' }] } },
}

/** A centre file that a test may change under the feet of what runs. */
export function centreInForce(file: CentreFile = openCentre) {
  let centre: Centre = { version: 1, appliedAt: 0, file }
  return {
    current: () => centre,
    onChange: () => () => {},
    apply: (next: CentreFile) => {
      centre = { version: centre.version + 1, appliedAt: 0, file: next }
    },
  }
}

export interface Instance extends Callbacks {
  readonly routing: RedisRoutingCore
  readonly redis: Redis
  readonly postgres: Postgres
  stop(): Promise<void>
}

/** One server's call-backs on real stores. `start` false: nothing runs by itself. */
export async function startInstance(
  on: { redisUrl: string; pgUrl: string; centreId: string; centre: ReturnType<typeof centreInForce>; clock?: Clock },
  start = true,
): Promise<Instance> {
  const connect = (name: string) => connectRedis({ url: on.redisUrl, name, onError: () => {} })
  const redis = connect('core')
  const reading = connect('journal')
  const postgres = createPostgres({ url: on.pgUrl, applicationName: 'cti120-test' })
  const routing = new RedisRoutingCore(redis, on.centreId)
  const journal = createJournalWriter(redis, on.centreId)
  const feed = createJournalFeed(reading, redis, on.centreId, silent as never)
  const callbacks = createCallbacks({
    redis,
    connect,
    postgres,
    centreId: on.centreId,
    centre: on.centre,
    routing,
    journal,
    feed,
    node: async () => 'node1',
    dispositionOf: async () => undefined,
    clock: on.clock ?? Date.now,
    sealing: testSealing,
    metrics: createMetrics(),
    logger: silent,
  })
  await routing.prepare()
  await feed.start()
  if (start) await callbacks.clock.start()
  return {
    ...callbacks,
    routing,
    redis,
    postgres,
    async stop() {
      await callbacks.clock.stop()
      await callbacks.tell.settled()
      await feed.stop()
      redis.disconnect()
      await postgres.close()
    },
  }
}

/** Signs agents of the demo centre in, with a phone that is up. */
export async function signIn(routing: RedisRoutingCore, ids: readonly string[], now = Date.now()): Promise<void> {
  const policies = queuePolicies(openCentre)
  for (const id of ids) {
    const { skills } = openCentre.agents.find((agent) => agent.id === id)!
    await routing.setUpAgent({ agentId: id, routes: agentRoutes(skills, policies), configVersion: 1 }, now)
    await routing.setPresence(id, 'available', undefined, now)
    await routing.setDevice(id, 'up', now)
  }
}

let next = 0
export function wanted(now: number, more: Partial<NewCallback> = {}): NewCallback {
  return {
    kind: 'agent_promised',
    queue: 'general',
    number: `0100000${String(++next).padStart(4, '0')}`,
    callerId: '0311200120',
    priority: 50,
    dueAt: now,
    promisedAt: now + 60 * 60_000,
    maxAttempts: 3,
    createdBy: 'a01',
    ...more,
  }
}
