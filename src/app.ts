import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createDevices } from './agents/devices.js'
import { createFloor } from './agents/floor.js'
import { createRoster } from './agents/roster.js'
import { buildApi } from './api/build.js'
import { createApiStores } from './api/stores/index.js'
import type { CallWorld } from './calls/call-world.js'
import { createCallCommands } from './calls/commands.js'
import { createDeadMan } from './calls/dead-man.js'
import { Recovery } from './calls/recovery.js'
import { CallRunner } from './calls/runner.js'
import { createCentreWatch } from './centre/watch.js'
import { type Config, rolesOf } from './config.js'
import { createCallerLookup } from './context/lookup.js'
import { normaliseNumber } from './context/numbers.js'
import { createHealthChecks } from './health-checks.js'
import { createJournalFeed } from './journal/feed.js'
import { createRecorder } from './journal/recorder.js'
import { createJournalWriter } from './journal/writer.js'
import { createPbxLink } from './pbx-link.js'
import { type Clock, systemClock } from './platform/clock.js'
import { createHousekeeping } from './platform/housekeeping.js'
import { createMetrics } from './platform/metrics.js'
import { createPostgres } from './platform/postgres/pool.js'
import { connectRedis } from './platform/redis.js'
import { within } from './platform/within.js'
import { RedisRoutingCore } from './routing/core.js'
import { createSweeper } from './routing/sweeper.js'

/** A part that is still busy with something that is away is not waited for longer (ms). */
const PART_CLOSE_MS = 4_000

/** The whole server in one process, composed and ready to start. */
export interface App {
  /** Connects everything and serves; resolves when the centre file is in force and the API listens. */
  start(): Promise<void>
  /** Where the API listens, once started: `http://127.0.0.1:8120`. @throws Error when this process has no API */
  url(): string
  /** Live calls of this instance. */
  calls(): number
  /** Stops taking work, closes every connection. Calls in talk stay up in Asterisk. */
  close(): Promise<void>
}

export interface AppOverrides {
  readonly clock?: Clock
  readonly webDir?: string
  /** Wider limits for tests and benches. */
  readonly ratePerMinute?: Parameters<typeof buildApi>[0]['options']['ratePerMinute']
}

/**
 * Composes the rooms. The only file that knows them all.
 *
 * The order of the journal's readers matters: the edge writes a screen pop to the agent's socket before the runner, which
 * subscribes after it, rings the phone on the same event.
 */
