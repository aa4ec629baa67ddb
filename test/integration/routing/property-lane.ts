import { parentPort, workerData } from 'node:worker_threads'
import fc from 'fast-check'
import { connectRedis } from '../../../src/platform/redis.js'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import { CENTRE, checkHistory } from './agree.js'
import { histories } from './history.js'

/** What a worker of the property test is told: one Redis database for each lane; its lanes take turns at Redis. */
export interface LaneWork {
  readonly urls: readonly string[]
  readonly runs: number
  readonly seed: number
}

async function runLane(url: string, numRuns: number, seed: number): Promise<void> {
  const redis = connectRedis({ url, name: 'property', autoPipelining: true })
  const core = new RedisRoutingCore(redis, CENTRE)
  try {
    await core.prepare()
    await fc.assert(
      fc.asyncProperty(histories, (history) => checkHistory(redis, core, history)),
      {
        numRuns,
        seed,
        includeErrorInReport: true,
      },
    )
    await redis.flushdb()
  } finally {
    redis.disconnect()
  }
}

const { urls, runs, seed } = workerData as LaneWork
await Promise.all(urls.map((url, i) => runLane(url, runs, seed + i)))
parentPort?.postMessage(runs * urls.length)
