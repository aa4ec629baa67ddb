import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { startOwnRedis } from '../../helpers/own-redis.js'
import type { LaneWork } from './property-lane.js'

/**
 * The Redis core and the brute-force reference play the same random histories and must agree in every answer, in the whole
 * state after every command, in the alarms and in the journal (agree.ts). CTI_PROPERTY_RUNS: how many histories (default
 * 10,000); CTI_PROPERTY_SEED repeats a run. Two workers, so that both cores of a small machine are used.
 */
const RUNS = Number(process.env.CTI_PROPERTY_RUNS ?? 10_000)
const SEED = Number(process.env.CTI_PROPERTY_SEED ?? Date.now() % 2 ** 31)
const WORKERS = 2
/** Each lane has a Redis database of its own (8-15), emptied before each history. */
const LANES = 4

/** Of this test alone, so that it has this test's priority: a whole run plays the histories beside the calls (scripts/lib/suites.sh). */
const redis = await startOwnRedis('manual')
t.teardown(() => redis.remove())

async function runWorker(worker: number): Promise<number> {
  const url = new URL(redis.url)
  const urls = Array.from({ length: LANES }, (_, lane) => {
    url.pathname = `/${8 + worker * LANES + lane}`
    return url.href
  })
  const workerData: LaneWork = { urls, runs: Math.ceil(RUNS / WORKERS / LANES), seed: SEED + worker * LANES }
  const [played] = await once(new Worker(new URL('./property-lane.js', import.meta.url), { workerData }), 'message')
  return played as number
}

t.setTimeout(RUNS * 100 + 60_000)
t.test(`the core agrees with its specification in ${RUNS} random histories (seed ${SEED})`, async (t) => {
  const played = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => runWorker(worker)))
  t.ok(played.reduce((sum, runs) => sum + runs, 0) >= RUNS, 'all histories were played')
})
