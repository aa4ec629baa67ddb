import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testEnvironment } from '../test/helpers/environment.js'
import { until } from '../test/helpers/until.js'
import { startCapture } from './route/capture.js'
import { readPackets } from './route/pcap.js'
import { accountCalls } from './soak/calls.js'
import { lookInside } from './soak/inspector.js'
import { type Finding, judgeLeaks, judgeRun, type Quiet, thirds } from './soak/judge.js'
import { costsOf, standingCosts } from './soak/per-call.js'
import { type Sample, takeSample } from './soak/sample.js'
import { type SoakWorld, startSoakWorld } from './soak/world.js'

/**
 * npm run bench:soak [-- --json FILE] [--minutes N] [--rate N] [--agents N] [--stay S]: a centre at work for a long time. Citizens ring
 * in and stay `stay` seconds, every tenth leaves before anybody answers; some phones refuse or are not answered, agents sign out and
 * in, their sockets are cut. Every 10 s it is looked at what there is. At the end everything must be as it was before, the record must
 * say of each call what SIP says, and nothing may have been repaired. RTP is off, so that two cores carry it.
 */
const SAMPLE_MS = 10_000
const WARM_UP_SECONDS = 20
const SETTLE_MS = 120_000
/** The load watch has seen the pause by then. */
const CALM_MS = 4_000
/** What a quiet second costs is measured over so long (ms). */
const IDLE_MS = 20_000
/** Shorter than this, memory is still on its way to its usual size (min). */
const LONG_MINUTES = 15

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '5' },
    agents: { type: 'string', default: '230' },
    stay: { type: 'string', default: '50' },
  },
})
const [minutes, rate, agents, stay] = [values.minutes, values.rate, values.agents, values.stay].map(Number) as [
  number,
  number,
  number,
  number,
]
if (!(minutes >= 1 && minutes <= 600 && rate >= 1 && rate <= 50 && agents >= 20 && agents <= 900 && stay >= 5))
  throw new Error('--minutes 1 to 600, --rate 1 to 50 (calls/s), --agents 20 to 900, --stay 5 or more (s)')

/** Counting what lives stops the server for most of a second, which it takes for overload: the figures come after that. */
async function quiet(world: SoakWorld): Promise<Quiet> {
  const living = await lookInside(world.inspectPort)
  await new Promise((resolve) => setTimeout(resolve, CALM_MS))
  const sample = await until(
    async () => {
      const taken = await takeSample(world)
      return taken['server.overloaded'] === 0 && taken['server.nodesOwned'] === 1 && taken
    },
    { what: 'the server takes calls', timeout: 60_000, every: 1_000 },
  )
  return { living, sample }
}

/** Waits until the calls are over and recorded; says what is left over. */
async function settle(world: SoakWorld): Promise<void> {
  let left = ''
  await until(
    async () => {
      const sample = await takeSample(world)
      const open = (await world.record()).filter(({ ended }) => !ended).length
      const sum = (names: string[]) => names.reduce((all, name) => all + (sample[name] ?? 0), open)
      left = `channels ${sample['asterisk.channels']}, contacts ${sample['redis.contacts']}, open in the record ${open}`
      return sum(['asterisk.channels', 'redis.contacts']) === 0
    },
    { what: 'everything is over', timeout: SETTLE_MS, every: 1_000 },
  ).catch(() => console.error(`left over: ${left}`))
}

