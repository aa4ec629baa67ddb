/**
 * Runs tasks that share a key one after the other, and others at once: requests for one channel reach Asterisk in the order in
 * which they were asked for, also when they travel on different connections.
 */
export class KeyedOrder {
  private readonly tails = new Map<string, Promise<void>>()

  /** Starts `task` when all earlier tasks of its keys have ended, at once (in this call) when there are none. */
  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.tails.get(key) ?? [])
    const result = before.length === 0 ? task() : Promise.all(before).then(task)
    const ended = result.then(
      () => {},
      () => {},
    )
    for (const key of keys) {
      this.tails.set(key, ended)
      void ended.then(() => {
        if (this.tails.get(key) === ended) this.tails.delete(key)
      })
    }
    return result
  }

  /** Resolves when what was asked for under `key` so far has ended, or at once. */
  settled(key: string): Promise<void> | undefined {
    return this.tails.get(key)
  }

  get size(): number {
    return this.tails.size
  }
}
