import { Type } from 'typebox'
import { RefreshRequest, Session, SignInRequest } from '../../contracts/auth.js'
import { ApiError } from '../../problem.js'
import type { Api, Edge } from '../edge.js'
import { AUTH_PATH, answerSession, placeOf, REFRESH_COOKIE } from '../session-cookie.js'

/** Sign-in, refresh and sign-out of people. */
export function registerAuthRoutes(app: Api, edge: Edge): void {
  // Many people behind one address sign in at the same hour; guessing is held by the lock-out of each name.
  const perMinute = edge.options.ratePerMinute?.signIn ?? 600

  app.post(
    '/v1/auth/sign-in',
    {
      config: { access: 'public', freeText: false, rateLimit: { max: perMinute, timeWindow: 60_000 } },
      schema: {
        operationId: 'signIn',
        tags: ['auth'],
        summary: 'Sign in with name and password',
        body: SignInRequest,
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      const { username, password, code, session = 'body' } = request.body
      const opened = await edge.sessions.signIn(username, password, code, placeOf(request))
      return answerSession(request, reply, opened, session === 'cookie', edge)
    },
  )

  app.post(
    '/v1/auth/refresh',
    {
      config: { access: 'public', freeText: false },
      schema: {
        operationId: 'refreshSession',
        tags: ['auth'],
        summary: 'Use a refresh token up for a new session',
        body: RefreshRequest,
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      const token = request.body.refreshToken ?? request.cookies[REFRESH_COOKIE]
      if (token === undefined) throw new ApiError('CTI_ERR_REFRESH_INVALID')
      try {
        return answerSession(
          request,
          reply,
          await edge.sessions.refresh(token),
          request.body.refreshToken === undefined,
          edge,
        )
      } catch (error) {
        if (error instanceof ApiError) reply.clearCookie(REFRESH_COOKIE, { path: AUTH_PATH })
        throw error
      }
    },
  )

  app.post(
    '/v1/auth/sign-out',
    {
      config: { access: 'public', freeText: false },
      schema: {
        operationId: 'signOut',
        tags: ['auth'],
        summary: 'End the session of a refresh token',
        body: RefreshRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const token = request.body.refreshToken ?? request.cookies[REFRESH_COOKIE]
      if (token !== undefined) await edge.sessions.signOut(token)
      return reply.clearCookie(REFRESH_COOKIE, { path: AUTH_PATH }).code(204).send(null)
    },
  )
}
