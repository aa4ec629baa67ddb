import type { Clock } from '../platform/clock.js'
import { around } from '../platform/fault.js'
import { nextTry } from './backoff.js'
import type { MessageStore } from './messages.js'
import type { Outcome, Taken } from './model.js'
import type { Seal } from './seal.js'
import type { Sender } from './send.js'
import { signMessage } from './sign.js'
import type { SubscriptionStore } from './subscriptions.js'

export interface PumpDeps {
  readonly messages: MessageStore
  readonly subscriptions: Pick<SubscriptionStore, 'forSending'>
  readonly sender: Sender
  readonly seal: Seal
  readonly clock: Clock
  readonly random: () => number
  /** Nobody else sends a message that was taken, for so long (ms); longer than an attempt takes. */
  readonly leaseMs: number
  /** First pause after a failure, ms. */
  readonly firstPauseMs?: number
  /** Attempts of one subscription under way at once. */
  readonly atOnce: number
  /** Somebody should look at this subscription again then (epoch ms). */
  readonly wakeAt: (subscriptionId: string, at: number, why: string) => void
  readonly count: (outcome: 'delivered' | 'failed' | 'dead') => void
}

type Target = NonNullable<Awaited<ReturnType<SubscriptionStore['forSending']>>>

/**
 * Sends what is due, each subscription by itself: a receiver that is slow or away only takes its own places. Of one subject one message is
 * under way at a time, in order; different subjects do not wait for each other.
 */
export class Pump {
  private readonly running = new Map<string, { again: boolean; done: Promise<void> }>()
  private stopping = false

  constructor(private readonly deps: PumpDeps) {}

  /**
   * Sends until nothing of this subscription is due any more; at once when that is being done already.
   * @throws PostgreSQL's error; what was taken is due again after its lease
   */
  run(subscriptionId: string): Promise<void> {
    const running = this.running.get(subscriptionId)
    if (running !== undefined) {
      running.again = true
      return Promise.resolve()
    }
    const mine = { again: false, done: Promise.resolve() }
    this.running.set(subscriptionId, mine)
    mine.done = this.drain(subscriptionId, mine).finally(() => this.running.delete(subscriptionId))
    return mine.done
  }

  /** Takes nothing more; what is under way ends first. */
  async stop(): Promise<void> {
    this.stopping = true
    await Promise.allSettled([...this.running.values()].map(({ done }) => done))
  }

  private async drain(subscriptionId: string, mine: { again: boolean }): Promise<void> {
    const underWay = new Set<Promise<void>>()
    let failed: unknown
    for (;;) {
      mine.again = false
      const taken = failed === undefined ? await this.take(subscriptionId, underWay.size) : []
      for (const [target, message] of taken) {
        const attempt: Promise<void> = this.attempt(subscriptionId, target, message)
          .catch((error: unknown) => {
            failed ??= error
          })
          .finally(() => underWay.delete(attempt))
        underWay.add(attempt)
      }
      // A subject's next message is due when the one before is done with: look again after each.
      if (underWay.size > 0) await Promise.race(underWay)
      else if (failed !== undefined) throw failed
      else if (!mine.again || this.stopping) return
    }
  }

  /** The next messages, with where they go now: address and secrets may change while a long backlog is sent. */
  private async take(subscriptionId: string, underWay: number): Promise<(readonly [Target, Taken])[]> {
    const { messages, subscriptions, atOnce, clock, leaseMs } = this.deps
    if (this.stopping || underWay >= atOnce) return []
    const target = await subscriptions.forSending(subscriptionId)
    if (target === undefined) return []
    const taken = await messages.take(subscriptionId, atOnce - underWay, clock(), leaseMs)
    return taken.map((message) => [target, message] as const)
  }

  private async attempt(subscriptionId: string, target: Target, message: Taken): Promise<void> {
    const { deps } = this
    const outcome = await around('webhooks', 'send', () => this.send(target, message))
    const now = deps.clock()
    const retryAt = outcome.ok
      ? undefined
      : nextTry(message.attempts, deps.random(), now, message.giveUpAt, deps.firstPauseMs)
    await deps.messages.settle(subscriptionId, message, outcome, retryAt, now)
    deps.count(outcome.ok ? 'delivered' : retryAt === undefined ? 'dead' : 'failed')
    if (retryAt !== undefined) deps.wakeAt(subscriptionId, retryAt, `${message.id}-${message.attempts}`)
  }

  private async send(target: Target, message: Taken): Promise<Outcome> {
    const { sender, seal, clock } = this.deps
    let body: Buffer
    let secrets: string[]
    try {
      body = seal.open(message.body)
      secrets = target.secrets.map((each) => seal.open(each).toString('utf8'))
    } catch {
      return { ok: false, error: 'unreadable' }
    }
    return sender.send(target.url, { ...signMessage(message.id, body, secrets, clock()) }, body)
  }
}
