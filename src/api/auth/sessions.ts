import { randomUUID } from 'node:crypto'
import type { Centre } from '../../centre/schema.js'
import type { Clock } from '../../platform/clock.js'
import { isTransient } from '../../platform/postgres/errors.js'
import type { Session } from '../contracts/auth.js'
import type { RefreshTokensPort, SignInsPort, UserRow, UsersPort } from '../ports.js'
import { ApiError } from '../problem.js'
import type { AccessTokens } from './access-token.js'
import type { SignInAttempts } from './attempts.js'
import type { EndedSessions } from './ended-sessions.js'
import type { PasswordCheck } from './password.js'
import { permissionsOf } from './permissions.js'
import type { SecondFactor } from './second-factor.js'
import { hashSecret, newSecret, secretAfter } from './secrets.js'
import type { SpareSession, SpareSessions } from './spare-sessions.js'

export interface SessionsDeps {
  readonly users: UsersPort
  readonly refreshTokens: RefreshTokensPort
  readonly signIns: SignInsPort
  readonly spares: SpareSessions
  /** Whose access tokens are void before they run out. */
  readonly endedSessions: Pick<EndedSessions, 'add'>
  readonly attempts: SignInAttempts
  readonly passwords: PasswordCheck
  readonly secondFactor: SecondFactor
  readonly accessTokens: AccessTokens
  readonly refreshSeconds: number
  /** Makes successors of refresh tokens: the same in every instance, and it stays when the signing secret is replaced. */
  readonly secret: string
  readonly centre: () => Centre
  readonly clock: Clock
}

const REFRESH_PREFIX = 'ctir_'

export type NewSession = Session & { readonly refreshToken: string }

/** Where a sign-in comes from, for the list of sessions. */
export interface SignInPlace {
  readonly from?: string
  /** User-Agent */
  readonly client?: string
}

/** Sign-in, refresh and sign-out of people. */
export class Sessions {
  constructor(private readonly deps: SessionsDeps) {}

  /**
   * @param code of the second factor, or a recovery code
   * @throws ApiError CTI_ERR_SIGN_IN_FAILED (same answer and time for unknown, disabled and wrong), CTI_ERR_SIGN_IN_LOCKED,
   *   CTI_ERR_TOTP_REQUIRED (the password was right), CTI_ERR_TOTP_WRONG
   */
  async signIn(username: string, password: string, code?: string, place: SignInPlace = {}): Promise<NewSession> {
    const { users, attempts, passwords, secondFactor } = this.deps
    await attempts.begin(username)
    const user = await users.find(username)
    const usable = user?.disabled === false ? user.passwordHash : undefined
    if (!(await passwords.matches(usable, password)) || user === undefined) throw new ApiError('CTI_ERR_SIGN_IN_FAILED')
    await secondFactor.check(user.id, code)
    await attempts.succeed(username)
    return this.begin(user, 'password', place)
  }

  /** Who the identity provider vouches for. @throws ApiError CTI_ERR_OIDC_UNKNOWN_USER */
  async signInKnown(userId: string, place: SignInPlace): Promise<NewSession> {
    const user = await this.deps.users.find(userId)
    if (user === undefined || user.disabled) throw new ApiError('CTI_ERR_OIDC_UNKNOWN_USER')
    return this.begin(user, 'oidc', place)
  }

  private async begin(user: UserRow, method: 'password' | 'oidc', place: SignInPlace): Promise<NewSession> {
    const family = randomUUID()
    const next = { ...newSecret(REFRESH_PREFIX), expiresAt: this.expiry() }
    const mustEnrol = await this.mustEnrol(user, method)
    await this.deps.signIns.add({ id: family, userId: user.id, method, ...place, expiresAt: next.expiresAt })
    await this.deps.refreshTokens.add({ hash: next.hash, family, userId: user.id, expiresAt: next.expiresAt })
    await this.deps.spares.keep(next.hash, { family, user: known(user), mustEnrol })
    return this.open(user, family, next.secret, mustEnrol)
  }

