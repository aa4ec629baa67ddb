import { join } from 'node:path'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { WebSocket } from 'ws'
import { type CtiClient, createClient } from '../../client/src/index.js'
import { hashPassword } from '../../src/api/auth/password.js'
import type { Role } from '../../src/api/auth/permissions.js'
import { buildApi } from '../../src/api/build.js'
import type { Api } from '../../src/api/http/edge.js'
import type { ApiOptions } from '../../src/api/ports.js'
import { createApiStores } from '../../src/api/stores/index.js'
import { createBookings } from '../../src/callbacks/bookings.js'
import { createCallbackFigures } from '../../src/callbacks/figures-query.js'
import type { CallbackStore } from '../../src/callbacks/ports.js'
import { createCallbackService } from '../../src/callbacks/service.js'
import { createCallbackStore } from '../../src/callbacks/store.js'
import { createTell } from '../../src/callbacks/tell.js'
import type { CallCommand, CommandAnswer, CommandLine } from '../../src/calls/command-line.js'
import { createCallCommands, readDisposition } from '../../src/calls/commands.js'
import { createContact } from '../../src/calls/contact.js'
import { createCallOuts } from '../../src/calls/outbound/call-outs.js'
import { createPlaceCalls } from '../../src/calls/outbound/place-call.js'
import { viewCall } from '../../src/calls/talk/call-view.js'
import { queuePolicies } from '../../src/centre/policies.js'
import type { Centre, CentreFile, CentrePort } from '../../src/centre/schema.js'
import { createJournalFeed, type RunningFeed } from '../../src/journal/feed.js'
import type { JournalWriter } from '../../src/journal/ports.js'
import { createJournalWriter } from '../../src/journal/writer.js'
import { newId } from '../../src/platform/ids.js'
import { createPostgres } from '../../src/platform/postgres/pool.js'
import { connectRedis } from '../../src/platform/redis.js'
import { createAccessLog } from '../../src/privacy/access-queue.js'
import { createRecordingCommands } from '../../src/recording/commands.js'
import { createKeyring } from '../../src/recording/crypto/keyring.js'
import { createRecordingLibrary } from '../../src/recording/library.js'
import { createLiveRecordings } from '../../src/recording/live.js'
import { createRecordingRows } from '../../src/recording/rows.js'
import { createDiskStore } from '../../src/recording/stores/disk.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import type { Reservation } from '../../src/routing/model.js'
import { agentRoutes } from '../../src/routing/rank.js'
import { createWebhooks } from '../../src/webhooks/index.js'
import { targetPolicy } from '../../src/webhooks/target.js'
import { apiCentre, contactRoutesOf } from './api-centre.js'
import { testEnvironment } from './environment.js'
import { createGate, type Gate } from './gate.js'
import { createDatabase, type TestDatabase } from './postgres.js'
import { createTestCentre, type TestCentre } from './redis.js'
import { testSealing } from './sealing.js'

