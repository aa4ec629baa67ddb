/** So long (ms) does waiting music stand back: a free agent is rung within that time. */
const STAND_BACK_MS = 20

/**
 * Does a moment later what the ring must not wait for. Asterisk works for each of these requests, and it would do so exactly
 * while the agent's INVITE is due.
 */
export function soon<T>(task: () => Promise<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    setTimeout(() => Promise.resolve(task()).then(resolve, reject), STAND_BACK_MS)
  })
}
