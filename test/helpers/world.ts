import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashPassword } from '../../src/api/auth/password.js'
import type { AppOverrides } from '../../src/app.js'
import { applyCentre } from '../../src/centre/apply.js'
import { parseCentre } from '../../src/centre/parse.js'
import type { CentreFile } from '../../src/centre/schema.js'
import { readCentreVersion } from '../../src/centre/store.js'
import type { AnyJournalEvent } from '../../src/journal/events.js'
import { parseEntry, type StreamEntry } from '../../src/journal/parse.js'
import { keyOf } from '../../src/platform/keys.js'
import { packageRoot } from '../../src/platform/package-root.js'
import { createPostgres, type Postgres } from '../../src/platform/postgres/pool.js'
import { type AsteriskOptions, startAsterisk, type TestAsterisk } from './asterisk.js'
import {
  type Citizen,
  type CitizenOptions,
  type Phone,
  type PhoneOptions,
  startCitizen,
  startPhone,
} from './callers.js'
import { type Desk, openDesk } from './desk.js'
import { testEnvironment } from './environment.js'
import { type Observer, observe } from './leaks.js'
import { findLeftovers } from './leftovers.js'
import type { OwnSentinels } from './own-sentinels.js'
import { findTcpPort } from './ports.js'
import { createDatabase } from './postgres.js'
import { recordingEnvironment } from './recordings.js'
import { createTestCentre, type TestCentre } from './redis.js'
import {
  ownsNode,
  readiness,
  serverEnvironment,
  startServerInside,
  startServerProcess,
  type TestServer,
} from './server.js'
import { until } from './until.js'

export interface WorldOptions {
  /** Centre file below test/fixtures/centre, without .yaml; default `telephony`. */
  centre?: string
  asterisk?: AsteriskOptions
  /** `inside`: in this process (default). `process`: as in production, can be killed. `none`: started later by `startServer`. */
  server?: 'inside' | 'process' | 'none'
  /** Folder of the built pages. */
  webDir?: string
  /** Another PostgreSQL than the run's: an empty migrated database. */
  pgUrl?: string
  /** Pause between two rounds of the reconciler in a server inside, ms. */
  reconcileEveryMs?: number
  /** Another Redis than the run's. */
  redisUrl?: string
  /** Redis behind Sentinels instead. */
  sentinels?: OwnSentinels
  /** More environment of the server. */
  env?: Record<string, string>
  /** Key, spool and a store on disk for recordings; what is recorded says the centre file. */
  recording?: boolean
}

/** A whole cti120 of one test file: own Asterisk, own database, own part of Redis, a server. `stop` it in teardown. */
export interface World {
  readonly asterisk: TestAsterisk
  readonly observer: Observer
  readonly redis: TestCentre
  readonly postgres: Postgres
  /** Of everybody in the centre file. */
  readonly password: string
  server(): TestServer
  /** Starts the server (again); the address may be new. */
  startServer(kind?: 'inside' | 'process'): Promise<TestServer>
  /**
   * A second server of the same centre, in a process of its own; without other environment of the same node: it stands by while the first one
   * owns the node.
   */
  startStandby(more?: Record<string, string>): Promise<TestServer>
  /** From now on this one is `server()`: people sign in there, figures are read there. */
  turnTo(server: TestServer): void
  /** Signs a person in; close is done by `stop`. */
  signIn(id: string): Promise<Desk>
  /** Starts the phone of a test device (`3001` …). */
  phone(device: string, options?: Omit<PhoneOptions, 'port'>): Promise<Phone>
  /** A citizen rings in, from a number of their own when none is given. */
  call(options?: CitizenOptions): Promise<Citizen & { readonly caller: string }>
  /** The whole journal so far. */
  journal(): Promise<AnyJournalEvent[]>
  /** Id of the contact of a caller's newest call, once it is in the journal. */
  contactOf(caller: string): Promise<string>
  /** Events of one contact, by their types in order, once `complete` says so. */
  story(contactId: string): Promise<AnyJournalEvent[]>
  /** Waits for an event of this type about a contact. */
  event<T extends AnyJournalEvent['type']>(
    contactId: string,
    type: T,
    nth?: number,
  ): Promise<Extract<AnyJournalEvent, { type: T }>>
  /** Applies the centre file with a change. */
  changeCentre(change: (file: CentreFile) => void): Promise<void>
  /** A figure of /metrics. */
  metric(name: string): Promise<number>
  /** Everybody offline, phones stopped, then: no channel, bridge, reservation, waiting contact, alarm, active job or live call is left. */
  expectClean(): Promise<void>
  stop(): Promise<void>
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { sentinels } = options
  const redis = createTestCentre(sentinels?.env.CTI_REDIS_URL ?? options.redisUrl, sentinels?.address)
  const fixture = join(packageRoot(), 'test/fixtures/centre', `${options.centre ?? 'telephony'}.yaml`)
  const checked = parseCentre(readFileSync(fixture, 'utf8'))
  if (!checked.file) throw new Error(`${fixture}: ${JSON.stringify(checked.problems)}`)
  const file: CentreFile = { ...checked.file, centre: { ...checked.file.centre, id: redis.centre } }
  const password = randomBytes(9).toString('base64url')
  const hash = hashPassword(password)
  const [asterisk, database] = await Promise.all([
    startAsterisk({ phones: 6, ...options.asterisk }),
    options.pgUrl === undefined ? createDatabase() : undefined,
  ])
  const pgUrl = options.pgUrl ?? database!.url
  const postgres = database?.postgres ?? createPostgres({ url: pgUrl, applicationName: 'cti120-test' })
  const apply = async () =>
    applyCentre(postgres, {
      file,
      expectedVersion: await readCentreVersion(postgres),
      appliedBy: 'test',
      hashInitialPassword: () => hash,
    })
  await apply()

