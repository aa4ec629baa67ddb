import type { Redis } from 'ioredis'
import { keyPrefix } from '../src/platform/keys.js'
import { RedisRoutingCore } from '../src/routing/core.js'
import type { QueueContact, QueuePolicy, Reservation } from '../src/routing/model.js'
import { agentRoutes } from '../src/routing/rank.js'
import { queueRoutes } from '../src/routing/relax.js'

const TOPICS = 12
const CHUNK = 500

/** Twelve topics; the requirement relaxes in two steps. One more queue that nobody serves holds those who wait beside free agents. */
const POLICIES: readonly QueuePolicy[] = Array.from({ length: TOPICS + 1 }, (_, n) => ({
  id: `q${n}`,
  channel: 'voice',
  steps: [
    { afterMs: 0, requirement: { [`s${n}`]: 3 } },
    { afterMs: 20_000, requirement: { [`s${n}`]: 1 } },
  ],
}))

/**
 * A centre of `size` agents with two topics each and `size` waiting contacts, and one round that keeps it so.
 * Free: all agents are idle while the contacts wait for a skill nobody has; a call arrives and is promised at once (the
 * reservation), its caller hangs up and the agent is free again. Busy: an offer rings at every agent and all queues are full;
 * a call arrives and waits, one whose offer rings hangs up, and its agent gets the next contact (the reservation).
 */
export class CoreWorld {
  readonly prefix: string
  /** Reservations made so far. */
  reserved = 0
  readonly #core: RedisRoutingCore
  readonly #ringing: string[] = []
  #next = 0

  constructor(
    private readonly redis: Redis,
    readonly size: number,
    readonly free: boolean,
  ) {
    const centre = `bench-${size}-${free ? 'free' : 'busy'}`
    this.prefix = keyPrefix(centre)
    this.#core = new RedisRoutingCore(redis, centre)
  }

  async build(): Promise<void> {
    await this.clear()
    await this.#core.prepare()
    const now = Date.now()
    await this.#each(this.size, async (n) => {
      const agentId = `agent-${n}`
      const skills = { [`s${n % TOPICS}`]: 5, [`s${(n + 1) % TOPICS}`]: 3 }
      await this.#core.setUpAgent({ agentId, routes: agentRoutes(skills, POLICIES), configVersion: 1 }, now)
      await this.#core.setPresence(agentId, 'available', undefined, now + n)
      await this.#core.setDevice(agentId, 'up', now + n)
    })
    if (!this.free) {
      await this.#each(this.size, async () => {
        this.#keep((await this.#queue()).reservations)
      })
    }
    await this.#each(this.size, () => this.#queue(this.free ? TOPICS : undefined))
  }

  async round(): Promise<void> {
    if (this.free) {
      const { reservations, contactId } = await this.#queue()
      this.reserved += 1
      if (reservations.length === 0) throw new Error('nobody was promised')
      await this.#core.leaveQueue(contactId, 'caller_hangup', Date.now())
      return
    }
    this.#keep((await this.#queue()).reservations)
    const left = this.#ringing.shift()
    if (left === undefined) return
    this.#keep((await this.#core.leaveQueue(left, 'caller_hangup', Date.now())).reservations)
  }

  async clear(): Promise<void> {
    let cursor = '0'
    do {
      const [next, keys] = await this.redis.scan(cursor, 'MATCH', `${this.prefix}*`, 'COUNT', 1000)
      if (keys.length > 0) await this.redis.unlink(...keys)
      cursor = next
    } while (cursor !== '0')
  }

  #keep(reservations: readonly Reservation[]): void {
    this.reserved += reservations.length
    for (const { contactId } of reservations) this.#ringing.push(contactId)
  }

  async #queue(topic?: number) {
    const n = this.#next++
    const policy = POLICIES[topic ?? n % TOPICS]!
    const contact: QueueContact = {
      contactId: `contact-${n}`,
      queue: policy.id,
      channel: 'voice',
      priority: 50,
      enqueuedAt: Date.now(),
      routes: queueRoutes(policy),
      ringMs: 15_000,
      rejectMs: 30_000,
    }
    return { contactId: contact.contactId, ...(await this.#core.queueContact(contact, contact.enqueuedAt)) }
  }

  async #each(count: number, run: (n: number) => Promise<unknown>): Promise<void> {
    for (let from = 0; from < count; from += CHUNK) {
      await Promise.all(Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => run(from + i)))
    }
  }
}
