import { randomUUID } from 'node:crypto'
import type { Centre } from '../../centre/schema.js'
import type { Clock } from '../../platform/clock.js'
import { isTransient } from '../../platform/postgres/errors.js'
import type { Session } from '../contracts/auth.js'
import type { RefreshTokensPort, UserRow, UsersPort } from '../ports.js'
import { ApiError } from '../problem.js'
import type { AccessTokens } from './access-token.js'
import type { SignInAttempts } from './attempts.js'
import type { PasswordCheck } from './password.js'
import { permissionsOf } from './permissions.js'
import { hashSecret, newSecret, secretAfter } from './secrets.js'
import type { SpareSession, SpareSessions } from './spare-sessions.js'

export interface SessionsDeps {
  readonly users: UsersPort
  readonly refreshTokens: RefreshTokensPort
  readonly spares: SpareSessions
  readonly attempts: SignInAttempts
  readonly passwords: PasswordCheck
  readonly accessTokens: AccessTokens
  readonly refreshSeconds: number
  /** The server's signing secret, the same in every instance. */
  readonly secret: string
  readonly centre: () => Centre
  readonly clock: Clock
}

const REFRESH_PREFIX = 'ctir_'

export type NewSession = Session & { readonly refreshToken: string }

/** Sign-in, refresh and sign-out of people. */
export class Sessions {
  constructor(private readonly deps: SessionsDeps) {}

  /** @throws ApiError CTI_ERR_SIGN_IN_FAILED (same answer and time for unknown, disabled and wrong) or CTI_ERR_SIGN_IN_LOCKED */
  async signIn(username: string, password: string): Promise<NewSession> {
    const { users, attempts, passwords } = this.deps
    await attempts.begin(username)
    const user = await users.find(username)
    const usable = user?.disabled === false ? user.passwordHash : undefined
    if (!(await passwords.matches(usable, password)) || user === undefined) throw new ApiError('CTI_ERR_SIGN_IN_FAILED')
    await attempts.succeed(username)
    const family = randomUUID()
    const next = { ...newSecret(REFRESH_PREFIX), expiresAt: this.expiry() }
    await this.deps.refreshTokens.add({ hash: next.hash, family, userId: user.id, expiresAt: next.expiresAt })
    await this.deps.spares.keep(next.hash, { family, user: known(user) })
    return this.open(user, family, next.secret)
  }

  /**
   * Uses a refresh token up and gives the next one. Two tabs of one browser share the cookie and may ask at the same moment: for a
   * short while the used token gives the same next one again. While PostgreSQL is away nothing is used up: who holds a token goes on with it.
   * @throws ApiError CTI_ERR_REFRESH_INVALID; CTI_ERR_REFRESH_REUSED when it was used before (the session is ended)
   */
  async refresh(token: string): Promise<NewSession> {
    const { refreshTokens, users, spares } = this.deps
    const hash = hashSecret(token)
    const next = secretAfter(REFRESH_PREFIX, token, this.deps.secret)
    // The token that holds when PostgreSQL goes away in the middle.
    let valid = token
    try {
      const used = await refreshTokens.rotate(hash, { hash: next.hash, expiresAt: this.expiry() })
      if (used.outcome === 'unknown') throw new ApiError('CTI_ERR_REFRESH_INVALID')
      if (used.outcome === 'reused') {
        await spares.end(used.family)
        throw new ApiError('CTI_ERR_REFRESH_REUSED')
      }
      valid = next.secret
      const user = await users.find(used.userId)
      if (user === undefined || user.disabled) {
        await spares.end(used.family)
        await refreshTokens.revokeFamily(used.family)
        throw new ApiError('CTI_ERR_REFRESH_INVALID')
      }
      await spares.keep(next.hash, { family: used.family, user: known(user) }, hash)
      return this.open(user, used.family, next.secret)
    } catch (error) {
      if (error instanceof ApiError || !isTransient(error)) throw error
      const spare = await spares.find(hash)
      if (spare === undefined) throw error
      if (valid !== token) await spares.keep(next.hash, spare, hash)
      return this.open(spare.user, spare.family, valid)
    }
  }

  /** Ends the session of this refresh token; unknown: nothing to do. Its access tokens run out by themselves. */
  async signOut(token: string): Promise<void> {
    await this.deps.spares.forget(hashSecret(token))
    await this.deps.refreshTokens.revokeFamilyOf(hashSecret(token))
  }

  private open(user: SpareSession['user'], family: string, refreshToken: string): NewSession {
    const access = this.deps.accessTokens.issue(user, family)
    const unmasked = this.deps.centre().file.centre.unmaskedRoles ?? []
    return {
      accessToken: access.token,
      expiresAt: access.expiresAt,
      expiresInSeconds: access.expiresInSeconds,
      refreshToken,
      user: { id: user.id, name: user.name, role: user.role, permissions: [...permissionsOf(user.role, unmasked)] },
    }
  }

  private expiry(): Date {
    return new Date(this.deps.clock() + this.deps.refreshSeconds * 1000)
  }
}

function known({ id, name, role }: UserRow): SpareSession['user'] {
  return { id, name, role }
}
