import { type Command, Redis, type RedisOptions } from 'ioredis'

/** More is waiting for Redis than may wait; nothing was sent. */
export class RedisBusyError extends Error {
  readonly code = 'CTI_ERR_UNAVAILABLE'

  constructor() {
    super('too many commands wait for Redis')
    this.name = 'RedisBusyError'
  }
}

type HouseOptions = RedisOptions & { readonly replyMapping?: 'legacy'; readonly mostWaiting: number }

/** What ioredis keeps: commands not sent yet, commands sent and not answered, commands to be sent again. */
interface Queues {
  readonly offlineQueue?: { readonly length: number }
  readonly commandQueue?: { readonly length: number }
  readonly prevCommandQueue?: { readonly length: number; shift(): { readonly command: Command } | undefined }
}

/** How ioredis itself waits for its next attempt, and ends a connection. */
interface Inner {
  reconnectTimeout: NodeJS.Timeout | null
  setStatus(status: 'end'): void
  flushQueue(error: Error): void
}

const CLOSED = 'Connection is closed.'

/** What ioredis itself says at the begin of a connection, before anything that waits. */
const GREETING: ReadonlySet<string> = new Set(['hello', 'auth', 'select', 'client', 'info', 'readonly'])

const admitted = Symbol('admitted')
type Marked = Command & { [admitted]?: true }

/**
 * A connection on which no more than `mostWaiting` commands wait, for an answer or for Redis to come back: ioredis itself would keep them
 * without end. A command that was taken once is never refused later, so nothing is half done. Copies (`duplicate`) are bounded, too, and end
 * with the connection that they were made of.
 */
export class HouseRedis extends Redis {
  /** All that are open in this process: after a failover each of them has to move. */
  static readonly open = new Set<HouseRedis>()
  readonly #mostWaiting: number
  readonly #copies = new Set<HouseRedis>()
  #closed = false

  /** @param url absent: everything is in the options already */
  constructor(url: string | undefined, options: HouseOptions) {
    super(url as string, options)
    this.#mostWaiting = options.mostWaiting
    HouseRedis.open.add(this)
    this.on('end', () => {
      HouseRedis.open.delete(this)
      this.#abandon()
    })
    this.on('ready', () => {
      this.#closed = false
    })
  }

  /** Ends also between two attempts to reconnect: there ioredis stops trying and never says `end`, and whoever waits for that waits for ever. */
  override disconnect(reconnect = false): void {
    super.disconnect(reconnect)
    if (!reconnect) {
      this.#closed = true
      for (const copy of this.#copies) copy.disconnect()
    }
    if (reconnect || this.status !== 'reconnecting') return
    const inner = this as unknown as Inner
    inner.setStatus('end')
    inner.flushQueue(new Error(CLOSED))
  }

  /**
   * Tries at once instead of after the pause between two attempts. The pause has to be ended, too: ioredis forgets its timer when the
   * attempt fails, and the timer would open the connection again after it was closed.
   */
  retryNow(): void {
    const inner = this as unknown as Inner
    if (inner.reconnectTimeout) clearTimeout(inner.reconnectTimeout)
    inner.reconnectTimeout = null
    this.connect().catch(() => undefined)
  }

  /** Commands that were to be sent again: nobody will. */
  #abandon(): void {
    const { prevCommandQueue } = this as unknown as Queues
    while (prevCommandQueue && prevCommandQueue.length > 0) prevCommandQueue.shift()?.command.reject(new Error(CLOSED))
  }

  /** How many commands wait now. */
  get waiting(): number {
    const { offlineQueue, commandQueue, prevCommandQueue } = this as unknown as Queues
    return (offlineQueue?.length ?? 0) + (commandQueue?.length ?? 0) + (prevCommandQueue?.length ?? 0)
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    const marked = command as Marked
    // Of a transaction either all is taken or nothing; whoever uses them has one at a time.
    const counts = stream === undefined && !marked[admitted] && !GREETING.has(command.name)
    if (counts && this.waiting >= this.#mostWaiting) {
      command.reject(new RedisBusyError())
      return command.promise
    }
    marked[admitted] = true
    return super.sendCommand(command, stream)
  }

  /** ioredis' own type of the answer cannot be written down here; it is a HouseRedis. */
  override duplicate(override?: Partial<RedisOptions>): never {
    const all = { ...this.options, ...override }
    const copy = new HouseRedis(undefined, {
      ...all,
      replyMapping: 'legacy',
      mostWaiting: this.#mostWaiting,
      // BullMQ opens its copy again while it closes: that one is not for ever, either.
      retryStrategy: (attempt) => (this.#closed ? null : all.retryStrategy?.(attempt)),
    })
    copy.on('ready', () => {
      if (this.#closed) copy.disconnect()
    })
    this.#copies.add(copy)
    return copy as never
  }
}
