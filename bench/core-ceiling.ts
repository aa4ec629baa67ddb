import type { Redis } from 'ioredis'
import { hashed, runScript } from '../src/routing/scripts.js'

/** How often one reservation called Redis. */
export interface Counts {
  readonly scripts: number
  readonly reads: number
  readonly writes: number
}

const READS = new Set([
  'get',
  'hget',
  'hmget',
  'hgetall',
  'zrange',
  'zscore',
  'zcard',
  'zcount',
  'zrangebyscore',
  'smembers',
])
const NEITHER = new Set(['eval', 'info', 'config|resetstat', 'script|load', 'client|setinfo', 'ping'])

/**
 * What Redis counted since CONFIG RESETSTAT; commands called by scripts count too.
 * @param reservations by which the numbers are divided
 */
export async function countCommands(redis: Redis, reservations: number): Promise<Counts> {
  const calls = { scripts: 0, reads: 0, writes: 0 }
  for (const line of (await redis.info('commandstats')).split('\r\n')) {
    const [, name, count] = /^cmdstat_([^:]+):calls=(\d+)/.exec(line) ?? []
    if (name === undefined || NEITHER.has(name)) continue
    calls[name === 'evalsha' ? 'scripts' : READS.has(name) ? 'reads' : 'writes'] += Number(count)
  }
  return {
    scripts: calls.scripts / reservations,
    reads: calls.reads / reservations,
    writes: calls.writes / reservations,
  }
}

export interface Ceiling {
  rounds: number
  /** One reservation's worth of bare scripts. */
  round(): Promise<void>
}

const SOURCE = `
local call, P, now, n = redis.call, KEYS[1], ARGV[1], ':' .. ARGV[2]
for i = 1, tonumber(ARGV[3]) do call('GET', P .. 'bare:' .. i .. n) end
for i = 1, tonumber(ARGV[4]) do call('SET', P .. 'bare:' .. i .. n, now) end
return now`

/**
 * As many EVALSHAs as a reservation took, together with as many GETs and SETs, on keys spread like the core's. The counts
 * need not be whole: the remainder is made up over many rounds.
 */
export async function createCeiling(redis: Redis, prefix: string, size: number, counts: Counts): Promise<Ceiling> {
  const bare = hashed('bare', SOURCE)
  const owed = { scripts: 0, reads: 0, writes: 0 }
  const share = (kind: keyof Counts, each: number): number => {
    owed[kind] += each
    const whole = Math.floor(owed[kind])
    owed[kind] -= whole
    return whole
  }
  let n = 0
  const run = (): Promise<unknown> => {
    n = (n + 7919) % size
    const [reads, writes] = [
      share('reads', counts.reads / counts.scripts),
      share('writes', counts.writes / counts.scripts),
    ]
    return runScript(redis, bare, prefix, [Date.now(), n, reads, writes])
  }
  await run()
  const ceiling: Ceiling = {
    rounds: 0,
    async round() {
      for (let scripts = share('scripts', counts.scripts); scripts > 0; scripts -= 1) await run()
      ceiling.rounds += 1
    },
  }
  return ceiling
}
