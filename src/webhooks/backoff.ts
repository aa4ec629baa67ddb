/** First pause after a failed attempt, and the longest one (ms). */
const FIRST_MS = 2_000
const LONGEST_MS = 3_600_000
/** How long a message is tried (ms) when nothing else is configured: a receiver that is down over night gets everything. */
export const GIVE_UP_MS = 86_400_000

/**
 * Pause (ms) after the n-th failed attempt: 2, 4, 8 … s, at most an hour, shortened by up to half so that receivers that come back are not
 * met by everybody at once. PURE.
 * @param attempt 1 for the first
 * @param random 0 to 1
 */
export function pauseAfter(attempt: number, random: number, firstMs = FIRST_MS): number {
  const full = Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), LONGEST_MS)
  return Math.round(full * (1 - random / 2))
}

/**
 * When a message that could not be delivered is tried again, epoch ms; undefined: never, its time is over. The last try is made at the
 * end of that time, however long the pause would be. PURE.
 */
export function nextTry(
  attempt: number,
  random: number,
  now: number,
  giveUpAt: number,
  firstMs?: number,
): number | undefined {
  if (now >= giveUpAt) return undefined
  return Math.min(now + pauseAfter(attempt, random, firstMs), giveUpAt)
}
