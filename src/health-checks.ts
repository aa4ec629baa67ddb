import type { ApiDeps } from './api/ports.js'
import type { AsteriskHealth } from './asterisk/health.js'
import type { LoadWatch } from './platform/load-watch.js'
import type { Postgres } from './platform/postgres/pool.js'
import type { connectRedis } from './platform/redis.js'

/**
 * What /health/ready asks: PostgreSQL is reported, but calls flow without it. A standby is ready as long as somebody owns the PBX node. With
 * several nodes the loss of one is reported (`degraded`), and the rest goes on: only without any link that it should have is this process not ready.
 */
export function createHealthChecks(deps: {
  redis: ReturnType<typeof connectRedis>
  postgres: Postgres
  load: LoadWatch
  /** Of a process that takes part in telephony, its home node first. */
  nodes: readonly Pbx[]
}): ApiDeps['health'] {
  const { redis, postgres, load, nodes } = deps
  const alone = nodes.length === 1
  return [
    {
      name: 'redis',
      required: true,
      check: async () => ({ ok: redis.status === 'ready' && (await redis.ping()) === 'PONG' }),
    },
    { name: 'postgres', required: false, check: async () => ({ ok: await postgres.isHealthy() }) },
    { name: 'load', required: nodes.length > 0, check: async () => ({ ok: !load.overloaded, detail: load.detail() }) },
    ...nodes.flatMap((pbx, i) => {
      const suffix = i === 0 ? '' : `:${pbx.node}`
      return [owner(pbx, suffix), part(pbx, 'ari', suffix, alone), part(pbx, 'ami', suffix, alone)]
    }),
    ...(nodes.length > 1 ? [anyLink(nodes)] : []),
  ]
}

interface Pbx {
  readonly node: string
  /** Of the link, while this process owns the node. */
  health(): AsteriskHealth | undefined
  /** Who owned the node when Redis was last asked. */
  owner(): string | undefined
}
type Check = ApiDeps['health'][number]

function owner({ node, health, owner: who }: Pbx, suffix: string): Check {
  const check = async () => {
    const own = health() !== undefined
    const other = who()
    return { ok: own || other !== undefined, detail: own ? `owner of ${node}` : standby(node, other) }
  }
  return { name: `owner${suffix}`, required: true, check }
}

const standby = (node: string, who: string | undefined): string => `standby; owner of ${node}: ${who ?? 'nobody known'}`

function part({ health }: Pbx, name: 'ari' | 'ami', suffix: string, required: boolean): Check {
  const check = async () => health()?.[name] ?? { ok: true, detail: 'standby' }
  return { name: `${name}${suffix}`, required, check }
}

function anyLink(nodes: readonly Pbx[]): Check {
  const check = async () => {
    const own = nodes.flatMap(({ health }) => health() ?? [])
    return { ok: own.length === 0 || own.some(({ ari, ami }) => ari.ok && ami.ok) }
  }
  return { name: 'pbx', required: true, check }
}
