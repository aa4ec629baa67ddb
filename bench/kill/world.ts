import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { applyCentre } from '../../src/centre/apply.js'
import { endLostContacts } from '../../src/journal/lost.js'
import { createJournalWriter } from '../../src/journal/writer.js'
import { createPostgres } from '../../src/platform/postgres/pool.js'
import { connectRedis } from '../../src/platform/redis.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import { startAsterisk, type TestAsterisk } from '../../test/helpers/asterisk.js'
import { testEnvironment } from '../../test/helpers/environment.js'
import { type OwnPostgres, startOwnPostgres } from '../../test/helpers/own-postgres.js'
import { type OwnRedis, startOwnRedis } from '../../test/helpers/own-redis.js'
import { findTcpPort, findUdpPort } from '../../test/helpers/ports.js'
import { withCallers } from '../../test/helpers/sealing.js'
import { nodeEntry, serverEnvironment, startServerProcess, type TestServer } from '../../test/helpers/server.js'
import { until } from '../../test/helpers/until.js'
import { openProxy, type Proxy as TcpProxy } from '../../test/telephony/link/proxy.js'
import { killCentre, LINES } from './centre.js'
import { Citizens } from './citizens.js'
import { startHands } from './hands.js'
import type { RecordRow } from './judge.js'
import { HALVES, MIXED, startPhones, WILLING } from './phones.js'
import type { Waiting } from './places.js'
import { type SipView, viewSip } from './sip-view.js'

export interface KillWorldOptions {
  /** Servers at the start. */
  readonly instances: number
  /** Phones that also refuse, stay silent and hang up first, lines that are greeted or closed. */
  readonly mixed?: boolean
  /** 2: half of the phones are at another PBX node; everybody rings in at the first. */
  readonly nodes?: 1 | 2
  /** More environment of the servers that are started first. */
  readonly env?: (centre: string) => Readonly<Record<string, string>>
}

/** Another PBX node, joined to the first by a trunk. */
export interface SecondNode {
  readonly asterisk: TestAsterisk
  readonly phones: ReadonlySet<string>
}

/** Everything of one fault, each part a process of its own that may be ended: nothing is shared with the next fault. */
export interface KillWorld {
  readonly asterisk: TestAsterisk
  /** The other PBX node and its phones, when there are two. */
  readonly second?: SecondNode
  readonly redis: OwnRedis
  readonly postgres: OwnPostgres
  /** Between the servers and ARI. */
  readonly ariProxy: TcpProxy
  readonly centre: string
  readonly citizens: Citizens
  /** The instances; the first was started first. */
  readonly servers: TestServer[]
  startServer(env?: Readonly<Record<string, string>>): Promise<TestServer>
  /** Who waits now, in the routing core. */
  waiting(): Promise<Waiting[]>
  record(): Promise<RecordRow[]>
  view(): SipView
  /** Waits until every call is over and the record has all of it, at most so long (ms). @returns what is left over */
  settle(ms: number): Promise<string[]>
  stop(): Promise<void>
}

