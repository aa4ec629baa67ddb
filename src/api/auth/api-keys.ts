import type { Clock } from '../../platform/clock.js'
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

/** Turns API keys into identities, with a small cache so that a busy system does not cost a query a request. */
export class ApiKeyAuth {
  private readonly cache = new Map<string, { found: Found; at: number }>()

  constructor(
    private readonly keys: ApiKeysPort,
    private readonly clock: Clock,
  ) {}

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
    try {
      const found = await this.keys.findActive(hash)
      if (this.cache.size >= MOST_CACHED) this.cache.clear()
      this.cache.set(name, { found, at: this.clock() })
      return found
    } catch (error) {
      if (known?.found !== undefined && age < STALE_MS) return known.found
      throw error
    }
  }
}
