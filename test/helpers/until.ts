import { setTimeout as delay } from 'node:timers/promises'

export interface UntilOptions {
  /** What is waited for, in words; the error names it. */
  what: string
  /** Milliseconds before giving up; default 20,000. A bound for a broken run, never a measure of speed. */
  timeout?: number
  /** Milliseconds between two looks; default 20. */
  every?: number
}

/**
 * Waits until `condition` gives a truthy value and returns it. A condition that throws counts as not yet true; its
 * last error is told when time runs out.
 *
 * @throws Error naming `what` and the last value or error, after `timeout` milliseconds
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions,
): Promise<Exclude<T, undefined | null | false | 0 | ''>> {
  const { what, timeout = 20_000, every = 20 } = options
  const end = performance.now() + timeout
  let last = 'never looked'
  for (;;) {
    try {
      const value = await condition()
      if (value) return value as Exclude<T, undefined | null | false | 0 | ''>
      last = `last value ${JSON.stringify(value)}`
    } catch (error) {
      last = `last error ${error instanceof Error ? error.message : String(error)}`
    }
    if (performance.now() >= end) throw new Error(`still not after ${timeout} ms: ${what} (${last})`)
    await delay(every)
  }
}
