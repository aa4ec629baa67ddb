import '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../problem.js'
import type { Identity } from './identity.js'
import { ROLES, type Role } from './permissions.js'
import type { SigningSecret } from './signing-secret.js'

/** Claims of an access token. Enough to serve a request while PostgreSQL is away. */
interface AccessClaims {
  readonly sub: string
  readonly name: string
  readonly role: Role
  /** Session: the family of refresh tokens. */
  readonly sid: string
  /** May only enrol a second factor. */
  readonly enrol?: boolean
  readonly iat: number
  readonly exp: number
}

export interface AccessTokens {
  issue(
    user: { id: string; name: string; role: Role },
    sessionId: string,
    mustEnrol?: boolean,
  ): { token: string; expiresAt: number; expiresInSeconds: number }
  /** @throws ApiError CTI_ERR_TOKEN_EXPIRED or CTI_ERR_TOKEN_INVALID */
  verify(token: string): Identity
}

/** Access tokens over @fastify/jwt (registered with HS256 only, so `alg: none` and others fail). */
export function createAccessTokens(app: FastifyInstance, lifeSeconds: number, secret: SigningSecret): AccessTokens {
  const registered = secret.current()
  /** The secret of the start has a verifier that is kept; one that came later has its made. */
  const withKey = (key: string) => (key === registered ? undefined : { key })
  const read = (token: string): Partial<AccessClaims> => {
    let wrong: unknown
    for (const key of secret.accepted()) {
      try {
        return app.jwt.verify<AccessClaims>(token, withKey(key))
      } catch (error) {
        if (codeOf(error) !== 'FAST_JWT_INVALID_SIGNATURE') throw error
        wrong ??= error
      }
    }
    throw wrong
  }
  return {
    issue(user, sessionId, mustEnrol = false) {
      const now = Math.floor(Date.now() / 1000)
      const exp = now + lifeSeconds
      const claims = { sub: user.id, name: user.name, role: user.role, sid: sessionId, iat: now, exp }
      const token = app.jwt.sign(mustEnrol ? { ...claims, enrol: true } : claims, withKey(secret.current()))
      return { token, expiresAt: exp * 1000, expiresInSeconds: lifeSeconds }
    },
    verify(token) {
      let claims: Partial<AccessClaims>
      try {
        claims = readAgain(() => read(token), secret)
      } catch (error) {
        throw new ApiError(codeOf(error) === 'FAST_JWT_EXPIRED' ? 'CTI_ERR_TOKEN_EXPIRED' : 'CTI_ERR_TOKEN_INVALID')
      }
      if (!isClaims(claims)) throw new ApiError('CTI_ERR_TOKEN_INVALID')
      return {
        kind: 'user',
        id: claims.sub,
        name: claims.name,
        role: claims.role,
        sessionId: claims.sid,
        mustEnrol: claims.enrol === true,
        expiresAt: claims.exp * 1000,
      }
    },
  }
}

/** A signature that is not known yet may be by a secret that another instance has taken over a moment ago. */
function readAgain<T>(read: () => T, secret: SigningSecret): T {
  try {
    return read()
  } catch (error) {
    if (codeOf(error) !== 'FAST_JWT_INVALID_SIGNATURE') throw error
    secret.refresh()
    return read()
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

function isClaims(claims: Partial<AccessClaims> | undefined): claims is AccessClaims {
  return (
    typeof claims?.sub === 'string' &&
    typeof claims.name === 'string' &&
    typeof claims.sid === 'string' &&
    typeof claims.exp === 'number' &&
    ROLES.includes(claims.role as Role)
  )
}
