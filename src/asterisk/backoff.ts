export interface Backoff {
  readonly firstMs: number
  readonly longestMs: number
}

export const defaultBackoff: Backoff = { firstMs: 100, longestMs: 1000 }

/**
 * Delay before the next attempt to connect: doubles up to a bound, and is spread so that many nodes do not knock at once.
 * @param attempt 1 for the first repeat
 * @param random a number in [0, 1)
 * @returns milliseconds, between half of the nominal delay and the nominal delay
 */
export function nextDelay(backoff: Backoff, attempt: number, random: number): number {
  const nominal = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(nominal * (0.5 + random / 2))
}
