import type { FastifyInstance } from 'fastify'
import type { Redis } from 'ioredis'
import { ApiError } from '../problem.js'

/**
 * While Redis is away nothing of the API can be answered truly, and commands would wait in the client's queue for as long as it
 * takes: say so at once instead. Also names the request in every answer.
 */
export function registerMomentGuard(app: FastifyInstance, redis: Redis): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (!request.url.startsWith('/v1/')) return
    if (redis.status === 'wait') await redis.connect()
    if (redis.status !== 'ready') throw new ApiError('CTI_ERR_UNAVAILABLE', undefined, { retryAfterSeconds: 1 })
  })
}
