import type { Redis } from 'ioredis'
import type { Postgres } from '../../src/platform/postgres/pool.js'
import type { TestAsterisk } from '../../test/helpers/asterisk.js'
import type { TestServer } from '../../test/helpers/server.js'
import { readPostgres } from './postgres-figures.js'
import { readFamilyCpu, readProcess } from './proc.js'
import { readRedis } from './redis-figures.js'

/** Where figures come from. */
export interface Observed {
  readonly server: TestServer
  readonly asterisk: TestAsterisk
  readonly redis: Redis
  readonly postgres: Postgres
  readonly postgresPid: number
  readonly centre: string
}

/** Name of the bench's own connections. */
export const OBSERVER = 'soak'

/** All figures of one moment by name; MB, ms and s as the names say, everything else is a count. */
export type Sample = Readonly<Record<string, number>>

export async function takeSample(of: Observed): Promise<Sample> {
  const { server, asterisk } = of
  const own = readProcess(server.pid)
  const pbx = readProcess(asterisk.pid())
  const [metrics, channels, bridges, application, redis, postgres] = await Promise.all([
    readMetrics(server.url),
    asterisk.ari('channels') as Promise<{ id: string }[]>,
    asterisk.ari('bridges') as Promise<{ id: string }[]>,
    asterisk.ari(`applications/cti-${asterisk.node}`) as Promise<Record<string, unknown>>,
    readRedis(of.redis, of.centre),
    readPostgres(of.postgres, OBSERVER),
  ])
  const subscriptions = ['channel_ids', 'bridge_ids', 'device_names', 'endpoint_ids'].reduce(
    (sum, name) => sum + ((application[name] as unknown[] | undefined)?.length ?? 0),
    0,
  )
  return {
    at: Date.now(),
    'server.rssMb': own.rssMb,
    'server.fds': own.fds,
    'server.cpuSeconds': own.cpuSeconds,
    ...metrics,
    'asterisk.channels': channels.length,
    'asterisk.bridges': bridges.length,
    'asterisk.subscriptions': subscriptions,
    'asterisk.rssMb': pbx.rssMb,
    'asterisk.fds': pbx.fds,
    'asterisk.cpuSeconds': pbx.cpuSeconds,
    ...Object.fromEntries(Object.entries(redis.keys).map(([part, count]) => [`keys.${part}`, count])),
    'redis.expiringKeys': redis.expiring,
    'redis.alarms': redis.alarms,
    'redis.contacts': redis.contacts,
    'redis.jobsActive': redis.jobsActive,
    'redis.jobsFailed': redis.jobsFailed,
    'redis.memoryMb': redis.memoryMb,
    'redis.connections': redis.connections,
    'redis.commands': redis.commands,
    'redis.scripts': redis.scripts,
    'redis.cpuSeconds': redis.cpuSeconds,
    'redis.aofBytes': redis.aofBytes,
    'redis.events': redis.events,
    'redis.eventBytes': redis.eventBytes,
    'postgres.connections': postgres.connections,
    'postgres.rows': postgres.rows,
    'postgres.bytes': postgres.bytes,
    'postgres.walBytes': postgres.walBytes,
    'postgres.cpuSeconds': readFamilyCpu(of.postgresPid),
  }
}

/** Sums over all labels of what the soak looks at. */
const METRICS: Readonly<Record<string, readonly [metric: string, factor: number]>> = {
  'server.heapMb': ['cti_process_nodejs_heap_size_used_bytes', 1 / 1_048_576],
  'server.externalMb': ['cti_process_nodejs_external_memory_bytes', 1 / 1_048_576],
  'server.lagP99Ms': ['cti_process_nodejs_eventloop_lag_p99_seconds', 1000],
  'server.handles': ['cti_process_nodejs_active_handles_total', 1],
  'server.sockets': ['cti_websocket_open_sockets', 1],
  'server.framesSent': ['cti_websocket_events_total', 1],
  'server.callsLive': ['cti_calls_live', 1],
  'server.callsArrived': ['cti_calls_arrived_total', 1],
  'server.repairs': ['cti_repairs_total', 1],
  'server.effectsFailed': ['cti_call_effects_failed_total', 1],
  'server.recoverySteps': ['cti_recovery_steps_total', 1],
  'server.nodesOwned': ['cti_node_owned', 1],
  'server.overloaded': ['cti_overloaded', 1],
  'server.overloads': ['cti_overloads_total', 1],
  'server.sweepErrors': ['cti_sweep_errors_total', 1],
  'server.pbxReconnects': ['cti_pbx_reconnects_total', 1],
  'server.pbxRestErrors': ['cti_pbx_rest_errors_total', 1],
  'server.terms': ['cti_node_terms_total', 1],
  'server.lookUpsLate': ['cti_lookups_late_total', 1],
}

async function readMetrics(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sums = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z_0-9]+)(?:\{.*\})? (\S+)$/.exec(line) ?? []
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value))
  }
  return Object.fromEntries(
    Object.entries(METRICS).map(([own, [name, factor]]) => [own, (sums.get(name) ?? 0) * factor]),
  )
}
