import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import { keyOf } from '../../platform/keys.js'
import { principalOf } from '../auth/identity.js'
import { ApiError } from '../problem.js'

/** How long an answer is kept. */
const KEEP_SECONDS = 86_400
/** How long a request may run before its key is free again (the process died). */
const RUN_SECONDS = 60

interface Kept {
  readonly fingerprint: string
  /** Absent while the first request runs. */
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** false: the answer holds a secret and is never kept. */
    idempotent?: boolean
  }
  interface FastifyRequest {
    idempotency: { readonly key: string; readonly fingerprint: string } | undefined
  }
}

/**
 * `Idempotency-Key` on POST, PUT, PATCH and DELETE: the first answer (below 500) is kept in Redis for 24 hours and given again to the
 * same caller's same request; another request under the same key is refused. Works while PostgreSQL is away.
 */
export function registerIdempotency(app: FastifyInstance, redis: Redis, centreId: string): void {
  app.decorateRequest('idempotency', undefined)

  app.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key']
    if (header === undefined || !isCommand(request)) return
    if (typeof header !== 'string' || !/^[\x21-\x7e]{8,120}$/.test(header))
      throw new ApiError('CTI_ERR_IDEMPOTENCY_KEY_INVALID')
    const key = keyOf(centreId, 'idempotency', `${principalOf(request.identity!)}:${hash(header)}`)
    // A kept answer is as full as its reader was allowed to see then: who may see less now asks anew, under another key.
    const unmasked = request.permissions.includes('pii:read')
    const fingerprint = hash(
      `${request.method} ${request.url} ${request.headers['if-match'] ?? ''} ${unmasked} ${textOf(request.body)}`,
    )
    const taken = await redis.set(key, JSON.stringify({ fingerprint } satisfies Kept), 'EX', RUN_SECONDS, 'NX')
    if (taken !== null) {
      request.idempotency = { key, fingerprint }
      return
    }
    const text = await redis.get(key)
    if (text === null) throw new ApiError('CTI_ERR_IDEMPOTENCY_IN_PROGRESS', undefined, { retryAfterSeconds: 1 })
    return answerAgain(reply, JSON.parse(text) as Kept, fingerprint)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const mine = request.idempotency
    if (mine === undefined) return payload
    request.idempotency = undefined
    try {
      if (reply.statusCode >= 500) await redis.del(mine.key)
      else await redis.set(mine.key, JSON.stringify(kept(reply, mine.fingerprint, payload)), 'EX', KEEP_SECONDS)
    } catch (error) {
      request.log.warn(
        { code: (error as { code?: unknown }).code },
        'answer of a command could not be kept for repetition',
      )
    }
    return payload
  })
}

function isCommand(request: FastifyRequest): boolean {
  const { config } = request.routeOptions
  return (
    request.identity !== undefined &&
    config.idempotent !== false &&
    ['POST', 'PUT', 'PATCH', 'DELETE'].includes(request.method)
  )
}

function kept(reply: FastifyReply, fingerprint: string, payload: unknown): Kept {
  const headers: Record<string, string> = {}
  for (const name of ['content-type', 'etag', 'location']) {
    const value = reply.getHeader(name)
    if (typeof value === 'string') headers[name] = value
  }
  return { fingerprint, status: reply.statusCode, headers, body: typeof payload === 'string' ? payload : undefined }
}

function answerAgain(reply: FastifyReply, first: Kept, fingerprint: string): FastifyReply {
  if (first.fingerprint !== fingerprint) throw new ApiError('CTI_ERR_IDEMPOTENCY_MISMATCH')
  if (first.status === undefined)
    throw new ApiError('CTI_ERR_IDEMPOTENCY_IN_PROGRESS', undefined, { retryAfterSeconds: 1 })
  reply.code(first.status).headers({ ...first.headers, 'idempotency-replayed': 'true' })
  return reply.serializer((body: unknown) => String(body)).send(first.body ?? '')
}

/** A file stands for itself. */
function textOf(body: unknown): string {
  return Buffer.isBuffer(body) ? body.toString('base64') : JSON.stringify(body ?? null)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
