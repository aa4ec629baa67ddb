import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { NewSession } from '../../auth/sessions.js'
import { RefreshRequest, Session, SignInRequest } from '../../contracts/auth.js'
import { ApiError } from '../../problem.js'
import type { Api, Edge } from '../edge.js'

const COOKIE = 'cti120_refresh'
const PATH = '/v1/auth'

/** Sign-in, refresh and sign-out of people. */
export function registerAuthRoutes(app: Api, edge: Edge): void {
  // Many people behind one address sign in at the same hour; guessing is held by the lock-out of each name.
  const perMinute = edge.options.ratePerMinute?.signIn ?? 600

  app.post(
    '/v1/auth/sign-in',
    {
      config: { access: 'public', rateLimit: { max: perMinute, timeWindow: 60_000 } },
      schema: {
        operationId: 'signIn',
        tags: ['auth'],
        summary: 'Sign in with name and password',
        body: SignInRequest,
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      const { username, password, session = 'body' } = request.body
      const opened = await edge.sessions.signIn(username, password)
      return answer(request, reply, opened, session === 'cookie', edge)
    },
  )

  app.post(
    '/v1/auth/refresh',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'refreshSession',
        tags: ['auth'],
        summary: 'Use a refresh token up for a new session',
        body: RefreshRequest,
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      const token = request.body.refreshToken ?? request.cookies[COOKIE]
      if (token === undefined) throw new ApiError('CTI_ERR_REFRESH_INVALID')
      try {
        return answer(request, reply, await edge.sessions.refresh(token), request.body.refreshToken === undefined, edge)
      } catch (error) {
        if (error instanceof ApiError) reply.clearCookie(COOKIE, { path: PATH })
        throw error
      }
    },
  )

  app.post(
    '/v1/auth/sign-out',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signOut',
        tags: ['auth'],
        summary: 'End the session of a refresh token',
        body: RefreshRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const token = request.body.refreshToken ?? request.cookies[COOKIE]
      if (token !== undefined) await edge.sessions.signOut(token)
      return reply.clearCookie(COOKIE, { path: PATH }).code(204).send(null)
    },
  )
}

/** In cookie mode a page's scripts never see the refresh token. SameSite=Strict and the JSON body keep other sites out. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  opened: NewSession,
  inCookie: boolean,
  edge: Edge,
): Session {
  reply.header('cache-control', 'no-store')
  if (!inCookie) return opened
  reply.setCookie(COOKIE, opened.refreshToken, {
    path: PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: edge.options.refreshSeconds ?? DEFAULT_REFRESH_SECONDS,
  })
  const { refreshToken: _inCookie, ...session } = opened
  return session
}

/** One shift. */
export const DEFAULT_REFRESH_SECONDS = 43_200