export const PASSWORD = 'correct horse battery staple'
/** Master key of recordings, for tests only. */
export const RECORDING_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`
export const JWT_SECRET = 'a secret for tests only, long enough to sign'

/** The edge on a real routing core, journal, Redis and PostgreSQL, listening on a loopback port. No PBX: calls are only queued. */
export interface ApiHouse {
  readonly url: string
  /** From now on another instance says that it carries this call. */
  carry(contactId: string): void
  readonly api: Api
  readonly routing: RedisRoutingCore
  readonly journal: JournalWriter
  readonly feed: RunningFeed
  readonly redis: TestCentre
  readonly database: TestDatabase
  /** Folder of the store of recordings. */
  readonly recordings: string
  /** The server's way to PostgreSQL. */
  readonly postgresGate: Gate
  /** The server's way to Redis. */
  readonly redisGate: Gate
  /** Everything the server logged. */
  readonly log: () => string
  /** The promises as rules and calls move them. */
  readonly callbacks: CallbackStore
  /** Puts another version of the centre file in force. */
  setCentre(change: (file: CentreFile) => void): void
  client(): CtiClient
  /** A client signed in as this person. */
  signedIn(id: string): Promise<CtiClient>
  /** Plain request; `as` gives the bearer. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** Makes an agent free: presence available, phone up. */
  free(agentId: string): Promise<void>
  /** A contact that starts to wait; the reservation when an agent was free. */
  call(options?: {
    readonly queue?: string
    readonly contactId?: string
  }): Promise<{ contactId: string; reservation?: Reservation }>
  close(): Promise<void>
}
export interface RequestOptions {
  readonly token?: string
  readonly body?: unknown
  readonly text?: string
  readonly headers?: Record<string, string>
}
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

export async function openApiHouse(
  options: Partial<ApiOptions> & { readonly clock?: () => number } = {},
): Promise<ApiHouse> {
  const { clock = Date.now, ...apiOptions } = options
  const redisGate = await createGate(testEnvironment('CTI_TEST_REDIS_URL'))
  const [database, redis] = [await createDatabase(), createTestCentre()]
  const postgresGate = await createGate(database.url)
  const postgres = createPostgres({ url: postgresGate.url, applicationName: 'cti120-test-api' })
  const open = (name: string) => connectRedis({ url: redisGate.url, name })
  const [asking, reading] = [open('test-api'), open('test-journal')]
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  let centre: Centre = { version: 1, appliedAt: clock(), file: apiCentre(redis.centre) }
  const listeners = new Set<(centre: Centre) => void>()
  const routing = new RedisRoutingCore(asking, redis.centre)
  const journal = createJournalWriter(asking, redis.centre)
  const feed = createJournalFeed(reading, asking, redis.centre, logger)
  await addUsers(database, centre.file)
  await setUpAgents(routing, centre, clock())
  await feed.start()
  // There is no PBX in these tests: a call is up at another instance when the test says so.
  const carried = new Set<string>()
  const ask = async ({ contactId }: CallCommand): Promise<CommandAnswer> => {
    const call = viewCall(createContact(contactId, `channel-of-${contactId}`))
    return carried.has(contactId) ? { ok: true, changed: true, supervisions: [], call } : 'nobody'
  }
  const line: CommandLine = { start: async () => undefined, ask }
  const centrePort: CentrePort = {
    current: () => centre,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const tell = createTell(journal, postgres, clock)
  const callbacks = createCallbackStore(postgres, tell, testSealing)
  const recordings = join(testEnvironment('CTI_TEST_DIR'), `recordings-${redis.centre}`)
  const api = await buildApi({
    options: { jwtSecret: JWT_SECRET, ratePerMinute: { address: 10_000, user: 10_000, signIn: 10_000 }, ...apiOptions },
    ...createApiStores(postgres, testSealing),
    centreId: redis.centre,
    routing,
    feed,
    journal,
    redis: asking,
    accessLog: createAccessLog(asking, redis.centre, clock),
    registry: new Registry(),
    clock,
    logger,
    centre: centrePort,
    callbacks: createCallbackService({
      postgres,
      centre: centrePort,
      store: callbacks,
      sealing: testSealing,
      bookings: createBookings({ postgres, centre: centrePort, store: callbacks, clock }),
      figures: createCallbackFigures(postgres),
      routing,
      clock,
    }),
    webhooks: createWebhooks({
      redis: asking,
      postgres,
      centre: redis.centre,
      secret: JWT_SECRET,
      policy: targetPolicy('127.0.0.1'),
      clock,
    }),
    calls: createCallCommands({
      carriers: () => [],
      line,
      routing,
      redis: asking,
      centre: redis.centre,
      journal,
      clock,
    }),
    recordings: {
      commands: createRecordingCommands({ feed, journal, live: createLiveRecordings(asking, redis.centre), clock }),
      library: createRecordingLibrary({
        rows: createRecordingRows(postgres),
        keyring: createKeyring(RECORDING_KEY),
        store: createDiskStore(recordings),
        redis: asking,
        centre: redis.centre,
      }),
    },
    placeCall: createPlaceCalls({
      callOuts: createCallOuts(asking, redis.centre),
      routing,
      centre: centrePort,
      node: async () => 'node1',
      dispositionOf: async (contactId) => (await readDisposition(asking, redis.centre, contactId))?.disposition,
      clock,
    }),
    health: [
      { name: 'redis', required: true, check: async () => ({ ok: (await asking.ping()) === 'PONG' }) },
      { name: 'postgres', required: false, check: async () => ({ ok: await postgres.isHealthy() }) },
    ],
  })
  const url = await api.listen({ host: '127.0.0.1', port: 0 })
  const client = () => createClient({ baseUrl: url, webSocketImpl: WebSocket })
  return {
    url,
    api,
    callbacks,
    carry: (contactId) => void carried.add(contactId),
    routing,
    journal,
    feed,
    redis,
    database,
    recordings,
    postgresGate,
    redisGate,
    client,
    log: () => lines.join(''),
    setCentre(change) {
      const file = structuredClone(centre.file)
      change(file)
      centre = { version: centre.version + 1, appliedAt: clock(), file }
      for (const listener of listeners) listener(centre)
    },
    async signedIn(id) {
      const signedIn = client()
      await signedIn.signIn(id, PASSWORD)
      return signedIn
    },
    request: (method, path, request = {}) => plainRequest(url + path, method, request),
    async free(agentId) {
      await routing.setDevice(agentId, 'up', clock())
      await routing.setPresence(agentId, 'available', undefined, clock())
    },
    async call({ queue = 'tax', contactId = newId() } = {}) {
      const now = clock()
      const { reservations } = await routing.queueContact(
        {
          contactId,
          queue,
          channel: 'voice',
          priority: 50,
          enqueuedAt: now,
          routes: contactRoutesOf(centre.file, queue),
          ringMs: 15_000,
          rejectMs: 5_000,
        },
        now,
      )
      return { contactId, reservation: reservations[0] }
    },
    async close() {
      await api.close()
      await tell.settled()
      await feed.stop()
      asking.disconnect()
      await redis.cleanUp()
      await postgres.close()
      await postgresGate.shut()
      await redisGate.shut()
      await database.drop()
    },
  }
}

async function plainRequest(
  url: string,
  method: string,
  { token, body, text, headers = {} }: RequestOptions,
): Promise<Answer> {
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(url, {
    method,
    headers: {
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: sent,
  })
  const answer = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && answer !== '' ? JSON.parse(answer) : answer,
  }
}

async function addUsers(database: TestDatabase, file: CentreFile): Promise<void> {
  const hash = await hashPassword(PASSWORD)
  for (const { id, name, role } of file.agents) {
    await database.postgres.query('INSERT INTO users (id, name, role, password_hash) VALUES ($1, $2, $3, $4)', [
      id,
      name,
      role as Role,
      hash,
    ])
  }
}

async function setUpAgents(routing: RedisRoutingCore, centre: Centre, now: number): Promise<void> {
  const policies = queuePolicies(centre.file)
  for (const agent of centre.file.agents) {
    await routing.setUpAgent(
      { agentId: agent.id, routes: agentRoutes(agent.skills, policies), configVersion: centre.version },
      now,
    )
  }
}