export async function createApp(config: Config, logger: Logger, overrides: AppOverrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock
  const roles = rolesOf(config)
  const metrics = createMetrics()
  const centreId = config.CTI_CENTRE

  const open = (name: string, autoPipelining = false) =>
    connectRedis({
      url: config.CTI_REDIS_URL,
      name: `cti120-${name}`,
      autoPipelining,
      onError: (err) => logger.warn({ err, connection: name }, 'Redis connection'),
    })
  const redis = open('core')
  const reading = open('journal')
  const recording = open('recorder')
  const postgres = createPostgres({
    url: config.CTI_PG_URL,
    applicationName: 'cti120',
    onIdleError: (code) => logger.warn({ code }, 'PostgreSQL connection'),
  })
  // Of their own, so that nothing else of the house stands before a caller's look-up.
  const lookUps = createPostgres({
    url: config.CTI_PG_URL,
    applicationName: 'cti120-look-up',
    max: 4,
    forLookUps: true,
    onIdleError: (code) => logger.warn({ code }, 'PostgreSQL connection'),
  })

  const routing = new RedisRoutingCore(redis, centreId)
  const journal = createJournalWriter(redis, centreId)
  const feed = createJournalFeed(reading, redis, centreId, logger)
  const centre = createCentreWatch({ url: config.CTI_PG_URL, postgres, logger })
  const floor = createFloor()
  const roster = createRoster({ centre, routing, floor, clock, logger })
  const link = createPbxLink(config, logger, metrics, clock, () => redis.status === 'ready')
  const deadMan = createDeadMan(link.telephony, (err) => logger.warn({ err }, 'dead-man switch could not be set'))
  const world: CallWorld = {
    telephony: link.telephony,
    routing,
    journal,
    centre,
    floor,
    deadMan,
    clock,
    logger,
    normaliseNumber,
    context: createCallerLookup(lookUps),
    metrics: {
      arrived: () => metrics.callsArrived.inc(),
      lookUpLate: () => metrics.lookUpsLate.inc(),
      popIncomplete: () => metrics.popsIncomplete.inc(),
      effectFailed: (effect) => metrics.effectsFailed.inc({ effect }),
    },
  }
  const runner = new CallRunner(world)
  const recovery = new Recovery(world, runner, (step) => metrics.recoverySteps.inc({ step }))
  metrics.callsLive(() => runner.size)
  const devices = createDevices({ routing, roster, clock, logger })
  const sweeper = createSweeper(routing, clock, (err) => {
    metrics.sweepErrors.inc()
    logger.warn({ err }, 'due timers could not be run')
  })
  const recorder = createRecorder({ redis: recording, postgres, centre: centreId, logger })
  const housekeeping = createHousekeeping({
    redisUrl: config.CTI_REDIS_URL,
    redis,
    postgres,
    centre: centreId,
    keep: config.CTI_JOURNAL_KEEP,
    logger,
  })

  let api: FastifyInstance | undefined
  const stops: (() => unknown)[] = []

  return {
    async start() {
      await centre.start()
      await routing.prepare()
      await feed.start()
      feed.subscribe('floor', (event) => floor.observe(event))
      // A promise leads to a pop, which comes by the journal, too: nobody waits for the sockets to hear of the promise first.
      if (roles.has('telephony'))
        feed.subscribe('promises', (event) => event.type === 'reservation.created' && runner.onJournal(event))
      if (roles.has('api')) {
        api = await buildApi({
          options: {
            jwtSecret: config.CTI_JWT_SECRET,
            webDir: overrides.webDir,
            ratePerMinute: overrides.ratePerMinute,
          },
          ...createApiStores(postgres),
          centreId,
          centre,
          routing,
          feed,
          redis,
          clock,
          logger,
          calls: createCallCommands({ runner, redis, centre: centreId, journal, clock }),
          registry: metrics.registry,
          health: createHealthChecks({ redis, postgres, link, telephony: roles.has('telephony') }),
        })
      }
      await roster.start()
      if (roles.has('telephony')) {
        // The first caller finds a connection open.
        void lookUps.isHealthy()
        feed.subscribe('calls', (event) => event.type !== 'reservation.created' && runner.onJournal(event))
        stops.push(
          link.onEvent((event) => {
            if (event.type === 'device_changed') devices.changed(event.endpoint, event.state)
            else if (event.type === 'link_up') recovery.start()
            else runner.onTelephony(event)
          }),
        )
        stops.push(roster.onApplied(() => devices.replay()))
        link.start()
        sweeper.start()
      }
      feed.subscribe('metrics', (event) => metrics.journalEvents.inc({ type: event.type }))
      if (roles.has('worker')) {
        await recorder.start()
        await housekeeping.start()
      }
      await api?.listen({ host: config.CTI_HTTP_HOST, port: config.CTI_HTTP_PORT })
    },
    url() {
      const address = api?.server.address()
      if (!address || typeof address === 'string') throw new Error('the API does not listen')
      return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
    },
    calls: () => runner.size,
    async close() {
      await api?.close()
      for (const stop of stops) stop()
      await within(sweeper.stop(), PART_CLOSE_MS)
      recovery.close()
      runner.close()
      deadMan.close()
      await link.close()
      roster.close()
      await Promise.allSettled(
        [recorder.stop(), housekeeping.stop(), feed.stop(), centre.stop()].map((part) => within(part, PART_CLOSE_MS)),
      )
      for (const connection of [redis, reading, recording]) connection.disconnect()
      await within(Promise.all([postgres.close(), lookUps.close()]), PART_CLOSE_MS)
    },
  }
}
