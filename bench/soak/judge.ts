import type { Living } from './inspector.js'
import type { Sample } from './sample.js'

/** One thing that was looked at. */
export interface Finding {
  readonly what: string
  readonly found: number
  readonly allowed: number
  readonly ok: boolean
  /** false: shown only, the run was too short for it. */
  readonly judged: boolean
}

/** A moment in which no call is up and every agent is idle. */
export interface Quiet {
  readonly sample: Sample
  readonly living: Living
}

/** Memory may be so much larger in the last third than in the middle one. */
const GROWTH = 0.1
/** What nothing of may be left, and what must not have happened at all. */
const NONE = [
  'asterisk.channels',
  'asterisk.bridges',
  'redis.alarms',
  'redis.contacts',
  'redis.jobsActive',
  'redis.jobsFailed',
  'server.callsLive',
]
const NEVER = [
  'server.repairs',
  'server.effectsFailed',
  'server.overloads',
  'server.sweepErrors',
  'server.pbxReconnects',
  'server.terms',
]
/** What may be as much as before, with so much to spare: connections of pools that rest come and go. */
const NO_MORE: Readonly<Record<string, number>> = {
  'server.fds': 12,
  'server.handles': 12,
  'server.sockets': 0,
  'asterisk.fds': 4,
  'asterisk.subscriptions': 0,
  'redis.connections': 0,
  'postgres.connections': 6,
}
/** BullMQ makes the key of a chore's next turn a little before it deletes the one that is over; there are six chores. */
const SPARE_JOB_KEYS = 4
/** A connection that rests in a pool has so many of them, and as many more connections may rest as descriptors. */
const LISTENERS_OF_CONNECTION = 12
const EMITTERS_OF_CONNECTION = 3
const SPARE_CONNECTIONS = 12
/** What lives after a collection may have grown by so much: code compiled and figures of metrics met for the first time. */
const SPARE_HEAP = 0.1

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Means of the first, middle and last third. PURE. */
export function thirds(samples: readonly Sample[], name: string): [number, number, number] {
  const third = Math.floor(samples.length / 3)
  const part = (n: number) => mean(samples.slice(n * third, (n + 1) * third).map((sample) => sample[name] ?? 0))
  return [part(0), part(1), part(2)]
}

/** What leaked: empty when everything is as it was in the quiet before. PURE. */
export function judgeLeaks(before: Quiet, after: Quiet): Finding[] {
  const value = (quiet: Quiet, name: string) => quiet.sample[name] ?? 0
  const within = (what: string, found: number, allowed: number): Finding => ({
    what,
    found,
    allowed,
    ok: !(found > allowed),
    judged: !Number.isNaN(found),
  })
  const keys = Object.keys(after.sample).filter((name) => name.startsWith('keys.'))
  return [
    ...NONE.map((name) => within(name, value(after, name), 0)),
    ...Object.entries(NO_MORE).map(([name, spare]) => within(name, value(after, name), value(before, name) + spare)),
    ...keys.map((name) =>
      within(name, value(after, name), value(before, name) + (name === 'keys.jobs' ? SPARE_JOB_KEYS : 0)),
    ),
    within('listeners', after.living.listeners, before.living.listeners + SPARE_CONNECTIONS * LISTENERS_OF_CONNECTION),
    within('emitters', after.living.emitters, before.living.emitters + SPARE_CONNECTIONS * EMITTERS_OF_CONNECTION),
  ]
}

/**
 * What happened that should not, and memory that grew. PURE.
 * @param samples of the steady part
 * @param end all calls are over; what happens after it (looking inside stops the server for seconds) is not the run's
 * @param long whether the run was long enough for memory: before that Node and the journal still grow to their usual size
 */
export function judgeRun(
  before: Quiet,
  samples: readonly Sample[],
  end: Sample,
  after: Quiet,
  long: boolean,
): Finding[] {
  const growth = (name: string): Finding => {
    const [, middle, last] = thirds(samples, name)
    const allowed = middle * (1 + GROWTH)
    return { what: `${name}, last third`, found: last, allowed, ok: last <= allowed, judged: long }
  }
  const { heapMb } = after.living
  const allowedHeap = before.living.heapMb * (1 + SPARE_HEAP)
  return [
    ...NEVER.map((name) => {
      const found = (end[name] ?? 0) - (before.sample[name] ?? 0)
      return { what: name, found, allowed: 0, ok: found === 0, judged: true }
    }),
    ...['server.rssMb', 'server.heapMb', 'redis.memoryMb', 'asterisk.rssMb'].map(growth),
    {
      what: 'heap after a collection (MB)',
      found: heapMb,
      allowed: allowedHeap,
      ok: heapMb <= allowedHeap,
      judged: long,
    },
  ]
}
