import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { applyCentre } from '../../src/centre/apply.js'
import { createPostgres } from '../../src/platform/postgres/pool.js'
import { connectRedis } from '../../src/platform/redis.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import { startAsterisk } from '../../test/helpers/asterisk.js'
import { testEnvironment } from '../../test/helpers/environment.js'
import { startOwnPostgres } from '../../test/helpers/own-postgres.js'
import { startOwnRedis } from '../../test/helpers/own-redis.js'
import { findTcpPort, findUdpPort } from '../../test/helpers/ports.js'
import { withCallers } from '../../test/helpers/sealing.js'
import { serverEnvironment, startServerProcess } from '../../test/helpers/server.js'
import { formatFrom, startSipp } from '../../test/helpers/sipp.js'
import { until } from '../../test/helpers/until.js'
import { oneQueueCentre } from '../one-queue.js'
import type { Recorded } from './calls.js'
import { type Floor, openFloor } from './floor.js'
import { OBSERVER, type Observed } from './sample.js'

export const NUMBER = '7001'
/** A phone rings so long before it is answered; a citizen without patience is gone by then. */
const RING_MS = 1_500
const IMPATIENT_MS = 700
/** Events kept: few, so that the journal is full (and its size flat) long before the middle third. */
const JOURNAL_KEEP = 20_000
const label = { ko: '오래', en: 'Soak' }

export interface SoakOptions {
  /** Phones that answer, that refuse (603) and that nobody answers. */
  readonly phones: readonly [answering: number, refusing: number, silent: number]
  /** ms: everything is over by then. */
  readonly longest: number
}

/** A centre of its own: own Asterisk, Redis, PostgreSQL, one server with all roles, and an agent's client for each phone. */
export interface SoakWorld extends Observed {
  readonly phonePorts: readonly number[]
  readonly inspectPort: number
  readonly floor: Floor
  /** Citizens ring in, every tenth without patience. Resolves with the number of calls when the last one is over. */
  placeCalls(of: { rate: number; seconds: number; stayMs: number }): Promise<number>
  record(): Promise<Recorded[]>
  stop(): Promise<void>
}

export async function startSoakWorld(options: SoakOptions): Promise<SoakWorld> {
  const centre = `s${randomBytes(5).toString('hex')}`
  let next = 3001
  const groups = options.phones.map((count) => Array.from({ length: count }, () => String(next++)))
  const phonePorts: number[] = []
  for (const _ of groups) phonePorts.push(await findUdpPort())
  const all = groups.flat()
  const [redis, postgres] = await Promise.all([startOwnRedis(), startOwnPostgres()])
  const asterisk = await startAsterisk({
    phones: groups.flatMap((group, n) =>
      group.length ? [`${group[0]}-${group.at(-1)}@127.0.0.1:${phonePorts[n]}`] : [],
    ),
  })
  const FOREVER = options.longest
  const behaviours = [{ ringMs: RING_MS }, undefined, { ringMs: FOREVER }]
  const phones = await Promise.all(
    behaviours.map((behaviour, n) =>
      startSipp({
        scenario: behaviour ? 'phone' : 'phone-refuses',
        port: phonePorts[n],
        trace: false,
        timeout: options.longest,
        params: { ringMs: 0, talkMs: FOREVER, rtpPort: 9, code: 603, ...behaviour },
      }),
    ),
  )
  const pool = createPostgres({ url: postgres.url, applicationName: OBSERVER })
  await applyCentre(pool, {
    file: oneQueueCentre({ id: centre, label, number: NUMBER, queue: 'soak', phones: all }),
    expectedVersion: 0,
    appliedBy: 'soak',
  })
  const asking = connectRedis({ url: redis.url, name: OBSERVER })
  const [port, inspectPort] = [await findTcpPort(), await findTcpPort()]
  const environment: Record<string, string> = {
    ...serverEnvironment({ asterisk, redisUrl: redis.url, pgUrl: postgres.url, centre }),
    CTI_HTTP_PORT: String(port),
    CTI_LOG_LEVEL: 'info',
    CTI_JOURNAL_KEEP: String(JOURNAL_KEEP),
    NODE_OPTIONS: `--inspect=127.0.0.1:${inspectPort}`,
  }
  const server = await startServerProcess(environment, join(testEnvironment('CTI_TEST_DIR'), `soak-${centre}.log`))
  const core = new RedisRoutingCore(asking, centre)
  await until(async () => (await core.listAgents()).every((agent) => agent.device === 'up'), {
    what: 'every phone is known to be up',
    timeout: 30_000,
  })
  const floor = await openFloor(
    server.url,
    environment.CTI_JWT_SECRET!,
    all.map((device) => `b${device}`),
  )
  for (const device of all) await core.setPresence(`b${device}`, 'available', undefined, Date.now())

  let callers = 0
  const ringIn = async (rate: number, seconds: number, stayMs: number) => {
    const calls = Math.round(rate * seconds)
    const sipp = await startSipp({
      scenario: 'citizen',
      server: { host: asterisk.sipHost, port: asterisk.sipPort },
      calls,
      rate,
      trace: false,
      fields: Array.from({ length: calls }, () => `0105${String(++callers).padStart(7, '0')}`),
      timeout: options.longest,
      params: {
        number: NUMBER,
        from: formatFrom('[field0]'),
        headers: '',
        rtpPort: 9,
        talkMs: stayMs,
        giveUpMs: stayMs,
        challenge: '',
        authentication: '',
      },
    })
    await sipp.exited
    return calls
  }
  return {
    server,
    asterisk,
    redis: asking,
    postgres: pool,
    postgresPid: postgres.pid(),
    centre,
    phonePorts,
    inspectPort,
    floor,
    async placeCalls({ rate, seconds, stayMs }) {
      const [patient, impatient] = await Promise.all([
        ringIn(rate * 0.9, seconds, stayMs),
        ringIn(rate * 0.1, seconds, IMPATIENT_MS),
      ])
      return patient + impatient
    },
    async record() {
      const { rows } = await pool.query<Recorded>(
        'SELECT id, caller, ended_at IS NOT NULL AS ended, connected_at IS NOT NULL AS connected FROM contacts',
      )
      return withCallers(rows)
    },
    async stop() {
      floor.close()
      await server.stop()
      await Promise.all(phones.map((phone) => phone.stop()))
      await asterisk.stop()
      asking.disconnect()
      await pool.close().catch(() => undefined)
      await redis.remove()
      await postgres.remove()
    },
  }
}
