/** A node that cannot be reached for so long (ms) can ring nobody: its phones are down. */
export const PHONES_LOST_MS = 3_000
/** After so long (ms) nobody waits there with us any more: the callers' dead-man switches (15 s) are over, or they died with the node. */
export const CALLS_LOST_MS = 20_000
/** After so long (ms) a talk of a node that may run all the same is given up, too: the agent must not be held for ever. */
export const TALKS_LOST_MS = 120_000

export interface NodeLossOptions {
  /** Each is asked again and again while the node is away, since Redis may be away, too. Neither may throw. */
  readonly phonesLost: () => Promise<void>
  /** @param awayMs how long by now */
  readonly callsLost: (awayMs: number) => Promise<void>
  /** Monotonic ms. */
  readonly clock?: () => number
}

/** How long a PBX node has been out of reach, and what follows from it. It begins as out of reach. */
export class NodeLoss {
  readonly #options: NodeLossOptions
  readonly #clock: () => number
  #since: number | undefined
  #timer: NodeJS.Timeout | undefined
  #running = false

  constructor(options: NodeLossOptions) {
    this.#options = options
    this.#clock = options.clock ?? (() => performance.now())
  }

  down(): void {
    this.#since ??= this.#clock()
    this.#timer ??= setInterval(() => void this.#look(), PHONES_LOST_MS)
  }

  up(): void {
    this.#since = undefined
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    if (this.#running) return
    this.#running = true
    await this.#options.phonesLost()
    const awayMs = this.#since === undefined ? 0 : this.#clock() - this.#since
    if (awayMs >= CALLS_LOST_MS) await this.#options.callsLost(awayMs)
    this.#running = false
  }
}
