import { randomUUID } from 'node:crypto'
import type { Centre } from '../../centre/schema.js'
import type { Clock } from '../../platform/clock.js'
import type { Session } from '../contracts/auth.js'
import type { RefreshTokensPort, UserRow, UsersPort } from '../ports.js'
import { ApiError } from '../problem.js'
import type { AccessTokens } from './access-token.js'
import type { SignInAttempts } from './attempts.js'
import type { PasswordCheck } from './password.js'
import { permissionsOf } from './permissions.js'
import { hashSecret, newSecret } from './secrets.js'

export interface SessionsDeps {
  readonly users: UsersPort
  readonly refreshTokens: RefreshTokensPort
  readonly attempts: SignInAttempts
  readonly passwords: PasswordCheck
  readonly accessTokens: AccessTokens
  readonly refreshSeconds: number
  readonly centre: () => Centre
  readonly clock: Clock
}

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
    const next = this.newRefreshToken()
    await this.deps.refreshTokens.add({ hash: next.hash, family, userId: user.id, expiresAt: next.expiresAt })
    return this.open(user, family, next.secret)
  }

  /**
   * Uses a refresh token up and gives the next one.
   * @throws ApiError CTI_ERR_REFRESH_INVALID; CTI_ERR_REFRESH_REUSED when it was used before (the session is ended)
   */
  async refresh(token: string): Promise<NewSession> {
    const next = this.newRefreshToken()
    const used = await this.deps.refreshTokens.rotate(hashSecret(token), { hash: next.hash, expiresAt: next.expiresAt })
    if (used.outcome === 'unknown') throw new ApiError('CTI_ERR_REFRESH_INVALID')
    if (used.outcome === 'reused') throw new ApiError('CTI_ERR_REFRESH_REUSED')
    const user = await this.deps.users.find(used.userId)
    if (user === undefined || user.disabled) {
      await this.deps.refreshTokens.revokeFamily(used.family)
      throw new ApiError('CTI_ERR_REFRESH_INVALID')
    }
    return this.open(user, used.family, next.secret)
  }

  /** Ends the session of this refresh token; unknown: nothing to do. Its access tokens run out by themselves. */
  async signOut(token: string): Promise<void> {
    await this.deps.refreshTokens.revokeFamilyOf(hashSecret(token))
  }

  private open(user: UserRow, family: string, refreshToken: string): NewSession {
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

  private newRefreshToken() {
    return { ...newSecret('ctir_'), expiresAt: new Date(this.deps.clock() + this.deps.refreshSeconds * 1000) }
  }
}
