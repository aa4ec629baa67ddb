/** Work that is done again and again, one round at a time; a wish during a round makes one more. */
export interface Round {
  /** Soon. */
  nudge(): void
  /** Does a round at once and then every so often. */
  start(): void
  /** Resolves after the round in hand. */
  stop(): Promise<void>
}

export interface RoundOptions {
  readonly work: () => Promise<unknown>
  readonly everyMs: number
  /** Least pause between two rounds, however often it is nudged, ms. */
  readonly gapMs: number
  /** The work failed; it is done again at its next turn. */
  readonly onError: (error: unknown) => void
}

export function createRound({ work, everyMs, gapMs, onError }: RoundOptions): Round {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let started = false

  const plan = (ms: number): void => {
    clearTimeout(timer)
    timer = started ? setTimeout(go, ms) : undefined
  }

  const go = (): void => {
    if (running) return
    again = false
    running = work()
      .then(
        () => undefined,
        (error: unknown) => onError(error),
      )
      .finally(() => {
        running = undefined
        plan(again ? gapMs : everyMs)
      })
  }

  return {
    nudge() {
      if (again || !started) return
      again = true
      if (!running) plan(gapMs)
    },
    start() {
      started = true
      go()
    },
    async stop() {
      started = false
      clearTimeout(timer)
      await running
    },
  }
}
