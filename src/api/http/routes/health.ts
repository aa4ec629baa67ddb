import { LATE, within } from '../../../platform/within.js'
import { permissionsFor, requirePermission } from '../../auth/identity.js'
import { Live, Ready } from '../../contracts/health.js'
import type { HealthCheck } from '../../ports.js'
import { ApiError } from '../../problem.js'
import type { Api, Edge } from '../edge.js'
import { API_VERSION } from '../version.js'

/** A dependency that says nothing for so long (ms) is away. */
const CHECK_MS = 2_000

/** Probes and metrics. */
export function registerOperationalRoutes(app: Api, edge: Edge): void {
  app.get(
    '/health/live',
    {
      schema: { operationId: 'isLive', tags: ['operations'], summary: 'The process answers', response: { 200: Live } },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'isReady',
        tags: ['operations'],
        summary: 'Each dependency; 503 while a required one is away',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const dependencies = await Promise.all(edge.health.map(runCheck))
      const missing = dependencies.filter(({ ok }) => !ok)
      const status =
        missing.length === 0 ? 'ready' : missing.some(({ required }) => required) ? 'not_ready' : 'degraded'
      return reply.code(status === 'not_ready' ? 503 : 200).send({ status, version: API_VERSION, dependencies })
    },
  )

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['operations'],
        summary: 'Prometheus text; from loopback, or with metrics:read',
      },
    },
    async (request, reply) => {
      const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded
      if (forwarded !== undefined || !isLoopback(request.socket.remoteAddress)) {
        const header = request.headers.authorization
        if (header === undefined) throw new ApiError('CTI_ERR_UNAUTHENTICATED')
        requirePermission(permissionsFor(await edge.identify(header), edge.centre.current()), 'metrics:read')
      }
      return reply.type(edge.registry.contentType).send(await edge.registry.metrics())
    },
  )
}

async function runCheck(check: HealthCheck): Promise<Ready['dependencies'][number]> {
  const began = performance.now()
  const result = await within(check.check(), CHECK_MS).catch(() => ({ ok: false, detail: 'failed' }))
  const { ok, detail } =
    result === LATE ? { ok: false, detail: 'no answer' } : (result as { ok: boolean; detail?: string })
  return {
    name: check.name,
    ok,
    required: check.required,
    detail,
    ms: Math.round((performance.now() - began) * 10) / 10,
  }
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '')
}
