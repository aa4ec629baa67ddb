import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { around } from '../platform/fault.js'
import { keyOf } from '../platform/keys.js'
import { LATE, within } from '../platform/within.js'
import { Term } from './term.js'

const read = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
const TAKE = read('take-lease')
const GIVE = read('give-lease')

/** Life of a lease that nobody renews: how long an owner that died keeps its node (ms). */
const LEASE_MS = 1_500
const RENEW_EVERY_MS = 350
const TRY_EVERY_MS = 100
/** A Redis that says nothing for so long (ms) counts as away: well before the lease ends, so that a slow Redis is no loss. */
const ANSWER_MS = 500
const TICK_MS = 100
/** After Redis was away the owner comes first: longer than any pause between its reconnects (ms). */
const OWNER_FIRST_MS = 2_500
const GIVE_MS = 1_000

export interface LeaseDeps {
  /** A connection of its own whose commands fail at once while Redis is away; stays the caller's. */
  readonly redis: Redis
  readonly centre: string
  readonly node: string
  /** Name of this process, unlike any other's; no spaces. */
  readonly owner: string
  readonly logger: Logger
  /** ms after `start` in which it does not ask yet: those whose home the node is come first. Default 0. */
  readonly notBeforeMs?: number
  /** Monotonic ms; it goes on while the process is stopped. */
  readonly clock?: () => number
  onTerm(term: Term): void
  /** The term is over and was not given up: everything of it must stop. */
  onOver(term: Term): void
}

interface Answer {
  readonly asked: number
  /** Token of the term that was to go on, or ''. */
  readonly held: string
  readonly token: string
  readonly owner: string
}

/** Who owns one PBX node: one process at a time, by a lease in Redis. Asks for ever; a standby gets it when the owner dies or gives it up. */
export class Lease {
  readonly #deps: LeaseDeps
  readonly #clock: () => number
  readonly #keys: readonly [string, string]
  #term: Term | undefined
  #owner: string | undefined
  /** Newest token heard of, whoever's. */
  #newest = ''
  #asking: Promise<Answer> | undefined
  #notBefore = 0
  /** By how much (ms) Redis's clock is ahead of ours, at most. */
  #redisAhead: number | undefined
  #timer: NodeJS.Timeout | undefined
  #ticker: NodeJS.Timeout | undefined
  #stopped = false

  constructor(deps: LeaseDeps) {
    this.#deps = deps
    this.#clock = deps.clock ?? (() => performance.now())
    this.#keys = [keyOf(deps.centre, 'lease', deps.node), keyOf(deps.centre, 'leaseToken', deps.node)]
  }

  /** The present term; undefined on a standby. */
  get term(): Term | undefined {
    return this.#term?.isOver ? undefined : this.#term
  }

  /** Who had the lease when Redis was last heard; undefined before. */
  get owner(): string | undefined {
    return this.#owner
  }

  /** Asks once, so that the caller knows who owns the node, and goes on asking. */
  async start(): Promise<void> {
    this.#deps.redis.on('ready', this.#back)
    this.#notBefore = this.#clock() + (this.#deps.notBeforeMs ?? 0)
    this.#ticker = setInterval(() => this.#term?.tick(), TICK_MS)
    // Its commands do not wait for the connection.
    if (this.#deps.redis.status !== 'ready')
      await within(once(this.#deps.redis, 'ready'), ANSWER_MS).catch(() => undefined)
    await this.#round()
  }

  /** Stops asking and gives the lease up. */
  async release(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearInterval(this.#ticker)
    this.#deps.redis.off('ready', this.#back)
    const term = this.#term
    this.#term = undefined
    if (!term) return
    term.end()
    const own = `${term.token} ${this.#deps.owner}`
    const given = around('lease', 'give', () => this.#deps.redis.eval(GIVE, 1, this.#keys[0], own))
    await within(given, GIVE_MS).catch(() => undefined)
  }

  readonly #back = (): void => {
    if (this.#owner !== undefined && this.#owner !== this.#deps.owner) this.#notBefore = this.#clock() + OWNER_FIRST_MS
  }

  async #round(): Promise<void> {
    if (this.#term || this.#clock() >= this.#notBefore) await this.#ask()
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#round(), this.#term ? RENEW_EVERY_MS : TRY_EVERY_MS)
  }

  async #ask(): Promise<void> {
    // One question at a time: a Redis that stands still must not find a heap of them when it goes on.
    this.#asking ??= this.#take().finally(() => {
      this.#asking = undefined
    })
    const answer = await within(this.#asking, ANSWER_MS).catch((): typeof LATE => LATE)
    if (this.#stopped) return
    if (answer === LATE) this.#term?.unanswered()
    else this.#hear(answer)
  }

  async #take(): Promise<Answer> {
    const asked = this.#clock()
    const held = this.term?.token ?? ''
    const late = this.#redisAhead === undefined ? '' : Math.floor(asked + ANSWER_MS + this.#redisAhead)
    const args = [this.#deps.owner, LEASE_MS, held, this.#newest, late]
    const taken = around('lease', 'take', () => this.#deps.redis.eval(TAKE, 2, ...this.#keys, ...args))
    const [token, owner, newest, time] = (await taken) as [string, string, string, string]
    if (Number(newest) > Number(this.#newest)) this.#newest = newest
    const heard = this.#clock()
    if (heard - asked < ANSWER_MS) this.#redisAhead = Number(time) - heard
    return { asked, held, token, owner }
  }

  #hear({ asked, held, token, owner }: Answer): void {
    const { logger, node, onTerm } = this.#deps
    // Redis stood still and would not give a new term to a question that old.
    if (owner === '') return
    if (owner !== this.#owner) logger.info({ node, owner, own: token !== '' }, 'owner of the PBX node')
    this.#owner = owner
    const until = asked + LEASE_MS
    if (this.#term?.token === token) {
      // An answer that comes after a pause of Redis proves little or nothing about now, perhaps less than the next question takes: the term
      // stays in doubt until that one's answer.
      if (until - this.#clock() > RENEW_EVERY_MS + ANSWER_MS) this.#term.renewed(until)
    } else {
      this.#term?.end()
      // Asked again when it is so late that it proves nothing, or renews a term that ended meanwhile: a new term has a new token.
      if (token === '' || token === held || this.#clock() >= until) return
      this.#term = new Term(token, this.#clock, until, (term) => this.#over(term))
      onTerm(this.#term)
    }
  }

  #over(term: Term): void {
    if (this.#term === term) this.#term = undefined
    if (this.#stopped) return
    this.#deps.logger.warn({ node: this.#deps.node, owner: this.#owner }, 'the lease of the PBX node is lost')
    this.#deps.onOver(term)
    // The next round may be half a second away.
    clearTimeout(this.#timer)
    if (!this.#asking) this.#timer = setTimeout(() => void this.#round(), TRY_EVERY_MS)
  }
}
