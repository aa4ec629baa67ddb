import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { keyOf } from '../../platform/keys.js'
import { ApiError } from '../problem.js'

/** Failures that cost nothing; from the next one on each locks the name for longer. */
export const FREE_FAILURES = 5
const FIRST_LOCK_SECONDS = 30
const LONGEST_LOCK_SECONDS = 900
/** A quiet hour forgives. */
const FORGET_SECONDS = 3_600

/** Seconds that the lock after the n-th failure lasts: 0 below the limit, then 30, 60, 120, … at most 900. PURE. */
export function lockSeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0
  return Math.min(FIRST_LOCK_SECONDS * 2 ** (failures - FREE_FAILURES), LONGEST_LOCK_SECONDS)
}

/**
 * Lock-out of a name after failed sign-ins, kept in Redis by a hash of the name, so that unknown names behave exactly like
 * known ones. The lock is taken before the password is checked: parallel guesses gain nothing.
 */
export class SignInAttempts {
  constructor(
    private readonly redis: Redis,
    private readonly centreId: string,
  ) {}

  /** Counts an attempt. @throws ApiError CTI_ERR_SIGN_IN_LOCKED with the seconds to wait */
  async begin(username: string): Promise<void> {
    const { failures, lock } = this.keys(username)
    const left = await this.redis.pttl(lock)
    if (left > 0) throw locked(left)
    const count = await this.redis.incr(failures)
    await this.redis.expire(failures, FORGET_SECONDS)
    const seconds = lockSeconds(count)
    if (seconds === 0) return
    const taken = await this.redis.set(lock, '1', 'EX', seconds, 'NX')
    if (taken === null) throw locked(Math.max(1, await this.redis.pttl(lock)))
  }

  /** The password was right: all is forgiven. */
  async succeed(username: string): Promise<void> {
    const { failures, lock } = this.keys(username)
    await this.redis.del(failures, lock)
  }

  private keys(username: string) {
    const name = createHash('sha256').update(username.normalize('NFC')).digest('base64url')
    return { failures: keyOf(this.centreId, 'signInFailures', name), lock: keyOf(this.centreId, 'signInLock', name) }
  }
}

function locked(leftMs: number): ApiError {
  return new ApiError('CTI_ERR_SIGN_IN_LOCKED', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)) })
}
