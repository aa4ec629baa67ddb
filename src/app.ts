import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { tellCentreInForce } from './agents/centre-in-force.js'
import { createFloor } from './agents/floor.js'
import { AgentMemory } from './agents/memory.js'
import { createRoster } from './agents/roster.js'
import { buildApi } from './api/build.js'
import { createApiStores } from './api/stores/index.js'
import { showEvent } from './api/view/mask.js'
import { createCallbacks } from './callbacks/index.js'
import { createCommandLine } from './calls/command-line.js'
import { createCallCommands, orderHere, readDisposition } from './calls/commands.js'
import { LookUps } from './calls/look-ups.js'
import { createCallOuts, joinDialling } from './calls/outbound/call-outs.js'
import { createPlaceCalls } from './calls/outbound/place-call.js'
import { createCentreWatch } from './centre/watch.js'
import { type Config, redisAddress, rolesOf, sealingKeys } from './config.js'
import { nodesOf } from './config-nodes.js'
import { createCallerLookup } from './context/lookup.js'
import { edgeOptions } from './edge-options.js'
import { createHealthChecks } from './health-checks.js'
import { createJournalFeed } from './journal/feed.js'
import { createRecorder } from './journal/recorder.js'
import { createJournalWriter } from './journal/writer.js'
import { findOwnedNode } from './lease/owned.js'
import { rebuildWhenLost } from './moment-lost.js'
import { createNodes } from './nodes.js'
import { type Clock, systemClock } from './platform/clock.js'
import { watchFailover } from './platform/failover-watch.js'
import { createHousekeeping } from './platform/housekeeping.js'
import { instanceName } from './platform/ids.js'
import { createLoadWatch } from './platform/load-watch.js'
import { createMetrics } from './platform/metrics.js'
import { createPostgres } from './platform/postgres/pool.js'
import { connectRedis, type RedisConnection } from './platform/redis.js'
import { checkRedisVersion } from './platform/redis-version.js'
import { createSealing } from './platform/sealing.js'
import { within } from './platform/within.js'
import { createAccessDrain } from './privacy/access-drain.js'
import { createAccessLog } from './privacy/access-queue.js'
import { privacyChores } from './privacy/chores.js'
import { createRecordingRoom } from './recording-room.js'
import { RedisRoutingCore } from './routing/core.js'
import { createSweeper } from './routing/sweeper.js'
import { createDelivery, createWebhooks } from './webhooks/index.js'
import { targetPolicy } from './webhooks/target.js'

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
  /** Pause between two rounds of the reconciler, ms. */
  readonly reconcileEveryMs?: number
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

  const instance = instanceName()
  const address = redisAddress(config)
  const open = (name: string, more: Partial<RedisConnection> = {}) =>
    connectRedis({
      ...more,
      ...address,
      name: `cti120-${name}`,
      onError: (err) => logger.warn({ err, connection: name }, 'Redis connection'),
    })
  const redis = open('core')
  const reading = open('journal')
  const recording = open('recorder')
  const listening = open('commands')
  const leasing = open('lease', { offlineQueue: false, maxRetries: 0 })
  const failover =
    address.sentinel && watchFailover(address.sentinel, (to) => logger.warn({ to }, 'Redis has another primary'))
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

  const sealing = createSealing(sealingKeys(config))
  const routing = new RedisRoutingCore(redis, centreId)
  const journal = createJournalWriter(redis, centreId)
  const feed = createJournalFeed(reading, redis, centreId, logger)
  const centre = createCentreWatch({ url: config.CTI_PG_URL, postgres, logger })
  const floor = createFloor()
  const memory = new AgentMemory()
  const roster = createRoster({ centre, routing, floor, memory, clock, logger })
  roster.onApplied(() => {
    const { version } = centre.current()
    tellCentreInForce({ redis, journal, centreId }, version, clock()).catch((err: unknown) =>
      logger.warn({ err, version }, 'that a centre file is in force could not be told'),
    )
  })
  const limits = { loopMs: config.CTI_OVERLOAD_LOOP_MS, redisMs: config.CTI_OVERLOAD_REDIS_MS }
  const load = createLoadWatch(redis, limits, (cause, on, ms) => {
    metrics.overloaded.set({ cause }, on ? 1 : 0)
    if (on) metrics.overloads.inc({ cause })
    logger.warn({ cause, ms }, on ? 'overloaded: new calls go to the fallback' : 'calls are taken again')
  })
  const ownedNode = () =>
    findOwnedNode(
      redis,
      centreId,
      nodesOf(config).map(({ name }) => name),
    )
  const dispositionOf = async (contactId: string) => (await readDisposition(redis, centreId, contactId))?.disposition
  const callbacks = createCallbacks({
    redis,
    connect: open,
    postgres,
    centreId,
    centre,
    routing,
    journal,
    feed,
    node: ownedNode,
    dispositionOf,
    clock,
    sealing,
    metrics,
    logger,
  })
  const recordings = await createRecordingRoom({
    config,
    redis,
    connect: open,
    postgres,
    routing,
    journal,
    feed,
    centre,
    clock,
    logger,
    metrics,
  })
  const callOuts = createCallOuts(redis, centreId)
  const pbx = createNodes(
    {
      config,
      redis,
      centre,
      floor,
      roster,
      load,
      lookUps: new LookUps(createCallerLookup(lookUps, sealing)),
      promises: joinDialling(callbacks.promises, callOuts),
      callbacks: callbacks.ofCalls,
      recordings,
      clock,
      logger,
      metrics,
      reconcileEveryMs: overrides.reconcileEveryMs,
    },
    { redis: leasing, owner: instance },
  )
  const line = createCommandLine({
    redis,
    listening,
    centre: centreId,
    instance,
    carryOut: roles.has('telephony') ? (command) => orderHere(pbx.carriers(), command) : undefined,
  })
  const sweeper = createSweeper(routing, clock, (err) => {
    metrics.sweepErrors.inc()
    logger.warn({ err }, 'due timers could not be run')
  })
  const recorder = createRecorder({ redis: recording, postgres, centre: centreId, sealing, logger })
  const housekeeping = createHousekeeping({
    redis,
    connect: open,
    postgres,
    centre: centreId,
    keep: config.CTI_JOURNAL_KEEP,
    chores: privacyChores({ postgres, sealing, centre, redis, centreId, clock, logger }),
    logger,
  })
  const accesses = createAccessDrain({
    redis,
    postgres,
    centre: centreId,
    key: sealing.derive('access log'),
    logger,
  })

  const toWebhooks = {
    redis,
    postgres,
    centre: centreId,
    secret: config.CTI_WEBHOOK_KEY ?? config.CTI_JWT_SECRET,
    policy: targetPolicy(config.CTI_WEBHOOK_HOSTS),
    clock,
  }
  const webhooks = createWebhooks(toWebhooks)
  const delivery = createDelivery(toWebhooks, webhooks, {
    connect: open,
    teamOf: (id) => centre.current().file.agents.find((agent) => agent.id === id)?.team,
    show: showEvent,
    count: (outcome) => metrics.webhookAttempts.inc({ outcome }),
    logger,
  })

  let api: FastifyInstance | undefined
  let stopRebuilding: (() => void) | undefined

  return {
    async start() {
      await checkRedisVersion(redis)
      await centre.start()
      await routing.prepare()
      // A process that only keeps the record and the call-backs' time needs no live view.
      const live = roles.has('api') || roles.has('telephony')
      if (live || roles.has('worker')) await feed.start()
      if (live) {
        feed.subscribe('floor', (event) => floor.observe(event))
        feed.subscribe('memory', (event) => memory.observe(event))
        stopRebuilding = rebuildWhenLost(feed, roster, pbx.terms, logger)
      }
      // A promise leads to a pop, which comes by the journal, too: nobody waits for the sockets to hear of the promise first.
      if (roles.has('telephony'))
        feed.subscribe('promises', (event) => {
          if (event.type === 'reservation.created') for (const carrier of pbx.carriers()) carrier.onJournal(event)
        })
      if (live) await line.start()
      if (roles.has('api')) {
        api = await buildApi({
          options: {
            ...edgeOptions(config, { sealing, clock, logger }),
            webDir: overrides.webDir,
            trustProxy: config.CTI_TRUST_PROXY?.split(','),
            ratePerMinute: overrides.ratePerMinute,
          },
          ...createApiStores(postgres, sealing),
          centreId,
          centre,
          routing,
          feed,
          journal,
          redis,
          accessLog: createAccessLog(redis, centreId, clock),
          clock,
          logger,
          calls: createCallCommands({ carriers: pbx.carriers, line, routing, redis, centre: centreId, journal, clock }),
          placeCall: createPlaceCalls({ callOuts, routing, centre, node: ownedNode, dispositionOf, clock }),
          callbacks: callbacks.service,
          webhooks,
          recordings,
          registry: metrics.registry,
          health: [
            ...createHealthChecks({ redis, postgres, load, nodes: roles.has('telephony') ? pbx.all : [] }),
            recordings.health,
          ],
        })
      }
      if (live) await roster.start()
      if (roles.has('telephony')) {
        // The first caller finds a connection open.
        void lookUps.isHealthy()
        feed.subscribe('calls', (event) => {
          if (event.type !== 'reservation.created') for (const carrier of pbx.carriers()) carrier.onJournal(event)
        })
        feed.subscribe('recordings', (event) => {
          for (const term of pbx.terms()) term.recordings.onJournal(event)
        })
        feed.subscribe('fallback', (event) => {
          if (event.type === 'agent.presence_changed' || event.type === 'agent.device_changed')
            for (const term of pbx.terms()) term.membersChanged()
        })
        load.start()
        await pbx.start()
        sweeper.start()
      }
      if (live) feed.subscribe('metrics', (event) => metrics.journalEvents.inc({ type: event.type }))
      if (roles.has('worker')) {
        await recorder.start()
        await housekeeping.start()
        accesses.start()
        await callbacks.clock.start()
        await delivery.start()
        await recordings.start()
      }
      await api?.listen({ host: config.CTI_HTTP_HOST, port: config.CTI_HTTP_PORT })
    },
    url() {
      const address = api?.server.address()
      if (!address || typeof address === 'string') throw new Error('the API does not listen')
      return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
    },
    calls: pbx.calls,
    async close() {
      // First of all: every moment from here on is one without an owner.
      await within(pbx.handOver(), PART_CLOSE_MS)
      stopRebuilding?.()
      await api?.close()
      await within(sweeper.stop(), PART_CLOSE_MS)
      load.stop()
      roster.close()
      await Promise.allSettled(
        [accesses, callbacks.clock, recorder, housekeeping, delivery, recordings, feed, centre]
          .map((part) => part.stop())
          .map((part) => within(part, PART_CLOSE_MS)),
      )
      await within(callbacks.tell.settled(), PART_CLOSE_MS)
      failover?.close()
      for (const connection of [redis, reading, recording, listening, leasing]) connection.disconnect()
      await within(Promise.all([postgres.close(), lookUps.close()]), PART_CLOSE_MS)
    },
  }
}
