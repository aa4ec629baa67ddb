/** What `within` answers when the promise was not settled in time. */
export const LATE: unique symbol = Symbol('late')

/**
 * Waits for a promise, but no longer than `ms` milliseconds.
 *
 * @returns its value, or LATE; rejects as the promise does when it does so in time. The timer never outlives the answer.
 */
export function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(LATE), ms)
    promise.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
