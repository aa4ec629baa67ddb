import type { Clock } from '../../platform/clock.js'
import { Bucket } from '../bucket.js'
import type { ApiKeysPort } from '../ports.js'
import { ApiError } from '../problem.js'
import type { Identity } from './identity.js'
import { API_KEY_PREFIX, hashSecret } from './secrets.js'

type Found = Awaited<ReturnType<ApiKeysPort['findActive']>>

/** A revoked key works no longer than this in another instance. */
const FRESH_MS = 10_000
/** While PostgreSQL is away, a key that was good lately stays good for this long. */
const STALE_MS = 600_000
const MOST_CACHED = 1_000
/** Keys that are not cached cost a query each: guessing must not become a load on PostgreSQL. */
const LOOK_UPS_PER_SECOND = 20
const LOOK_UPS_AT_ONCE = 200

/** Turns API keys into identities, with a small cache so that a busy system does not cost a query a request. */
export class ApiKeyAuth {
  private readonly cache = new Map<string, { found: NonNullable<Found>; at: number }>()
  private readonly lookUps: Bucket

  constructor(
    private readonly keys: ApiKeysPort,
    private readonly clock: Clock,
  ) {
    this.lookUps = new Bucket(LOOK_UPS_PER_SECOND, LOOK_UPS_AT_ONCE, clock())
  }

  /** @throws ApiError CTI_ERR_API_KEY_INVALID */
  async identify(key: string): Promise<Identity> {
    if (!key.startsWith(API_KEY_PREFIX) || key.length > 200) throw new ApiError('CTI_ERR_API_KEY_INVALID')
    const found = await this.find(hashSecret(key))
    if (found === undefined || (found.expiresAt !== undefined && found.expiresAt <= this.clock())) {
      throw new ApiError('CTI_ERR_API_KEY_INVALID')
    }
    return { kind: 'apiKey', id: found.id, name: found.name, scopes: found.scopes, expiresAt: found.expiresAt }
  }

  /** After a key was revoked here. */
  forget(): void {
    this.cache.clear()
  }

  private async find(hash: Buffer): Promise<Found> {
    const name = hash.toString('base64url')
    const known = this.cache.get(name)
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.clock() - known.at
    if (known !== undefined && age < FRESH_MS) return known.found
    if (!this.lookUps.take(this.clock()))
      throw new ApiError('CTI_ERR_RATE_LIMITED', undefined, { retryAfterSeconds: 1 })
    try {
      const found = await this.keys.findActive(hash)
      this.cache.delete(name)
      if (found === undefined) return undefined
      if (this.cache.size >= MOST_CACHED) this.cache.clear()
      this.cache.set(name, { found, at: this.clock() })
      return found
    } catch (error) {
      if (known !== undefined && age < STALE_MS) return known.found
      throw error
    }
  }
}
