import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CentrePort } from '../../centre/schema.js'
import type { AccessTokens } from '../auth/access-token.js'
import type { ApiKeyAuth } from '../auth/api-keys.js'
import type { EndedSessions } from '../auth/ended-sessions.js'
import { type Identity, permissionsFor, requirePermission } from '../auth/identity.js'
import type { Permission } from '../auth/permissions.js'
import { ApiError } from '../problem.js'

/** What a route asks of its caller; a route under /v1 without it does not start. */
export type Access = 'public' | 'signed-in' | Permission

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Who asks; undefined on public routes without a valid token. Use `identityOf`. */
    identity: Identity | undefined
    /** What the identity may do now. */
    permissions: readonly Permission[]
  }
}

/** Says who holds the token of a request, a hello frame or a token frame. */
export type Identify = (authorization: string) => Promise<Identity>

export function createIdentify(tokens: AccessTokens, apiKeys: ApiKeyAuth, ended: Pick<EndedSessions, 'has'>): Identify {
  return async (authorization) => {
    const [, scheme = '', value = ''] = /^(Bearer|ApiKey) +(\S+)$/i.exec(authorization) ?? []
    if (scheme.toLowerCase() === 'bearer') {
      const identity = tokens.verify(value)
      if (identity.sessionId !== undefined && ended.has(identity.sessionId)) throw new ApiError('CTI_ERR_TOKEN_INVALID')
      return identity
    }
    if (scheme.toLowerCase() === 'apikey') return apiKeys.identify(value)
    throw new ApiError('CTI_ERR_UNAUTHENTICATED')
  }
}

/** Establishes the identity of every request before anything else and refuses what the route's `access` does not allow. */
export function registerAccess(app: FastifyInstance, identify: Identify, centre: CentrePort): void {
  app.decorateRequest('identity', undefined)
  app.decorateRequest('permissions')
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') && route.config?.access === undefined)
      throw new Error(`route ${route.url} does not say who may use it`)
  })
  app.addHook('onRequest', async (request) => {
    request.permissions = []
    const access = request.routeOptions.config.access
    if (access === undefined || access === 'public') return
    const header = request.headers.authorization
    if (header === undefined) throw new ApiError('CTI_ERR_UNAUTHENTICATED')
    request.identity = await identify(header)
    request.permissions = permissionsFor(request.identity, centre.current())
    if (request.identity.mustEnrol && access !== 'signed-in') throw new ApiError('CTI_ERR_TOTP_ENROLMENT_REQUIRED')
    if (access !== 'signed-in') requirePermission(request.permissions, access)
  })
}

/** Who asks, as events and live states are filtered for. */
export function readerOf({ identity, permissions }: FastifyRequest): {
  readonly agentId?: string
  readonly permissions: readonly Permission[]
} {
  return { ...(identity?.kind === 'user' ? { agentId: identity.id } : {}), permissions }
}

/** The identity of a request on a route that is not public. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === undefined) throw new ApiError('CTI_ERR_UNAUTHENTICATED')
  return request.identity
}
