import type { Redis } from 'ioredis'
import { keyOf } from '../../platform/keys.js'
import type { Role } from './permissions.js'

export interface SpareSession {
  readonly family: string
  readonly user: { readonly id: string; readonly name: string; readonly role: Role }
  readonly mustEnrol?: boolean
}

/**
 * Sessions as they stood when PostgreSQL was last there, by the hash of their refresh token: who is signed in goes on while it is away.
 * PostgreSQL alone decides as soon as it is back; what Redis loses is only missing here.
 */
export class SpareSessions {
  constructor(
    private readonly redis: Redis,
    private readonly centreId: string,
    /** Life of a refresh token. */
    private readonly seconds: number,
  ) {}

  /** @param before hash of the token that this one follows: it is void. Never rejects. */
  async keep(hash: Buffer, session: SpareSession, before?: Buffer): Promise<void> {
    await this.quietly(async () => {
      await this.redis.set(this.key(hash), JSON.stringify(session), 'EX', this.seconds)
      if (before !== undefined) await this.redis.del(this.key(before))
    })
  }

  /** undefined: unknown, or the session was ended. */
  async find(hash: Buffer): Promise<SpareSession | undefined> {
    const kept = await this.redis.get(this.key(hash))
    if (kept === null) return undefined
    const session = JSON.parse(kept) as SpareSession
    return (await this.redis.exists(this.ended(session.family))) === 1 ? undefined : session
  }

  /** Signed out. Never rejects. */
  forget(hash: Buffer): Promise<void> {
    return this.quietly(() => this.redis.del(this.key(hash)))
  }

  /** All tokens of a session are void. Never rejects. */
  end(family: string): Promise<void> {
    return this.quietly(() => this.redis.set(this.ended(family), '1', 'EX', this.seconds))
  }

  private async quietly(work: () => Promise<unknown>): Promise<void> {
    await work().catch(() => undefined)
  }

  private key(hash: Buffer): string {
    return keyOf(this.centreId, 'session', hash.toString('base64url'))
  }

  private ended(family: string): string {
    return keyOf(this.centreId, 'sessionEnded', family)
  }
}
