type Work = () => Promise<unknown>

/** Events of simulated time, in order. */
export class Agenda {
  readonly #heap: { at: number; n: number; work: Work }[] = []
  #n = 0

  get size(): number {
    return this.#heap.length
  }

  /** @param at epoch ms of simulated time */
  add(at: number, work: Work): void {
    const heap = this.#heap
    heap.push({ at, n: this.#n++, work })
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!this.#before(i, parent)) break
      this.#swap(i, parent)
      i = parent
    }
  }

  next(): number | undefined {
    return this.#heap[0]?.at
  }

  /** Everything up to a moment, in order. */
  take(until: number): Work[] {
    const taken: Work[] = []
    for (let at = this.next(); at !== undefined && at <= until; at = this.next()) taken.push(this.#pop())
    return taken
  }

  #pop(): Work {
    const heap = this.#heap
    this.#swap(0, heap.length - 1)
    const { work } = heap.pop()!
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      let least = i
      if (left < heap.length && this.#before(left, least)) least = left
      if (right < heap.length && this.#before(right, least)) least = right
      if (least === i) return work
      this.#swap(i, least)
      i = least
    }
  }

  #before(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a]!, this.#heap[b]!]
    return x.at < y.at || (x.at === y.at && x.n < y.n)
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    ;[heap[a], heap[b]] = [heap[b]!, heap[a]!]
  }
}
