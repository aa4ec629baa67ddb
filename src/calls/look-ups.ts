import type { CallerFacts, ContextPort } from './context-port.js'

/** A call that was announced and did not come within this time (ms) was another server's. */
const KEPT_MS = 5_000

/**
 * Look-ups of callers. One begins when the call is announced, while Asterisk still hands it over, so that its answer is there when the
 * call is.
 */
export class LookUps {
  readonly #begun = new Map<string, { readonly number: string | undefined; at: number; facts: Promise<CallerFacts> }>()

  constructor(private readonly context: ContextPort) {}

  begin(channelId: string, number: string | undefined, now: number): void {
    for (const [old, { at }] of this.#begun) {
      if (now - at < KEPT_MS) break
      this.#begun.delete(old)
    }
    this.#begun.set(channelId, { number, at: now, facts: this.ask(number, now) })
  }

  /** The look-up that was begun for this call, or a new one. */
  take(channelId: string, number: string | undefined, now: number): Promise<CallerFacts> {
    const begun = this.#begun.get(channelId)
    this.#begun.delete(channelId)
    return begun?.number === number && begun !== undefined ? begun.facts : this.ask(number, now)
  }

  ask(number: string | undefined, now: number): Promise<CallerFacts> {
    const facts = this.context.lookUp(number, now)
    // Nobody may be waiting for it yet when it fails; whoever uses it handles the failure.
    facts.catch(() => undefined)
    return facts
  }
}
