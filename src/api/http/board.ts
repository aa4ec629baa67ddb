import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import { Queue } from 'bullmq'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ALARM_QUEUE } from '../../callbacks/alarm-clock.js'
import { CHORE_QUEUE } from '../../callbacks/chores.js'
import { keyPrefix } from '../../platform/keys.js'
import { permissionsFor, requirePermission } from '../auth/identity.js'
import { ApiError } from '../problem.js'
import { identityOf } from './access.js'
import type { Api, Edge } from './edge.js'
import { sendProblem } from './errors.js'

const PATH = '/board'
const COOKIE = 'cti120_board'
/** The queues of BullMQ in this house (platform/housekeeping.ts, callbacks/). */
const QUEUES = ['housekeeping', ALARM_QUEUE, CHORE_QUEUE] as const
/** As everywhere, but for the styles that the board writes into its page. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

/**
 * BullMQ's board, to look at: alarms and chores. The promises are rows in PostgreSQL, so nothing here is worth changing by hand. A page
 * that the browser opens carries no Authorization: who has `jobs:read` gets the own access token as a cookie of this path, for as long as
 * the token lives.
 */
export async function registerBoard(app: Api, edge: Edge): Promise<void> {
  app.post(
    '/v1/board/session',
    {
      config: { access: 'jobs:read', idempotent: false },
      schema: {
        operationId: 'openBoard',
        tags: ['operations'],
        summary: "Open BullMQ's board in this browser: sets a cookie, then go to `url`",
        body: Type.Object({}, { additionalProperties: false }),
        response: { 200: Type.Object({ url: Type.String() }) },
      },
    },
    async (request, reply) => {
      const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (token === undefined || identityOf(request).kind !== 'user') throw new ApiError('CTI_ERR_FORBIDDEN')
      reply.setCookie(COOKIE, token, {
        path: PATH,
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
      })
      return { url: PATH }
    },
  )

  const adapter = new FastifyAdapter().setBasePath(PATH)
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'cti120', hideRedisDetails: true, locale: { lng: 'ko' } } },
  })
  await app.register(
    async (scope: Api) => {
      // The board turns every error into a 500 of its own: ours are answered before.
      scope.addHook('onRequest', (request, reply) =>
        requireAdmin(request, edge).catch((error: unknown) => sendProblem(request, reply, error)),
      )
      scope.addHook('onSend', (_request, reply, payload, done) => done(null, closed(reply, payload)))
      await scope.register(adapter.registerPlugin() as never)
    },
    { prefix: PATH },
  )

  // Queues ask Redis as soon as they are made: not before there is a server.
  let queues: Queue[] = []
  app.addHook('onListen', async () => {
    queues = QUEUES.map(
      (name) => new Queue(name, { connection: edge.redis, prefix: `${keyPrefix(edge.centreId)}jobs` }),
    )
    for (const queue of queues) queue.on('error', () => {}) // said by the connection's owner
    board.setQueues(queues.map(adapterOf))
  })
  app.addHook('onClose', async () => {
    await Promise.allSettled(queues.map((queue) => queue.close()))
  })
}

/** To look at only; of a job's data nothing is shown but ids. */
function adapterOf(queue: Queue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, { readOnlyMode: true })
  adapter.setFormatter('data', (data: { id?: unknown } | undefined) =>
    typeof data?.id === 'string' ? { id: data.id } : {},
  )
  adapter.setFormatter('returnValue', (value: unknown) => (typeof value === 'number' ? value : undefined))
  return adapter
}

async function requireAdmin(request: FastifyRequest, edge: Edge): Promise<void> {
  const token = request.cookies[COOKIE]
  if (token === undefined) throw new ApiError('CTI_ERR_UNAUTHENTICATED', 'POST /v1/board/session first.')
  const identity = await edge.identify(`Bearer ${token}`)
  requirePermission(permissionsFor(identity, edge.centre.current()), 'jobs:read')
}

/** Nothing from other hosts: the board's page names fonts of another one, which are left out. */
function closed(reply: FastifyReply, payload: unknown): unknown {
  reply.header('content-security-policy', POLICY)
  reply.header('cache-control', 'no-store')
  if (typeof payload !== 'string' || !/html/.test(String(reply.getHeader('content-type')))) return payload
  return payload.replaceAll(/<link[^>]*href="https?:[^>]*>/g, '')
}
