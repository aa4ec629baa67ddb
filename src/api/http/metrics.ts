import type { FastifyInstance } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

/** Times and logs requests by route pattern: never by address, which may carry what people search for. */
export function registerHttpMetrics(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'cti_http_request_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
    const quiet = route.startsWith('/health/') || route === '/metrics' || !route.startsWith('/v1/')
    request.log[quiet ? 'debug' : 'info'](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        by: request.identity?.id,
      },
      'request',
    )
  })
}
