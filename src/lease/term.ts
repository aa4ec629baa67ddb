/** Without Redis the owner goes on only while this process is seen to run: a longer pause (ms) ends the term. */
const PAUSE_MS = 1_000

/**
 * One unbroken time as the owner, under one fencing token. PURE but for the clock. Once over it never begins again: whoever gets the lease
 * back after a doubt begins a new term and compares everything with the PBX, because what came in the doubt was refused.
 *
 *   sure (until the lease's end as this process knows it) -> away (Redis does not answer: nobody else can take it either) -> sure
 *   any -> over (another's, lapsed in a pause of this process, or given up)
 */
export class Term {
  readonly token: string
  readonly #clock: () => number
  readonly #onOver: (term: Term) => void
  #until: number
  #seen: number
  #away = false
  #over = false

  /**
   * @param clock monotonic ms
   * @param until by that clock: time of asking + length of the lease
   * @param onOver told once, in a later turn, so that nothing is torn down under the one who asked
   */
  constructor(token: string, clock: () => number, until: number, onOver: (term: Term) => void) {
    this.token = token
    this.#clock = clock
    this.#until = until
    this.#seen = clock()
    this.#onOver = onOver
  }

  get isOver(): boolean {
    return this.#over
  }

  /** Nobody else can have the lease now. */
  get isSure(): boolean {
    return !this.#over && this.#clock() < this.#until
  }

  /** Whether a request may go out in the owner's name. A process that wakes from a pause gets no at once, and the term is over. */
  mayAct(): boolean {
    if (this.#over) return false
    const now = this.#clock()
    if (now < this.#until || (this.#away && now - this.#seen <= PAUSE_MS)) return true
    this.end()
    return false
  }

  /** Redis confirmed it. @param until monotonic ms */
  renewed(until: number): void {
    if (!this.mayAct()) return
    this.#away = false
    this.#until = Math.max(this.#until, until)
  }

  /** Redis did not answer. */
  unanswered(): void {
    if (this.mayAct()) this.#away = true
  }

  /** This process runs; called often. */
  tick(): void {
    if (this.mayAct()) this.#seen = this.#clock()
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    setImmediate(() => this.#onOver(this))
  }
}
