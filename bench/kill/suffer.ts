import { setTimeout as pause } from 'node:timers/promises'
import type { FaultPlan } from './faults.js'
import { type Judged, judge } from './judge.js'
import { type KillWorld, startKillWorld } from './world.js'

const RATE = 2
/** From the first call to the fault (ms): all agents have talked. */
const BEFORE_MS = 10_000
/** So long before the fault (ms) a crowd rings in, so that some wait at the fault whatever the agents do. */
const CROWD_MS = 3_000
const CROWD = 14
/** Longer than a steady caller: more callers than agents for some seconds, also after a fault of ten. */
const CROWD_STAY_MS = 20_000
const SETTLE_MS = 60_000

export interface Suffered extends Judged {
  /** Channels, bridges and contacts that were there long after the last call. */
  readonly leftOver: readonly string[]
}

export interface SufferOptions {
  readonly instances: number
  /** Calls a second. */
  readonly rate?: number
  /** From the first call to the fault (ms). */
  readonly beforeMs?: number
  /** Instead of the plan's own. */
  readonly secondsAfter?: number
  readonly crowdStayMs?: number
}

/** One fault under load in a world of its own, from the first call to the judgement. */
export async function suffer(plan: FaultPlan, options: SufferOptions): Promise<Suffered> {
  const world = await startKillWorld({ instances: options.instances, nodes: plan.twoNodes ? 2 : 1 })
  try {
    return await sufferIn(world, plan, options)
  } finally {
    await world.stop()
  }
}

async function sufferIn(world: KillWorld, plan: FaultPlan, options: SufferOptions): Promise<Suffered> {
  const { rate = RATE, beforeMs = BEFORE_MS, secondsAfter = plan.secondsAfter, crowdStayMs = CROWD_STAY_MS } = options
  const load = world.citizens.steady(rate, beforeMs / 1000 + secondsAfter)
  await pause(beforeMs - CROWD_MS)
  const crowd = world.citizens.crowd(CROWD, crowdStayMs)
  await pause(CROWD_MS)
  const waiting = await world.waiting()
  const at = Date.now()
  const backAt = await plan.run(world)
  await Promise.all([load, crowd])
  const leftOver = await world.settle(SETTLE_MS)
  const { name, killsCalls = false } = plan
  const fault = { name, at, backAt, killsCalls, killsPhones: world.second?.phones }
  return { ...judge(world.view(), await world.record(), waiting, fault), leftOver }
}