  const desks: Desk[] = []
  const phones: Phone[] = []
  const citizens: Citizen[] = []
  let callers = 0
  let server: TestServer | undefined
  const servers = new Set<TestServer>()
  const running = () => {
    if (!server) throw new Error('no server was started')
    return server
  }

  const env = {
    ...serverEnvironment({ asterisk, redisUrl: redis.url, pgUrl, centre: redis.centre }),
    // A machine that runs a whole test suite beside is no overloaded centre; watch/overload.test.ts sets its own.
    CTI_OVERLOAD_LOOP_MS: '5000',
    CTI_OVERLOAD_REDIS_MS: '5000',
    ...sentinels?.env,
    ...(options.recording ? recordingEnvironment(asterisk, redis.centre) : {}),
    ...options.env,
  }
  // Generous limits: one address signs everybody in.
  const overrides: AppOverrides = {
    webDir: options.webDir,
    reconcileEveryMs: options.reconcileEveryMs,
    ratePerMinute: { address: 100_000, user: 100_000, signIn: 10_000 },
  }
  const startServer = async (kind: 'inside' | 'process' = 'inside') => {
    const logFile = join(testEnvironment('CTI_TEST_DIR'), `server-${redis.centre}.log`)
    // Desks of an earlier server hold its address.
    for (const desk of desks.splice(0)) desk.close()
    server =
      kind === 'inside'
        ? await startServerInside(env, logFile, overrides)
        : await startServerProcess({ ...env, CTI_HTTP_PORT: String(await findTcpPort()) }, logFile)
    servers.add(server)
    await until(async () => (await readiness(running())).status === 'ready', {
      what: 'the server is ready',
      timeout: 15_000,
    })
    // The one before may have died with the lease: it is this one's only when it has run out.
    await until(() => ownsNode(running()), { what: 'the server owns the PBX node', timeout: 15_000 })
    return server
  }
  const startStandby = async (more: Record<string, string> = {}) => {
    const logFile = join(testEnvironment('CTI_TEST_DIR'), `server-${redis.centre}-${servers.size}.log`)
    const standby = await startServerProcess({ ...env, ...more, CTI_HTTP_PORT: String(await findTcpPort()) }, logFile)
    servers.add(standby)
    return standby
  }
  const journal = async () => {
    const epoch = (await redis.redis.get(keyOf(redis.centre, 'epoch'))) ?? ''
    const entries = (await redis.redis.xrange(keyOf(redis.centre, 'journal'), '-', '+')) as StreamEntry[]
    return entries.flatMap((entry) => parseEntry(epoch, entry) ?? [])
  }
  const story = async (contactId: string) => (await journal()).filter((event) => event.contactId === contactId)
  const metric = async (name: string) => {
    const text = await (await fetch(`${running().url}/metrics`)).text()
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  }
  const observer = await observe(asterisk)
  if (options.server !== 'none') await startServer(options.server)

  return {
    asterisk,
    observer,
    redis,
    postgres,
    password,
    journal,
    story,
    metric,
    startServer,
    startStandby,
    turnTo(other) {
      for (const desk of desks.splice(0)) desk.close()
      server = other
    },
    server: running,
    async signIn(id) {
      const desk = await openDesk(running().url, id, password)
      desks.push(desk)
      return desk
    },
    async phone(device, phoneOptions) {
      const port = asterisk.phones[device]
      if (port === undefined) throw new Error(`there is no test phone ${device}`)
      const phone = await startPhone({ ...phoneOptions, port })
      phones.push(phone)
      return phone
    },
    async call(callOptions = {}) {
      callers += 1
      const caller = callOptions.caller ?? `010${String(20_000_000 + callers)}`
      const citizen = await startCitizen(asterisk, { ...callOptions, caller })
      citizens.push(citizen)
      return { ...citizen, caller }
    },
    contactOf: (caller) =>
      until(
        async () =>
          (await journal()).findLast((e) => e.type === 'contact.created' && e.data.caller === caller)?.contactId,
        {
          what: 'the call is in the journal',
        },
      ),
    event: (contactId, type, nth = 1) =>
      until(async () => (await story(contactId)).filter((e) => e.type === type)[nth - 1], {
        what: `${type} no. ${nth}`,
        timeout: 15_000,
      }) as never,
    async changeCentre(change) {
      change(file)
      const { version } = await apply()
      await until(async () => running().log().includes(`"version":${version},"agents"`), {
        what: 'the new centre file is in force',
      })
    },
    async expectClean() {
      await Promise.all(citizens.splice(0).map((citizen) => citizen.stop()))
      await observer.expectNothing()
      await until(() => metric('cti_calls_live').then((n) => n === 0), { what: 'no live call is left in the server' })
      // A server that was frozen a moment ago still refuses commands as overloaded.
      await Promise.all(
        desks.map((desk) => until(() => desk.offline().then(() => true), { what: `${desk.id} is offline` })),
      )
      await Promise.all(phones.splice(0).map((phone) => phone.stop()))
      let left: string[] = []
      await until(
        async () => {
          left = await findLeftovers(redis)
          return left.length === 0
        },
        { what: 'nothing is left in Redis' },
      ).catch((error: Error) => {
        throw new Error(`${error.message}: ${left.join(', ')}`)
      })
    },
    async stop() {
      for (const desk of desks) desk.close()
      await Promise.allSettled([...citizens, ...phones].map((party) => party.stop()))
      await Promise.all([...servers].map((each) => each.stop()))
      await asterisk.stop()
      await redis.cleanUp()
      await (database ? database.drop() : postgres.close())
    },
  }
}