const silent = Math.max(1, Math.round(agents / 100))
const refusing = Math.max(1, Math.round(agents / 100))
const world = await startSoakWorld({
  phones: [agents - silent - refusing, refusing, silent],
  longest: (minutes * 60 + 900) * 1000,
})
let failed: Finding[] = []
try {
  const capture = await startCapture(join(testEnvironment('CTI_TEST_DIR'), 'soak.pcap'), world.asterisk.sipPort, 1)
  console.error('warming up …')
  let placed = await world.placeCalls({ rate, seconds: WARM_UP_SECONDS, stayMs: 5_000 })
  await world.floor.calm()
  await settle(world)
  const before = await quiet(world)
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const idle = await takeSample(world)

  console.error(`${rate} calls/s for ${minutes} min …`)
  const samples: Sample[] = []
  world.floor.begin()
  let looking = Promise.resolve()
  const look = setInterval(() => {
    looking = looking.then(async () => {
      const sample = await takeSample(world)
      samples.push(sample)
      const show = (name: string) => Math.round(sample[name] ?? 0)
      console.error(
        `${Math.round((sample.at! - before.sample.at!) / 1000)} s: ${show('asterisk.channels')} channels, ` +
          `${show('redis.contacts')} contacts, RSS ${show('server.rssMb')} MB, heap ${show('server.heapMb')} MB, ` +
          `lag ${show('server.lagP99Ms')} ms, ${show('server.fds')} fds, repairs ${show('server.repairs')}`,
      )
    })
    looking.catch((error: unknown) => console.error(`sample: ${String(error)}`))
  }, SAMPLE_MS)
  placed += await world.placeCalls({ rate, seconds: minutes * 60, stayMs: stay * 1000 })
  clearInterval(look)
  await looking
  // The calls that were up at last are not of the run's steady part.
  const steady = samples.filter(
    ({ at }) => at! > before.sample.at! + stay * 1000 && at! <= before.sample.at! + minutes * 60_000,
  )
  await world.floor.calm()
  await settle(world)
  const end = await takeSample(world)
  let after = await quiet(world)
  await until(
    async () => {
      after = await quiet(world)
      return judgeLeaks(before, after).every(({ ok }) => ok)
    },
    { what: 'everything is as before', timeout: SETTLE_MS, every: 10_000 },
  ).catch(() => undefined)

  const ports = { sip: world.asterisk.sipPort, phones: world.phonePorts }
  const { counts, details } = accountCalls(readPackets(await capture.end()), ports, await world.record())
  for (const line of details.slice(0, 20)) console.error(`  ${line}`)
  const calls = { ...counts, unaccounted: placed - counts.offered }
  const none = (['lost', 'doublePromises', 'pairsCut', 'recordDisagrees', 'unaccounted'] as const).map((name) => ({
    what: `calls: ${name}`,
    found: calls[name],
    allowed: 0,
    ok: calls[name] === 0,
    judged: true,
  }))
  const findings = [
    ...none,
    ...judgeRun(before, steady, end, after, minutes >= LONG_MINUTES),
    ...judgeLeaks(before, after),
  ]
  failed = findings.filter(({ ok, judged }) => judged && !ok)
  const standing = standingCosts(before.sample, idle)
  const perCall = costsOf(steady[0] ?? idle, steady.at(-1) ?? end, standing)

  const round = (value: number | undefined) => (value === undefined ? Number.NaN : Math.round(value * 10) / 10)
  const table = Object.keys(before.sample)
    .filter((name) => name !== 'at' && !/(cpuSeconds|commands|scripts|events|rows|[bB]ytes|framesSent)$/.test(name))
    .map((name) => {
      const [first, middle, last] = thirds(steady, name)
      const means = { first: round(first), middle: round(middle), last: round(last) }
      return [name, { before: round(before.sample[name]), ...means, after: round(after.sample[name]) }] as const
    })
  console.table(Object.fromEntries(table))
  console.table({ before: before.living, after: after.living })
  console.table([calls])
  console.table({ 'a quiet second': standing, 'a call besides': perCall })
  console.error(JSON.stringify(world.floor.counts()))
  for (const { what, found, allowed } of failed)
    console.error(`FAILED ${what}: ${round(found)}, allowed ${round(allowed)}, ${round(found - allowed)} too many`)
  if (failed.length === 0)
    console.error(`all ${findings.filter(({ judged }) => judged).length} findings are as they should be`)
  if (values.json) {
    const options = { minutes, rate, agents, stay }
    const report = { options, calls, standing, perCall, findings, floor: world.floor.counts(), before, samples, after }
    writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  }
} finally {
  await world.stop()
}
process.exit(failed.length > 0 ? 1 : 0)