  /**
   * Uses a refresh token up and gives the next one. Two tabs of one browser share the cookie and may ask at the same moment: for a
   * short while the used token gives the same next one again. While PostgreSQL is away nothing is used up: who holds a token goes on with it.
   * @throws ApiError CTI_ERR_REFRESH_INVALID; CTI_ERR_REFRESH_REUSED when it was used before (the session is ended)
   */
  async refresh(token: string): Promise<NewSession> {
    const { refreshTokens, users, spares, signIns, endedSessions } = this.deps
    const hash = hashSecret(token)
    const next = secretAfter(REFRESH_PREFIX, token, this.deps.secret)
    // The token that holds when PostgreSQL goes away in the middle.
    let valid = token
    try {
      const expiresAt = this.expiry()
      const used = await refreshTokens.rotate(hash, { hash: next.hash, expiresAt })
      if (used.outcome === 'unknown') throw new ApiError('CTI_ERR_REFRESH_INVALID')
      if (used.outcome === 'reused') {
        await spares.end(used.family)
        await signIns.end({ id: used.family }, 'system')
        await endedSessions.add([used.family])
        throw new ApiError('CTI_ERR_REFRESH_REUSED')
      }
      valid = next.secret
      const user = await users.find(used.userId)
      if (user === undefined || user.disabled) {
        await spares.end(used.family)
        await refreshTokens.revokeFamily(used.family)
        await endedSessions.add([used.family])
        throw new ApiError('CTI_ERR_REFRESH_INVALID')
      }
      const method = await signIns.seen(used.family, expiresAt)
      const mustEnrol = await this.mustEnrol(user, method ?? 'password')
      await spares.keep(next.hash, { family: used.family, user: known(user), mustEnrol }, hash)
      return this.open(user, used.family, next.secret, mustEnrol)
    } catch (error) {
      if (error instanceof ApiError || !isTransient(error)) throw error
      const spare = await spares.find(hash)
      if (spare === undefined) throw error
      if (valid !== token) await spares.keep(next.hash, spare, hash)
      return this.open(spare.user, spare.family, valid, spare.mustEnrol ?? false)
    }
  }

  /** Ends the session of this refresh token, with its access tokens and sockets; unknown: nothing to do. */
  async signOut(token: string): Promise<void> {
    await this.deps.spares.forget(hashSecret(token))
    const family = await this.deps.refreshTokens.revokeFamilyOf(hashSecret(token))
    if (family === undefined) return
    await this.deps.signIns.end({ id: family }, 'self')
    await this.deps.endedSessions.add([family])
  }

  /** The centre wants a second factor for this role, and the person has none. The identity provider has its own. */
  private async mustEnrol(user: UserRow, method: 'password' | 'oidc'): Promise<boolean> {
    const { totpRoles } = this.deps.centre().file.centre
    if (method === 'oidc' || !totpRoles?.includes(user.role)) return false
    return !(await this.deps.secondFactor.isEnrolled(user.id))
  }

  private open(user: SpareSession['user'], family: string, refreshToken: string, mustEnrol: boolean): NewSession {
    const access = this.deps.accessTokens.issue(user, family, mustEnrol)
    const unmasked = this.deps.centre().file.centre.unmaskedRoles ?? []
    const permissions = mustEnrol ? [] : [...permissionsOf(user.role, unmasked)]
    return {
      accessToken: access.token,
      expiresAt: access.expiresAt,
      expiresInSeconds: access.expiresInSeconds,
      refreshToken,
      user: { id: user.id, name: user.name, role: user.role, permissions, ...(mustEnrol && { mustEnrolTotp: true }) },
    }
  }

  private expiry(): Date {
    return new Date(this.deps.clock() + this.deps.refreshSeconds * 1000)
  }
}

function known({ id, name, role }: UserRow): SpareSession['user'] {
  return { id, name, role }
}
