/** However the call goes on, what waits is done after so long (ms): a caller must not hear silence because something is slow. */
const LONGEST_MS = 50

/**
 * What the agent's ring must not wait for: answering the caller, music, marks on the channel. Asterisk works for each of these, and
 * it would do so exactly while the agent's INVITE is due. Tasks run in the order in which they were given, at once when the ring is out
 * (or nobody is to be rung).
 */
export class Later {
  #tasks: (() => void)[] | undefined
  readonly #timer: NodeJS.Timeout | undefined

  /** @param come true: nothing waits */
  constructor(come = false) {
    if (come) return
    this.#tasks = []
    this.#timer = setTimeout(() => this.come(), LONGEST_MS)
  }

  run(task: () => void): void {
    if (this.#tasks) this.#tasks.push(task)
    else task()
  }

  /** Its time has come: everything that waits is done now, in this call. */
  come(): void {
    const tasks = this.#tasks ?? []
    this.forget()
    for (const task of tasks) task()
  }

  /** The caller is gone: nothing of it is done any more. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#tasks = undefined
  }
}
