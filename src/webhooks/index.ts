import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { AnyJournalEvent } from '../journal/events.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { GIVE_UP_MS } from './backoff.js'
import { JournalTail } from './journal-tail.js'
import { createMessages, type MessageStore } from './messages.js'
import type { Place } from './model.js'
import { Outbox } from './outbox.js'
import type { PumpDeps } from './pump.js'
import { QueueMemory } from './queue-memory.js'
import { createSeal, type Seal } from './seal.js'
import { createSender } from './send.js'
import { createSubscriptions, type SubscriptionStore } from './subscriptions.js'
import { checkTarget, type TargetPolicy, type TargetProblem } from './target.js'
import { createWebhookWorker, type WebhookWorker } from './worker.js'

export interface WebhooksDeps {
  readonly redis: Redis
  readonly postgres: Postgres
  readonly centre: string
  /** Seals what is kept in the database; the same in every instance. */
  readonly secret: string
  readonly policy: TargetPolicy
  readonly clock: Clock
}

/** What people do with webhooks. */
export interface Webhooks {
  readonly subscriptions: SubscriptionStore
  readonly messages: MessageStore
  readonly seal: Seal
  /** Where a new subscription begins: behind the newest event. */
  place(): Promise<Place>
  /** What is wrong with an address; undefined: nothing. */
  checkTarget(address: string): TargetProblem | undefined
  readonly giveUpMs: number
}

export function createWebhooks(deps: WebhooksDeps, giveUpMs = GIVE_UP_MS): Webhooks {
  const { redis, postgres, centre, policy } = deps
  const seal = createSeal(deps.secret)
  const tail = new JournalTail(redis, centre)
  return {
    subscriptions: createSubscriptions(postgres, centre, seal),
    messages: createMessages(postgres),
    seal,
    place: () => tail.end(),
    checkTarget: (address) => checkTarget(address, policy),
    giveUpMs,
  }
}

export interface DeliveryOptions {
  readonly connect: (name: string) => Redis
  readonly teamOf: (agentId: string) => string | undefined
  readonly show: (event: AnyJournalEvent, unmasked: boolean) => AnyJournalEvent
  readonly count: PumpDeps['count']
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Longest attempt, ms (default 10,000). */
  readonly timeoutMs?: number
  readonly firstPauseMs?: number
  /** How long a message that was taken is nobody else's, ms (default: well over what an attempt takes). */
  readonly leaseMs?: number
}

/** Attempts of one receiver at once. */
const AT_ONCE = 8
const TIMEOUT_MS = 10_000
/** What an attempt may take beyond its time: PostgreSQL may be slow to hear of it. */
const LEASE_SLACK_MS = 20_000

/** The part that reads the journal and sends. */
export function createDelivery(deps: WebhooksDeps, webhooks: Webhooks, options: DeliveryOptions): WebhookWorker {
  const { redis, postgres, centre, policy, clock } = deps
  const { timeoutMs = TIMEOUT_MS } = options
  const outbox = new Outbox({
    journal: new JournalTail(redis, centre),
    postgres,
    centre,
    queues: new QueueMemory(postgres),
    teamOf: options.teamOf,
    show: options.show,
    seal: webhooks.seal,
    clock,
    giveUpMs: webhooks.giveUpMs,
    logger: options.logger,
  })
  return createWebhookWorker({
    messages: webhooks.messages,
    subscriptions: webhooks.subscriptions,
    sender: createSender({ policy, timeoutMs, userAgent: 'cti120-webhooks/1' }),
    seal: webhooks.seal,
    clock,
    random: Math.random,
    leaseMs: options.leaseMs ?? 2 * timeoutMs + LEASE_SLACK_MS,
    firstPauseMs: options.firstPauseMs,
    atOnce: AT_ONCE,
    count: options.count,
    outbox,
    centre,
    connect: options.connect,
    logger: options.logger,
  })
}
