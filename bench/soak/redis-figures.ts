import type { Redis } from 'ioredis'
import { KEY_PARTS, keyPrefix } from '../../src/platform/keys.js'

/** What a centre holds in Redis. */
export interface RedisFigures {
  /** Keys that stay, by part of the key catalogue (`jobs`: BullMQ's own). */
  readonly keys: Readonly<Record<string, number>>
  /** Keys that expire by themselves. */
  readonly expiring: number
  readonly jobsActive: number
  readonly jobsFailed: number
  /** Alarms that are not of open pages. */
  readonly alarms: number
  /** Contacts in the set of contacts. */
  readonly contacts: number
  readonly memoryMb: number
  readonly connections: number
  /** Commands since its start without this bench's own; those within scripts count, too. */
  readonly commands: number
  /** Scripts (EVALSHA) since its start. */
  readonly scripts: number
  readonly cpuSeconds: number
  /** Size of the append-only file. */
  readonly aofBytes: number
  /** Events ever written into the journal, and the bytes of one that is kept. */
  readonly events: number
  readonly eventBytes: number
}

/** Commands by which this bench looks; the server sends none of them. */
const OWN = new Set(['scan', 'pttl', 'memory|usage', 'info', 'xlen', 'llen'])
const PARTS = Object.values(KEY_PARTS).sort((a, b) => b.length - a.length)

function partOf(key: string, prefix: string): string {
  const rest = key.slice(prefix.length)
  if (rest.startsWith('jobs:')) return 'jobs'
  return PARTS.find((part) => (part.endsWith(':') ? rest.startsWith(part) : rest === part)) ?? 'unknown'
}

export async function readRedis(redis: Redis, centre: string): Promise<RedisFigures> {
  const prefix = keyPrefix(centre)
  const keys: Record<string, number> = {}
  let expiring = 0
  let cursor = '0'
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 2000)
    const asking = redis.pipeline()
    for (const key of found) asking.pttl(key)
    const lives = (await asking.exec()) ?? []
    found.forEach((key, n) => {
      const left = lives[n]?.[1]
      if (typeof left === 'number' && left >= 0) expiring += 1
      else if (left === -1) keys[partOf(key, prefix)] = (keys[partOf(key, prefix)] ?? 0) + 1
    })
    cursor = next
  } while (cursor !== '0')
  const info = await redis.info('everything')
  const figure = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? Number.NaN)
  const calls = (command: string) => Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(info)?.[1] ?? 0)
  const deadlines = await redis.zrange(prefix + KEY_PARTS.deadlines, '0', '-1')
  const journal = prefix + KEY_PARTS.journal
  const length = await redis.xlen(journal)
  return {
    keys,
    expiring,
    jobsActive: await redis.llen(`${prefix}jobs:housekeeping:active`),
    jobsFailed: await redis.zcard(`${prefix}jobs:housekeeping:failed`),
    alarms: deadlines.filter((alarm) => !alarm.startsWith('client:')).length,
    contacts: await redis.scard(prefix + KEY_PARTS.contacts),
    memoryMb: figure('used_memory') / 1_048_576,
    connections: figure('connected_clients'),
    commands: [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].reduce(
      (sum, [, command, count]) => (OWN.has(command ?? '') ? sum : sum + Number(count)),
      0,
    ),
    scripts: calls('evalsha') + calls('eval'),
    cpuSeconds: figure('used_cpu_user') + figure('used_cpu_sys'),
    aofBytes: figure('aof_current_size'),
    events: Number((await redis.get(prefix + KEY_PARTS.seq)) ?? 0),
    eventBytes: length === 0 ? 0 : ((await redis.memory('USAGE', journal, 'SAMPLES', 0)) ?? 0) / length,
  }
}
