import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testEnvironment } from '../test/helpers/environment.js'
import { formatFrom, startSipp } from '../test/helpers/sipp.js'
import { until } from '../test/helpers/until.js'
import { startCapture } from './route/capture.js'
import { dialled, type Target } from './route/centre.js'
import { measure, percentile } from './route/measure.js'
import { type BenchServer, type BenchWorld, type RestWay, startBenchWorld } from './route/world.js'

/**
 * npm run bench:route [-- --json FILE] [--seconds N] [--targets LIST] [--rates LIST] [--variants]: from the citizen's INVITE to the agent's INVITE, seen by a
 * capture of loopback, on one Asterisk with the same SIPp citizens and 200 phones: bare Dial, app_queue (leastrecent, 200
 * members), cti120 (200 agents with an event socket each). `--variants` measures cti120's ways in and ways to ring instead.
 * A citizen talks for 2 s and hangs up. Each target is first warmed up with calls that do not count,
 * so that what is measured is a server at work, not one that has just started.
 */
export interface RouteBenchRow {
  readonly rate: number
  readonly target: Target
  readonly calls: number
  readonly routed: number
  readonly failed: number
  /** ms */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Share of calls (0..1) whose pop was on the wire before the agent's INVITE; null: this target has no pop. */
  readonly popBeforeInvite: number | null
  /** Only with --variants. */
  readonly entry?: string
  readonly rest?: string
}

const TARGETS: readonly Target[] = ['dial', 'app_queue', 'cti120']
const TALK_MS = 2000
const WARM_UP_SECONDS = 8
let lastCaller = 0

/** Places calls from numbers that are unique in this bench; resolves when all are over. */
async function placeCalls(world: BenchWorld, target: Target, rate: number, calls: number): Promise<Set<string>> {
  const callers = Array.from({ length: calls }, () => `0103${String(++lastCaller).padStart(7, '0')}`)
  const sipp = await startSipp({
    scenario: 'citizen',
    server: { host: world.asterisk.sipHost, port: world.asterisk.sipPort },
    calls,
    rate,
    trace: false,
    fields: callers.map((caller, n) => `${caller};${dialled(target, n)}`),
    timeout: (calls / rate) * 1000 + 60_000,
    params: {
      number: '[field1]',
      from: formatFrom('[field0]'),
      headers: '',
      rtpPort: 9,
      talkMs: TALK_MS,
      giveUpMs: 30_000,
      challenge: '',
      authentication: '',
    },
  })
  const { failed } = await sipp.exited
  if (failed > 0) console.error(`SIPp: ${failed} of ${calls} calls to ${target} did not go as they should`)
  return new Set(callers)
}

async function isQuiet(world: BenchWorld): Promise<boolean> {
  const { free, all } = await world.agents()
  return ((await world.asterisk.ari('channels')) as unknown[]).length === 0 && free === all
}

/** One server, one capture, several runs: what it is about, and what came out. */
async function runAll(
  world: BenchWorld,
  options: { targets: readonly Target[]; rates: readonly number[]; seconds: number; rest?: RestWay; entry?: string },
): Promise<RouteBenchRow[]> {
  const server: BenchServer = await world.startServer(options.rest)
  const capture = await startCapture(
    join(testEnvironment('CTI_TEST_DIR'), `route-${server.port}.pcap`),
    world.asterisk.sipPort,
    server.port,
  )
  await server.openSockets()
  const runs: { rate: number; target: Target; callers: Set<string> }[] = []
  for (const rate of options.rates) {
    for (const target of options.targets) {
      console.error(`${rate} calls/s, ${target} …`)
      await placeCalls(world, target, rate, rate * WARM_UP_SECONDS)
      runs.push({ rate, target, callers: await placeCalls(world, target, rate, rate * options.seconds) })
      await until(() => isQuiet(world), {
        what: 'every call is over and every agent free',
        timeout: 30_000,
        every: 200,
      })
    }
  }
  const file = await capture.end()
  const contacts = await world.contacts()
  await server.stop()
  const ports = { sip: world.asterisk.sipPort, phones: world.phonesPort, server: server.port }
  return runs.map(({ rate, target, callers }) => {
    const { times, popsBefore } = measure(file, ports, callers, contacts)
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(times, share) * 100) / 100) as [
      number,
      number,
      number,
    ]
    return {
      rate,
      target,
      calls: callers.size,
      routed: times.length,
      failed: callers.size - times.length,
      p50,
      p95,
      p99,
      popBeforeInvite: target === 'cti120' ? popsBefore / callers.size : null,
      ...(options.entry === undefined ? {} : { entry: options.entry, rest: options.rest }),
    }
  })
}

async function runVariants(world: BenchWorld, rates: readonly number[], seconds: number): Promise<RouteBenchRow[]> {
  const rows: RouteBenchRow[] = []
  for (const entry of ['broadcast', 'stasis'] as const) {
    world.asterisk.cli(`dialplan set global CTI_ENTRY ${entry}`)
    for (const rest of ['ws', 'http', 'mixed'] as const)
      rows.push(...(await runAll(world, { targets: ['cti120'], rates, seconds, rest, entry })))
  }
  return rows
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '25' },
    targets: { type: 'string', default: TARGETS.join() },
    rates: { type: 'string', default: '20,60' },
    variants: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600)
  throw new Error('--seconds must be a whole number from 1 to 600')
const targets = TARGETS.filter((target) => values.targets.split(',').includes(target))
const rates = values.rates.split(',').map(Number)
if (targets.length === 0 || !rates.every((rate) => rate >= 1 && rate <= 200))
  throw new Error(
    `--targets takes some of ${TARGETS.join()}; --rates calls per second from 1 to 200, with commas between`,
  )
const world = await startBenchWorld()
try {
  const rows = values.variants
    ? await runVariants(world, rates, seconds)
    : await runAll(world, { targets, rates, seconds })
  console.table(rows)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
} finally {
  await world.stop()
}
process.exit(0)
