import { Type } from 'typebox'
import { principalOf } from '../../auth/identity.js'
import { API_KEY_PREFIX, API_KEY_SHOWN, newSecret } from '../../auth/secrets.js'
import { ApiKeyCreate, ApiKeyCreated, ApiKeyList } from '../../contracts/auth.js'
import { IdParams } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'

/** Keys of other systems. */
export function registerApiKeyRoutes(app: Api, edge: Edge): void {
  app.post(
    '/v1/api-keys',
    {
      config: { access: 'api_keys:manage', idempotent: false },
      schema: {
        operationId: 'createApiKey',
        tags: ['api-keys'],
        summary: 'Make a key; it is shown this once',
        body: ApiKeyCreate,
        response: { 201: ApiKeyCreated },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body
      const beyond = scopes.filter((scope) => !request.permissions.includes(scope))
      if (beyond.length > 0) throw new ApiError('CTI_ERR_SCOPE_TOO_WIDE', `You do not have: ${beyond.join(', ')}.`)
      const expires = expiresAt === undefined ? undefined : new Date(expiresAt)
      if (expires !== undefined && expires.getTime() <= edge.clock()) throw new ApiError('CTI_ERR_API_KEY_EXPIRY')
      const { secret, hash } = newSecret(API_KEY_PREFIX)
      const key = await edge.apiKeys.create({
        name,
        scopes,
        hash,
        prefix: secret.slice(0, API_KEY_SHOWN),
        expiresAt: expires,
        createdBy: principalOf(identityOf(request)),
      })
      return reply
        .header('cache-control', 'no-store')
        .code(201)
        .send({ ...key, key: secret })
    },
  )

  app.get(
    '/v1/api-keys',
    {
      config: { access: 'api_keys:manage' },
      schema: {
        operationId: 'listApiKeys',
        tags: ['api-keys'],
        summary: 'All keys, newest first, without their secrets',
        response: { 200: ApiKeyList },
      },
    },
    async () => ({ items: await edge.apiKeys.list() }),
  )

  app.delete(
    '/v1/api-keys/:id',
    {
      config: { access: 'api_keys:manage' },
      schema: {
        operationId: 'revokeApiKey',
        tags: ['api-keys'],
        summary: 'Revoke a key, in force everywhere within 10 s',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await edge.apiKeys.revoke(request.params.id)
      edge.apiKeyAuth.forget()
      return reply.code(204).send(null)
    },
  )
}
