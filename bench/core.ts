import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Redis } from 'ioredis'
import { connectRedis } from '../src/platform/redis.js'
import { type Ceiling, type Counts, countCommands, createCeiling } from './core-ceiling.js'
import { CoreWorld } from './core-world.js'

/**
 * npm run bench:core [-- --json FILE] [--slices N]: reservations per second of the routing core with 100, 1,000 and 10,000
 * agents and as many waiting contacts, next to Redis's own ceiling: EVALSHA of a script that does nothing but the same
 * number of reads (GET) and writes (SET), as Redis itself counted them while the core ran. Both go through the same client
 * and connection with the same number of calls in flight. All sizes, core and ceiling, take turns in short slices, so that
 * whatever else the machine does hits all of them alike; a figure is the median of its slices.
 */
const SIZES = [100, 1_000, 10_000]
const IN_FLIGHT = 50
const SLICE_MS = 200

interface Subject {
  readonly world: CoreWorld
  readonly ceiling: Ceiling
  readonly counts: Counts
  readonly core: number[]
  readonly bare: number[]
}

export interface CoreBenchRow {
  scenario: 'free' | 'busy'
  agents: number
  waiting: number
  reservationsPerSecond: number
  ceilingPerSecond: number
  ofCeiling: number
  ofFigureAt100: number
  scriptsPerReservation: number
  readsPerReservation: number
  writesPerReservation: number
}

/** Keeps IN_FLIGHT rounds going for one slice; returns how many `done` counted per second. */
async function slice(round: () => Promise<void>, done: () => number, ms = SLICE_MS): Promise<number> {
  const [before, began] = [done(), performance.now()]
  const lane = async (): Promise<void> => {
    while (performance.now() < began + ms) await round()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return (done() - before) / ((performance.now() - began) / 1_000)
}

/** Builds the world, warms it up and lets Redis count what one reservation needs. */
async function prepare(redis: Redis, size: number, free: boolean): Promise<Subject> {
  const world = new CoreWorld(redis, size, free)
  await world.build()
  await slice(
    () => world.round(),
    () => world.reserved,
  )
  await redis.config('RESETSTAT')
  const before = world.reserved
  await slice(
    () => world.round(),
    () => world.reserved,
  )
  const counts = await countCommands(redis, world.reserved - before)
  const ceiling = await createCeiling(redis, world.prefix, size, counts)
  await slice(
    () => ceiling.round(),
    () => ceiling.rounds,
  )
  return { world, ceiling, counts, core: [], bare: [] }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function rowsOf(subjects: readonly Subject[]): CoreBenchRow[] {
  return subjects.map(({ world, counts, core, bare }) => ({
    scenario: world.free ? 'free' : 'busy',
    agents: world.size,
    waiting: world.size,
    reservationsPerSecond: Math.round(median(core)),
    ceilingPerSecond: Math.round(median(bare)),
    ofCeiling: median(core.map((perSecond, i) => perSecond / bare[i]!)),
    ofFigureAt100: median(core.map((perSecond, i) => perSecond / subjects[0]!.core[i]!)),
    scriptsPerReservation: counts.scripts,
    readsPerReservation: counts.reads,
    writesPerReservation: counts.writes,
  }))
}

async function bench(redis: Redis, free: boolean, slices: number): Promise<CoreBenchRow[]> {
  const subjects: Subject[] = []
  for (const size of SIZES) subjects.push(await prepare(redis, size, free))
  for (let n = 0; n < slices; n += 1) {
    for (const { world, ceiling, core, bare } of subjects) {
      core.push(
        await slice(
          () => world.round(),
          () => world.reserved,
        ),
      )
      bare.push(
        await slice(
          () => ceiling.round(),
          () => ceiling.rounds,
        ),
      )
    }
  }
  for (const { world } of subjects) await world.clear()
  return rowsOf(subjects)
}

function print(rows: readonly CoreBenchRow[]): void {
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
  console.table(
    rows.map((r) => ({
      agents: r.agents,
      waiting: r.waiting,
      scenario: r.scenario,
      'reservations/s': r.reservationsPerSecond,
      'ceiling/s': r.ceilingPerSecond,
      'of ceiling': percent(r.ofCeiling),
      'of figure at 100': percent(r.ofFigureAt100),
      scripts: r.scriptsPerReservation.toFixed(1),
      reads: r.readsPerReservation.toFixed(1),
      writes: r.writesPerReservation.toFixed(1),
    })),
  )
  console.log(
    'free: all agents idle; a call arrives, is promised at once, hangs up. busy: an offer rings at every agent and all',
  )
  console.log('queues are full; a call arrives and waits, one that rings hangs up, its agent gets the next contact.')
}

const { values } = parseArgs({ options: { json: { type: 'string' }, slices: { type: 'string', default: '25' } } })
const url = process.env.CTI_TEST_REDIS_URL
if (url === undefined) throw new Error('CTI_TEST_REDIS_URL is not set: run `npm run bench:core`')
const redis = connectRedis({ url, name: 'bench-core', autoPipelining: true })
try {
  const rows = [
    ...(await bench(redis, true, Number(values.slices))),
    ...(await bench(redis, false, Number(values.slices))),
  ]
  print(rows)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
} finally {
  redis.disconnect()
}
