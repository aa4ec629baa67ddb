import { join } from 'node:path'
import { applyCentre } from '../../src/centre/apply.js'
import { parseEntry, type StreamEntry } from '../../src/journal/parse.js'
import { keyOf } from '../../src/platform/keys.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import { startAsterisk, type TestAsterisk } from '../../test/helpers/asterisk.js'
import { startPhone } from '../../test/helpers/callers.js'
import { testEnvironment } from '../../test/helpers/environment.js'
import { findTcpPort, findUdpPort } from '../../test/helpers/ports.js'
import { createDatabase } from '../../test/helpers/postgres.js'
import { createTestCentre } from '../../test/helpers/redis.js'
import { serverEnvironment, startServerProcess } from '../../test/helpers/server.js'
import { benchCentre, benchDialplan, benchQueues, PHONES } from './centre.js'
import { openSockets } from './sockets.js'
import { startWorker } from './worker.js'

/** REST to Asterisk over the WebSocket, an HTTP pool, or each where it is better. */
export type RestWay = 'ws' | 'http' | 'mixed'

export interface BenchServer {
  readonly port: number
  /** Opens the agents' event sockets; call it after the capture began. */
  openSockets(): Promise<void>
  stop(): Promise<void>
}

/** One Asterisk with 200 phones, one database, one part of Redis for the whole bench. */
export interface BenchWorld {
  readonly asterisk: TestAsterisk
  readonly phonesPort: number
  /** The built server in a process of its own, ready, all agents available. */
  startServer(rest?: RestWay): Promise<BenchServer>
  /** Contact id -> caller, from the journal. */
  contacts(): Promise<Map<string, string>>
  /** Waits until every agent is free again. */
  agents(): Promise<{ free: number; all: number }>
  stop(): Promise<void>
}

export async function startBenchWorld(): Promise<BenchWorld> {
  const phonesPort = await findUdpPort()
  const redis = createTestCentre()
  const database = await createDatabase()
  const asterisk = await startAsterisk({
    phones: [`${PHONES[0]}-${PHONES.at(-1)}@127.0.0.1:${phonesPort}`],
    extra: { 'extensions.conf': benchDialplan, 'queues.conf': benchQueues },
  })
  const phones = await startPhone({ port: phonesPort, answerAfterMs: 100, trace: false })
  await applyCentre(database.postgres, { file: benchCentre(redis.centre), expectedVersion: 0, appliedBy: 'bench' })
  const core = new RedisRoutingCore(redis.redis, redis.centre)
  const common = serverEnvironment({ asterisk, redisUrl: redis.url, pgUrl: database.url, centre: redis.centre })
  return {
    asterisk,
    phonesPort,
    async startServer(rest) {
      const port = await findTcpPort()
      const environment = {
        CTI_HTTP_PORT: String(port),
        ...common,
        CTI_LOG_LEVEL: 'info',
        ...(rest === undefined ? {} : { CTI_ARI_REST: rest }),
      }
      const logFile = join(testEnvironment('CTI_TEST_DIR'), `bench-server-${port}.log`)
      // As docs/operations.md says for a busy centre: the record is written beside the calls, not between them.
      const worker = startWorker({ ...environment, CTI_ROLES: 'worker' }, `${logFile}.worker`)
      const server = await startServerProcess({ ...environment, CTI_ROLES: 'api,telephony' }, logFile)
      for (const device of PHONES) await core.setPresence(`b${device}`, 'available', undefined, Date.now())
      let close: (() => void) | undefined
      return {
        port,
        async openSockets() {
          close = await openSockets(
            server.url,
            common.CTI_JWT_SECRET!,
            PHONES.map((device) => `b${device}`),
          )
        },
        async stop() {
          close?.()
          await server.stop()
          await worker.stop()
        },
      }
    },
    async contacts() {
      const entries = (await redis.redis.xrange(keyOf(redis.centre, 'journal'), '-', '+')) as StreamEntry[]
      return new Map(
        entries.flatMap((entry) => {
          const event = parseEntry('', entry)
          return event?.type === 'contact.created' && event.contactId && event.data.caller
            ? [[event.contactId, event.data.caller] as const]
            : []
        }),
      )
    },
    async agents() {
      const all = await core.listAgents()
      return { free: all.filter((agent) => agent.work === 'idle' && agent.device === 'up').length, all: all.length }
    },
    async stop() {
      await phones.stop()
      await asterisk.stop()
      await redis.cleanUp()
      await database.drop()
    },
  }
}
