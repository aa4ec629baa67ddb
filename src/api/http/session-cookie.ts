import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NewSession, SignInPlace } from '../auth/sessions.js'
import type { Session } from '../contracts/auth.js'
import type { Edge } from './edge.js'

export const REFRESH_COOKIE = 'cti120_refresh'
export const AUTH_PATH = '/v1/auth'
/** One shift. */
export const DEFAULT_REFRESH_SECONDS = 43_200

/** In cookie mode a page's scripts never see the refresh token. SameSite=Strict and the JSON body keep other sites out. */
export function setRefreshCookie(request: FastifyRequest, reply: FastifyReply, token: string, edge: Edge): void {
  reply.setCookie(REFRESH_COOKIE, token, {
    path: AUTH_PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: edge.options.refreshSeconds ?? DEFAULT_REFRESH_SECONDS,
  })
}

export function answerSession(
  request: FastifyRequest,
  reply: FastifyReply,
  opened: NewSession,
  inCookie: boolean,
  edge: Edge,
): Session {
  reply.header('cache-control', 'no-store')
  if (!inCookie) return opened
  setRefreshCookie(request, reply, opened.refreshToken, edge)
  const { refreshToken: _inCookie, ...session } = opened
  return session
}

/** For the list of sessions. */
export function placeOf(request: FastifyRequest): SignInPlace {
  return { from: request.ip, client: request.headers['user-agent'] }
}
