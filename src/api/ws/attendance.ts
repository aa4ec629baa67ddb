import type { Clock } from '../../platform/clock.js'
import type { RoutingCore } from '../../routing/core-port.js'

/** What is between two sayings, and between a socket's end and its notice, is not the agent's fault: this much (ms) is added to the grace. */
const MOST_SLACK_MS = 6_000
const SAYINGS_IN_SLACK = 3

/**
 * Says again and again which agents have an event socket with this instance. The routing core puts who has none anywhere for the grace time
 * offline, by an alarm that any instance runs: it survives this process, and nobody is put offline because the servers were away.
 */
export class Attendance {
  readonly #slackMs: number
  #timer: NodeJS.Timeout | undefined
  #saying = false
  #again = false

  /**
   * @param graceMs how long all sockets of an agent may be gone
   * @param present agents who have a socket here now
   */
  constructor(
    private readonly routing: Pick<RoutingCore, 'keepClients'>,
    private readonly graceMs: number,
    private readonly clock: Clock,
    private readonly present: () => readonly string[],
    private readonly onError: (error: unknown) => void,
  ) {
    this.#slackMs = Math.max(3, Math.min(MOST_SLACK_MS, Math.round(graceMs / 5)))
  }

  /** From now on; the first word, also when nobody is here yet, tells the others that sockets have somewhere to come back to. */
  start(): void {
    this.#timer = setInterval(() => this.say(), this.#slackMs / SAYINGS_IN_SLACK)
    this.#timer.unref()
    this.say()
  }

  /** Somebody came: at once, so that it is known even if this process dies now. One word at a time, however slow Redis is. */
  say(): void {
    this.#again = true
    if (!this.#saying) void this.#run()
  }

  /** The sockets find another instance within the grace time. */
  stop(): void {
    clearInterval(this.#timer)
    this.#again = false
  }

  async #run(): Promise<void> {
    this.#saying = true
    while (this.#again) {
      this.#again = false
      try {
        await this.routing.keepClients(this.present(), this.graceMs, this.#slackMs, this.clock())
      } catch (error) {
        this.onError(error)
      }
    }
    this.#saying = false
  }
}
