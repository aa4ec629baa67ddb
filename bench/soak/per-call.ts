import type { Sample } from './sample.js'

/** Cumulative figures, under the name they have in the report, with the factor to its unit. */
const COSTS = {
  serverCpuMs: ['server.cpuSeconds', 1000],
  asteriskCpuMs: ['asterisk.cpuSeconds', 1000],
  redisCpuMs: ['redis.cpuSeconds', 1000],
  postgresCpuMs: ['postgres.cpuSeconds', 1000],
  /** Events written to sockets: every event goes to each client that may see it. */
  framesSent: ['server.framesSent', 1],
  redisCommands: ['redis.commands', 1],
  redisScripts: ['redis.scripts', 1],
  /** What a replica is sent is about as much. */
  redisAofBytes: ['redis.aofBytes', 1],
  journalEvents: ['redis.events', 1],
  postgresRows: ['postgres.rows', 1],
  postgresBytes: ['postgres.bytes', 1],
  postgresWalBytes: ['postgres.walBytes', 1],
} as const

type Cost = keyof typeof COSTS
export type Costs = Readonly<Record<Cost, number>>

function each(of: (name: Cost, more: (sampled: string) => number) => number, from: Sample, to: Sample): Costs {
  const more = (name: string) => (to[name] ?? 0) - (from[name] ?? 0)
  const names = Object.keys(COSTS) as Cost[]
  return Object.fromEntries(names.map((name) => [name, Math.round(of(name, more) * 100) / 100])) as Costs
}

/** What a second without any call costs: agents' clients, watchdogs, heartbeats. PURE. */
export function standingCosts(from: Sample, to: Sample): Costs {
  const seconds = (to.at! - from.at!) / 1000
  return each((name, more) => (more(COSTS[name][0]) * COSTS[name][1]) / seconds, from, to)
}

/** What one call costs besides, over a run; what agents do with it (offers refused, coming and going) is in it. PURE. */
export function costsOf(from: Sample, to: Sample, standing: Costs): Costs & { readonly calls: number } {
  const seconds = (to.at! - from.at!) / 1000
  const calls = (to['server.callsArrived'] ?? 0) - (from['server.callsArrived'] ?? 0)
  const costs = each(
    (name, more) => (more(COSTS[name][0]) * COSTS[name][1] - standing[name] * seconds) / calls,
    from,
    to,
  )
  return { calls, ...costs }
}
