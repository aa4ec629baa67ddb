import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { AnyJournalEvent } from '../journal/events.js'
import type { JournalFeed } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { Metrics } from '../platform/metrics.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import type { RoutingCore } from '../routing/core-port.js'
import { createAbandonedFinder } from './abandoned.js'
import { createAlarmClock } from './alarm-clock.js'
import { createChores } from './chores.js'
import { createDueRows } from './due-rows.js'
import { letFallDue } from './fall-due.js'
import { Follower } from './follow.js'
import { createFollowUp } from './follow-up.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'
import { createPromoter } from './promoter.js'
import { QueueTroubles } from './queue-trouble.js'
import { createRound } from './round.js'
import { createSweep } from './sweep.js'
import type { Tell } from './tell.js'
import { createUnderWay } from './under-way.js'
import { createWelfarePlanner } from './welfare.js'

export interface CallbackClockOptions {
  readonly redis: Redis
  /** Opens another connection to the same Redis. */
  readonly connect: (name: string) => Redis
  readonly postgres: Postgres
  readonly centreId: string
  readonly centre: CentrePort
  readonly routing: RoutingCore
  readonly feed: Pick<JournalFeed, 'subscribe' | 'onReset'>
  readonly store: CallbackStore
  readonly tell: Pick<Tell, 'behind'>
  /** Puts a due call-back into the routing core. */
  readonly enqueue: EnqueueCallback
  /** What the agent said of a talk. */
  readonly dispositionOf: (contactId: string) => Promise<string | undefined>
  readonly clock: Clock
  readonly sealing: Pick<Sealing, 'open'>
  readonly metrics: Metrics
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** What keeps time for the call-backs: alarms, sweep, whose turn it is, and what makes call-backs by rule. */
export interface CallbackClock {
  start(): Promise<void>
  stop(): Promise<void>
}

/** The rows alone are looked at this often: what an alarm that never rings costs. */
const SWEEP_EVERY_MS = 2_000
const PROMOTE_EVERY_MS = 1_000
const PROMOTE_GAP_MS = 100
/** Alarms of the next minutes are set again this often, should Redis have lost them. */
const ARM_EVERY_MS = 30_000
const ARM_AHEAD_MS = 5 * 60_000
const ARM_LIMIT = 5_000
/** A row due later than this has its alarm set when the time comes nearer: Redis holds what is near, PostgreSQL all of it. */
const ARM_AT_ONCE_MS = 24 * 3_600_000
const TELL_LIMIT = 500
const FIND_EVERY_MS = 15_000

const RIPENING: ReadonlySet<string> = new Set(['requested', 'scheduled', 'no_answer', 'busy'])
/** After these somebody may be free, or it is somebody's turn. */
const TURNS: ReadonlySet<AnyJournalEvent['type']> = new Set([
  'callback.due',
  'agent.work_changed',
  'agent.presence_changed',
  'agent.device_changed',
])

/** Any number of instances may run it: every step is a move of a locked row, and turns are given out under one lock. */
export function createCallbackClock(options: CallbackClockOptions): CallbackClock {
  const {
    redis,
    connect,
    postgres,
    centreId,
    centre,
    routing,
    feed,
    store,
    tell,
    enqueue,
    clock,
    metrics,
    logger,
    sealing,
  } = options
  const follower = new Follower({ store, centre, dispositionOf: options.dispositionOf, clock, logger })
  const underWay = createUnderWay({ store, follower, postgres, routing, clock })
  const rows = createDueRows(postgres, sealing)
  const troubles = new QueueTroubles()
  const stops: (() => void)[] = []

  const failed = (round: string) => (error: unknown) => {
    metrics.callbackErrors.inc({ round })
    logger.warn(
      { round, type: error instanceof Error ? error.name : typeof error },
      'call-backs: done again at the next turn',
    )
  }

  const alarms = createAlarmClock({
    connect,
    centre: centreId,
    clock,
    logger,
    async ring(id) {
      metrics.callbackAlarms.inc()
      const callback = await store.get(id)
      if (callback && (await letFallDue(store, centre.current().file, callback, clock()))) promoting.nudge()
    },
  })

  const promote = createPromoter({
    postgres,
    store,
    rows,
    routing,
    centre,
    clock,
    enqueue,
    isTroubled: (queue, now) => {
      const level = centre.current().file.queues.find(({ id }) => id === queue)?.serviceLevel
      return troubles.read(queue, level, now).trouble
    },
  })
  const promoting = createRound({
    everyMs: PROMOTE_EVERY_MS,
    gapMs: PROMOTE_GAP_MS,
    onError: failed('promote'),
    async work() {
      const promoted = await promote()
      if (promoted === undefined || promoted === 0) return
      metrics.callbacksPromoted.inc(promoted)
      promoting.nudge()
    },
  })

  const sweep = createSweep({ store, rows, routing, centre, clock, logger })
  const sweeping = createRound({
    everyMs: SWEEP_EVERY_MS,
    gapMs: SWEEP_EVERY_MS,
    onError: failed('sweep'),
    async work() {
      const swept = await sweep()
      for (const [what, count] of Object.entries(swept)) metrics.callbacksSwept.inc({ what }, count)
      if (swept.due + swept.lost > 0) promoting.nudge()
      metrics.callbacksSwept.inc({ what: 'behind' }, await underWay())
      await tell.behind(TELL_LIMIT)
    },
  })

  const arming = createRound({
    everyMs: ARM_EVERY_MS,
    gapMs: PROMOTE_GAP_MS,
    onError: failed('arm'),
    async work() {
      await chores.restore()
      const now = clock()
      await alarms.arm(await rows.upcoming(now, now + ARM_AHEAD_MS, ARM_LIMIT))
    },
  })

  const found = (kind: string, find: () => Promise<number>) => async () => {
    metrics.callbacksFound.inc({ kind }, await find())
  }
  const followUp = createFollowUp({ postgres, centre, clock })
  const chores = createChores({
    connect,
    centre: centreId,
    zone: () => centre.current().file.centre.timeZone,
    logger,
    chores: [
      {
        name: 'find-abandoned',
        when: { every: FIND_EVERY_MS },
        run: found('abandoned', createAbandonedFinder({ postgres, redis, centreId, centre, store, clock, sealing })),
      },
      {
        name: 'plan-welfare',
        when: { pattern: '*/5 * * * *' },
        run: found('welfare', createWelfarePlanner({ postgres, centre, store, clock, sealing })),
      },
      {
        name: 'follow-up',
        when: { every: FIND_EVERY_MS },
        async run() {
          metrics.callbackTickets.inc(await followUp())
          metrics.callbacksOverdue.set(await rows.countOverdue(clock()))
        },
      },
    ],
  })

  const observe = (event: AnyJournalEvent): void => {
    troubles.observe(event)
    follower.observe(event)
    if (TURNS.has(event.type)) promoting.nudge()
    if (!event.type.startsWith('callback.') || !('rowVersion' in event.data)) return
    const { state, callbackId, rowVersion, dueAt } = event.data
    if (!RIPENING.has(state) || dueAt > clock() + ARM_AT_ONCE_MS) return
    // Redis away or full: the next arming round, and the sweep after all, make up for it.
    alarms.arm([{ id: callbackId, version: rowVersion, dueAt }]).catch(failed('arm'))
  }

  return {
    async start() {
      await alarms.start()
      await chores.start()
      stops.push(feed.subscribe('callback-clock', observe))
      feed.onReset(() => {
        troubles.reset()
        arming.nudge()
      })
      for (const round of [arming, sweeping, promoting]) round.start()
    },
    async stop() {
      for (const stop of stops.splice(0)) stop()
      // Together: a round that waits for a Redis that is away ends with the connection.
      const rounds = [arming, sweeping, promoting].map((round) => round.stop())
      await Promise.all([...rounds, alarms.stop(), chores.stop(), follower.settled()])
    },
  }
}
