import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { buildAsyncApi } from '../asyncapi.js'
import { PERMISSIONS } from '../auth/permissions.js'
import { errorPage, eventPage } from './document-pages.js'
import type { Api } from './edge.js'
import { createReferences, type Json } from './references.js'
import { API_VERSION } from './version.js'

/** The OpenAPI 3.1 document made from the routes' contracts, at /openapi.json, and pages to read it at /docs (nothing from other hosts). */
export async function registerOpenApi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'cti120 API',
        version: API_VERSION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        description:
          'CTI server of a municipal 120 centre. Errors are problem documents (RFC 9457) with codes from docs/errors.md; events come over the WebSocket /v1/events (docs/api/README.md).',
      },
      servers: [{ url: '/', description: 'this server' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          apiKey: { type: 'apiKey', in: 'header', name: 'authorization', description: '`ApiKey <key>`' },
        },
      },
    },
    // Routes of pages and of the documents themselves are no part of the API.
    transform: ({ schema, url, route }) => {
      const described = (schema ?? {}) as Json
      const access = route.config?.access
      const hide = described.operationId === undefined
      const security = access === undefined || access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }]
      const needs =
        access === undefined || access === 'public' || access === 'signed-in' ? {} : { 'x-permission': access }
      return { schema: { ...described, hide, security, ...needs } as never, url }
    },
    transformObject: (document) => finish('openapiObject' in document ? (document.openapiObject as Json) : {}) as never,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true, persistAuthorization: false, validatorUrl: null } as never,
    staticCSP:
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  })
  app.get('/docs/errors', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(errorPage()),
  )
  const asyncApi = buildAsyncApi()
  app.get('/docs/events', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(eventPage(asyncApi)),
  )
  app.get('/asyncapi.json', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type('application/json').send(asyncApi),
  )
  app.get('/openapi.json', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  )
}

/** Puts references in place of the named contracts and gives every operation the problem answer. */
function finish(document: Json): Json {
  const references = createReferences()
  const paths = references.refer(document.paths ?? {}) as Record<string, Record<string, Json>>
  const problem = {
    description: 'Problem details',
    content: { 'application/problem+json': { schema: references.named('Problem') } },
  }
  for (const [url, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operation.responses = { ...(operation.responses as Json), default: problem }
      const writes =
        method !== 'get' && url.startsWith('/v1/') && !url.startsWith('/v1/auth/') && url !== '/v1/api-keys'
      if (writes) operation.parameters = [...((operation.parameters as unknown[]) ?? []), IDEMPOTENCY_KEY, IF_MATCH]
    }
  }
  // Frames of the WebSocket have no path of their own but belong to the document.
  references.named('ClientFrame')
  references.named('ServerFrame')
  return {
    ...document,
    paths,
    components: { ...(document.components as Json), schemas: references.schemas() },
    'x-permissions': [...PERMISSIONS],
  }
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 8, maxLength: 120 },
  description: 'the first answer is kept for 24 hours and given again',
}
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: 'ETag that the change is meant for; needed to change citizens and tickets',
}