export async function startKillWorld(options: KillWorldOptions): Promise<KillWorld> {
  const { instances, mixed = false, nodes = 1, env: first } = options
  const centre = `k${randomBytes(5).toString('hex')}`
  const [kinds, otherKinds] = nodes === 2 ? [HALVES[0]!, HALVES[1]!] : [mixed ? MIXED : WILLING, []]
  const agents = [...kinds, ...otherKinds].flatMap(({ numbers }) => numbers)
  const [redis, postgres, phones, otherPhones] = await Promise.all([
    startOwnRedis(),
    startOwnPostgres(),
    startPhones(kinds),
    startPhones(otherKinds),
  ])
  // Each knows the other by its address; citizens come from 127.0.0.1.
  const [here, there] = nodes === 2 ? [await addressAt('127.0.0.11'), await addressAt('127.0.0.12')] : []
  const asterisk = await startAsterisk({
    phones: [...phones.specs],
    fallbackMembers: WILLING[0]!.numbers.slice(0, 8).join(' '),
    ...(here && there && { sip: here, env: { CTI_PBX_NODES: `node2=${there.host}:${there.port}` } }),
  })
  const second =
    here && there
      ? await startAsterisk({
          node: 'node2',
          sip: there,
          phones: [...otherPhones.specs],
          env: { CTI_PBX_NODES: `node1=${here.host}:${here.port}` },
        })
      : undefined
  const ariProxy = await openProxy(Number(new URL(asterisk.ariUrl).port))
  const pool = createPostgres({ url: postgres.url, applicationName: 'kill-suite' })
  await applyCentre(pool, { file: killCentre(centre, agents), expectedVersion: 0, appliedBy: 'kill-suite' })
  const asking = connectRedis({ url: redis.url, name: 'kill-suite' })
  const core = new RedisRoutingCore(asking, centre)
  const journal = createJournalWriter(asking, centre)
  const common: Record<string, string> = {
    ...serverEnvironment({ asterisk, redisUrl: redis.url, pgUrl: postgres.url, centre }),
    ...(second && { CTI_NODES: JSON.stringify([nodeEntry(second)]) }),
  }
  const { common: line, urgent, greeted, closed } = LINES
  const lines = mixed
    ? [line, greeted, urgent, line, greeted, line, line, line, closed, line]
    : [line, line, line, urgent]
  const citizens = new Citizens(asterisk, lines)
  const servers: TestServer[] = []
  const alive = new Set<TestServer>()
  const atWork = async (agentId: string) => void (await core.setPresence(agentId, 'available', undefined, Date.now()))

  const startServer = async (more: Readonly<Record<string, string>> = {}) => {
    const port = await findTcpPort()
    const env = { ...common, CTI_HTTP_PORT: String(port), CTI_ARI_URL: ariProxy.url, CTI_LOG_LEVEL: 'info', ...more }
    const server = await startServerProcess(env, join(testEnvironment('CTI_TEST_DIR'), `kill-${centre}-${port}.log`))
    servers.push(server)
    alive.add(server)
    void server.exited.then(() => alive.delete(server))
    return server
  }
  for (let n = 0; n < instances; n++) await startServer(first?.(centre))
  for (const device of agents) await atWork(`b${device}`)
  await until(async () => (await core.listAgents()).every((agent) => agent.device === 'up'), {
    what: 'every phone is known to be up',
    timeout: 40_000,
  })
  const hands = mixed ? startHands(core, alive, common.CTI_JWT_SECRET!) : undefined

  return {
    asterisk,
    second: second && { asterisk: second, phones: new Set(otherKinds.flatMap(({ numbers }) => numbers)) },
    redis,
    postgres,
    ariProxy,
    centre,
    citizens,
    servers,
    startServer,
    async waiting() {
      const contacts = await core.listContacts()
      return contacts.filter(({ state }) => state === 'queued' || state === 'reserved')
    },
    async record() {
      const { rows } = await pool.query<{
        id: string
        caller: string
        end_state: string | null
        end_reason: string | null
        queued_at: Date | null
        connected_at: Date | null
      }>('SELECT id, caller, end_state, end_reason, queued_at, connected_at FROM contacts WHERE caller IS NOT NULL', [])
      return withCallers(rows).map((row) => ({
        id: row.id,
        caller: row.caller,
        endState: row.end_state ?? undefined,
        endReason: row.end_reason ?? undefined,
        queuedAt: row.queued_at?.getTime(),
        connectedAt: row.connected_at?.getTime(),
      }))
    },
    view() {
      // Two nodes are one PBX to whoever is looked at here.
      const sip = asterisk.sipPort
      const packets = [...citizens.packets(), ...phones.packets(sip), ...otherPhones.packets(sip)]
      packets.sort((a, b) => a.at - b.at)
      return viewSip(packets, { sip, phones: [...phones.ports, ...otherPhones.ports] })
    },
    async settle(ms) {
      let left: string[] = []
      const calm = async () => {
        const channels = [
          ...((await asterisk.ari('channels')) as { id: string }[]),
          ...(((await second?.ari('channels')) as { id: string }[] | undefined) ?? []),
        ]
        const bridges = (await asterisk.ari('bridges')) as { id: string }[]
        // Without an entry the console says how many there are: none.
        const notes = asterisk.cli('database show cti-fallback').match(/^\/cti-fallback\/[^/]+\/entered/gm) ?? []
        const contacts = await core.listContacts()
        const { rows } = await pool.query<{ id: string; state: string }>(
          'SELECT id, state FROM contacts WHERE ended_at IS NULL',
          [],
        )
        // What housekeeping does after ten minutes for those whose caller left in the greeting while no server lived.
        if (channels.length + contacts.length === 0 && rows.length > 0)
          await endLostContacts(asking, pool.pool, journal, centre, Date.now(), '0 seconds')
        left = [
          ...channels.map(({ id }) => `channel ${id}`),
          ...bridges.map(({ id }) => `bridge ${id}`),
          ...notes.map((note) => `note ${note}`),
          ...contacts.map(({ contactId, state }) => `contact ${contactId} ${state} in the core`),
          ...rows.map(({ id, state }) => `contact ${id} ${state} in the record`),
        ]
        return left.length === 0
      }
      await until(calm, { what: 'everything is over', timeout: ms, every: 500 }).catch(() => undefined)
      return left
    },
    async stop() {
      hands?.stop()
      await Promise.allSettled(servers.map((server) => server.kill()))
      await ariProxy.close()
      await phones.stop()
      await otherPhones.stop()
      await asterisk.stop()
      await second?.stop()
      asking.disconnect()
      await pool.close().catch(() => undefined)
      await redis.remove()
      await postgres.remove()
    },
  }
}

async function addressAt(host: string): Promise<{ host: string; port: number }> {
  return { host, port: await findUdpPort() }
}
