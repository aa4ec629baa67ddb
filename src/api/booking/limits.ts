import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { keyOf } from '../../platform/keys.js'
import { ApiError } from '../problem.js'
import { LONGEST_MS } from './form.js'

/** What is counted, how often it may be done, and in which time (s). Many people of one mobile network share an address. */
const LIMITS = {
  /** Bookings from one address. */
  address: { most: 30, seconds: 3_600 },
  /** Bookings for one number, whoever asks. */
  number: { most: 3, seconds: 3_600 },
  /** Links that opened nothing, from one address. */
  links: { most: 20, seconds: 3_600 },
} as const

/** Counters of the public page in Redis, the same for every instance; addresses and numbers only as hashes. While Redis is away nothing is booked. */
export class BookingLimits {
  constructor(
    private readonly redis: Redis,
    private readonly centreId: string,
  ) {}

  /** Counts a try. @throws ApiError CTI_ERR_BOOKING_LIMIT */
  async count(what: keyof typeof LIMITS, who: string): Promise<void> {
    const { most, seconds } = LIMITS[what]
    const key = this.key(what, who)
    const counted = await this.redis.multi().incr(key).expire(key, seconds, 'NX').ttl(key).exec()
    const [tries, , left] = (counted ?? []).map(([, value]) => Number(value))
    if ((tries ?? 1) > most) throw tooOften(left ?? seconds)
  }

  /** Has it been done too often already? Counts nothing. @throws ApiError CTI_ERR_BOOKING_LIMIT */
  async look(what: keyof typeof LIMITS, who: string): Promise<void> {
    const key = this.key(what, who)
    const tries = Number((await this.redis.get(key)) ?? 0)
    if (tries >= LIMITS[what].most) throw tooOften(await this.redis.ttl(key))
  }

  /** Marks a form as used. @returns false: it was used before */
  async use(form: string): Promise<boolean> {
    const key = keyOf(this.centreId, 'bookingForm', form)
    return (await this.redis.set(key, '1', 'PX', LONGEST_MS, 'NX')) !== null
  }

  /** Nothing came of it: the form may be sent again. */
  async giveBack(form: string): Promise<void> {
    await this.redis.del(keyOf(this.centreId, 'bookingForm', form))
  }

  private key(what: string, who: string): string {
    return keyOf(this.centreId, 'bookingTries', `${what}:${createHash('sha256').update(who).digest('base64url')}`)
  }
}

function tooOften(seconds: number): ApiError {
  return new ApiError('CTI_ERR_BOOKING_LIMIT', undefined, { retryAfterSeconds: Math.max(1, seconds) })
}
