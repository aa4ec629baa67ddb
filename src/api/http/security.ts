import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { principalOf } from '../auth/identity.js'
import type { ApiOptions } from '../ports.js'
import { ApiError } from '../problem.js'

/** A whole centre may come from one address (proxy, NAT), and all of it at 9 o'clock or after a restart. */
const RATES = { address: 3_000, user: 1_200, apiKey: 6_000 } as const

/** Headers, limits and shedding of load; everything closed that is not needed. */
export async function registerSecurity(app: FastifyInstance, options: ApiOptions): Promise<void> {
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        // A recording is fetched with the access token and played from memory.
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // With a proxy in front the proxy decides; on plain loopback it would only break things.
    strictTransportSecurity: options.tls === undefined ? false : { maxAge: 15_552_000 },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(cors, {
    origin: options.corsOrigins?.length ? [...options.corsOrigins] : false,
    exposedHeaders: ['etag', 'retry-after', 'idempotency-replayed'],
  })
  const rates = { ...RATES, ...options.ratePerMinute }
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    max: (request) => (request.identity === undefined ? rates.address : rates[request.identity.kind]),
    keyGenerator: callerOf,
    allowList: (request) => isOperational(request) || !request.url.startsWith('/v1/'),
    errorResponseBuilder: (_request, context) =>
      new ApiError('CTI_ERR_RATE_LIMITED', undefined, { retryAfterSeconds: Math.ceil(context.ttl / 1000) }),
  })
  await app.register(underPressure, {
    maxEventLoopDelay: 1_000,
    pressureHandler: (request) => {
      if (!isOperational(request)) throw new ApiError('CTI_ERR_OVERLOADED', undefined, { retryAfterSeconds: 5 })
    },
  })
}

function callerOf(request: FastifyRequest): string {
  return request.identity === undefined ? `address:${request.ip}` : principalOf(request.identity)
}

/** Probes and scrapes are answered also when the house is full. */
function isOperational(request: FastifyRequest): boolean {
  return request.url.startsWith('/health/') || request.url === '/metrics'
}
