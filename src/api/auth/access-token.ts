import '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../problem.js'
import type { Identity } from './identity.js'
import { ROLES, type Role } from './permissions.js'

/** Claims of an access token. Enough to serve a request while PostgreSQL is away. */
interface AccessClaims {
  readonly sub: string
  readonly name: string
  readonly role: Role
  /** Session: the family of refresh tokens. */
  readonly sid: string
  readonly iat: number
  readonly exp: number
}

export interface AccessTokens {
  issue(
    user: { id: string; name: string; role: Role },
    sessionId: string,
  ): { token: string; expiresAt: number; expiresInSeconds: number }
  /** @throws ApiError CTI_ERR_TOKEN_EXPIRED or CTI_ERR_TOKEN_INVALID */
  verify(token: string): Identity
}

/** Access tokens over @fastify/jwt (registered with HS256 only, so `alg: none` and others fail). */
export function createAccessTokens(app: FastifyInstance, lifeSeconds: number): AccessTokens {
  return {
    issue(user, sessionId) {
      const now = Math.floor(Date.now() / 1000)
      const exp = now + lifeSeconds
      const token = app.jwt.sign({ sub: user.id, name: user.name, role: user.role, sid: sessionId, iat: now, exp })
      return { token, expiresAt: exp * 1000, expiresInSeconds: lifeSeconds }
    },
    verify(token) {
      let claims: AccessClaims
      try {
        claims = app.jwt.verify<AccessClaims>(token)
      } catch (error) {
        const expired = (error as { code?: unknown }).code === 'FAST_JWT_EXPIRED'
        throw new ApiError(expired ? 'CTI_ERR_TOKEN_EXPIRED' : 'CTI_ERR_TOKEN_INVALID')
      }
      if (!isClaims(claims)) throw new ApiError('CTI_ERR_TOKEN_INVALID')
      return {
        kind: 'user',
        id: claims.sub,
        name: claims.name,
        role: claims.role,
        sessionId: claims.sid,
        expiresAt: claims.exp * 1000,
      }
    },
  }
}

function isClaims(claims: Partial<AccessClaims> | undefined): claims is AccessClaims {
  return (
    typeof claims?.sub === 'string' &&
    typeof claims.name === 'string' &&
    typeof claims.sid === 'string' &&
    typeof claims.exp === 'number' &&
    ROLES.includes(claims.role as Role)
  )
}
