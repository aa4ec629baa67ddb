import { setTimeout as pause } from 'node:timers/promises'
import type { Effect } from '../../src/calls/contact-model.js'
import { pointName } from '../../src/platform/fault.js'
import { loadScripts } from '../../src/routing/scripts.js'
import { ownsNode } from '../../test/helpers/server.js'
import { until } from '../../test/helpers/until.js'
import { startKillWorld } from './world.js'

/** When a server comes to a point: while it starts, while it owns the PBX node, while it becomes the owner, after SIGTERM. */
export const PHASES = ['live', 'take-over', 'hand-over', 'start'] as const
export interface Point {
  readonly name: string
  readonly when: (typeof PHASES)[number]
}

const LOAD_S = 26
/** From the first call to the first point that counts as live, and from then to the owner's death (ms). */
const RUNNING_MS = 3_000
const LIVE_MS = 14_000
/** What a new owner does within this time (ms) after it has the node belongs to the taking over. */
const TAKING_OVER_MS = 300
const SETTLED_MS = 1_500
const AFTER_MS = 6_000
/** A list that lacks an effect does not compile. */
const EFFECTS: Record<Exclude<Effect['do'], 'forget'>, true> = {
  play: true,
  park: true,
  stop_playback: true,
  start_music: true,
  stop_music: true,
  queue: true,
  leave: true,
  announce_in: true,
  pop: true,
  ring: true,
  mark_ringing: true,
  connect: true,
  bridge: true,
  reject: true,
  time_out: true,
  fail: true,
  end_talk: true,
  unbridge: true,
  hold: true,
  resume: true,
  watch: true,
  unwatch: true,
  fall_back: true,
  hang_up: true,
  request_callback: true,
  supersede: true,
  tell_ivr: true,
  tell_place: true,
  tell_end: true,
  set_aside: true,
  bring_in: true,
  mute: true,
  unmute: true,
  answer: true,
  invite: true,
  mark_party_ringing: true,
  join: true,
  leave_part: true,
  part_failed: true,
  hand_over: true,
  return_to_queue: true,
  bridge_all: true,
  ring_back: true,
  park_limit_in: true,
  keep_talk: true,
  tell_call: true,
  mark_wait: true,
  tell_forward_end: true,
  ring_supervisor: true,
  listen: true,
  stop_listening: true,
  silence: true,
  tell_help: true,
  unsilence: true,
}

/** Steps that the program has, as far as they can be known without running it. */
export function knownSteps(): string[] {
  const effects = Object.keys(EFFECTS).map((name) => pointName('effect', name))
  return [...effects, ...[...loadScripts().keys()].map((name) => pointName('script', name))]
}

/** Finds the fault points by letting two servers say what they pass: under load, in a take-over, and at the end. */
export async function discoverPoints(): Promise<Point[]> {
  const env = (centre: string) => ({ CTI_FAULT: 'list', CTI_FAULT_CENTRE: centre })
  const world = await startKillWorld({ instances: 1, mixed: true, env })
  try {
    const owner = world.servers[0]!
    await until(() => ownsNode(owner), { what: 'the first server owns the node', timeout: 30_000 })
    const standby = await world.startServer(env(world.centre))
    const readyAt = Date.now()
    const load = Promise.all([world.citizens.steady(2, LOAD_S), world.citizens.impatient(LOAD_S)])
    await pause(RUNNING_MS)
    const liveFrom = Date.now()
    await pause(LIVE_MS)
    const killedAt = Date.now()
    await owner.kill()
    await until(() => ownsNode(standby), { what: 'the standby owns the node', timeout: 30_000 })
    const ownsAt = Date.now()
    await pause(AFTER_MS)
    const closingAt = Date.now()
    await standby.stop()
    await load
    const first = pointsIn(owner.log())
    const second = pointsIn(standby.log())
    const start = between(second, 0, readyAt)
    const takeOver = between(second, killedAt, ownsAt + TAKING_OVER_MS)
    return [
      ...as(
        'live',
        new Set([...between(first, liveFrom, killedAt), ...between(second, ownsAt + SETTLED_MS, closingAt)]),
      ),
      // Armed from the start: what the start passes, too, would come too early.
      ...as('take-over', new Set([...takeOver].filter((name) => !start.has(name)))),
      ...as('hand-over', between(second, closingAt, Number.POSITIVE_INFINITY)),
      ...as('start', start),
    ]
  } finally {
    await world.stop()
  }
}

interface Passed {
  readonly at: number
  readonly name: string
}

function pointsIn(log: string): Passed[] {
  const line = /"time":(\d+),.*?"point":"([^"]+)"/g
  return [...log.matchAll(line)].map(([, at, name]) => ({ at: Number(at), name: name! }))
}

function between(passed: readonly Passed[], from: number, to: number): Set<string> {
  return new Set(passed.filter(({ at }) => at >= from && at < to).map(({ name }) => name))
}

function as(when: Point['when'], names: ReadonlySet<string>): Point[] {
  return [...names].sort().map((name) => ({ name, when }))
}
