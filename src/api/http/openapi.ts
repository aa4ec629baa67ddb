import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TSchema } from 'typebox'
import { PERMISSIONS } from '../auth/permissions.js'
import * as contracts from '../contracts/index.js'
import { ERROR_CATALOGUE } from '../error-catalogue.js'
import type { Api } from './edge.js'
import { API_VERSION } from './version.js'

type Json = Record<string, unknown>

/** Contracts that become named components of the document; the others stay where they are used. */
const NAMED = (Object.entries(contracts) as [string, TSchema][])
  .filter(([, schema]) => typeof schema === 'object' && ('type' in schema || 'anyOf' in schema))
  .filter(
    ([name]) =>
      /^[A-Z]/.test(name) &&
      !['Id', 'IdParams', 'Instant', 'EpochMs', 'Label'].includes(name) &&
      !name.endsWith('Query'),
  )

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
  app.get('/openapi.json', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  )
}

/** Puts references in place of the named contracts and gives every operation the problem answer. */
function finish(document: Json): Json {
  const names = new Map(NAMED.map(([name, schema]) => [JSON.stringify(schema), name]))
  const used = new Map<string, unknown>()
  const refer = (value: unknown, inside?: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => refer(item))
    if (typeof value !== 'object' || value === null) return value
    const name = names.get(JSON.stringify(value))
    if (name !== undefined && name !== inside) {
      if (!used.has(name)) {
        used.set(name, undefined)
        used.set(name, refer(value, name))
      }
      return { $ref: `#/components/schemas/${name}` }
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item)]))
  }
  const paths = refer(JSON.parse(JSON.stringify(document.paths ?? {}))) as Record<string, Record<string, Json>>
  const problem = {
    description: 'Problem details',
    content: { 'application/problem+json': { schema: refer(JSON.parse(JSON.stringify(contracts.Problem))) } },
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
  for (const frame of ['ClientFrame', 'ServerFrame'])
    refer(JSON.parse(JSON.stringify(NAMED.find(([name]) => name === frame)![1])))
  const schemas = Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    ...document,
    paths,
    components: { ...(document.components as Json), schemas },
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

/** What the `type` of a problem points at. */
function errorPage(): string {
  const rows = Object.entries(ERROR_CATALOGUE).map(
    ([code, { status, title, action }]) =>
      `<tr id="${code.toLowerCase()}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${action.replaceAll('<', '&lt;')}</td></tr>`,
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>cti120 errors</title><h1>Errors</h1><table><tr><th>code<th>status<th>what<th>what to do</tr>${rows.join('')}</table></html>`
}
