import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { personOfClaim } from '../../auth/oidc.js'
import { SignInMethods } from '../../contracts/auth.js'
import { ApiError, toApiError } from '../../problem.js'
import type { Api, Edge } from '../edge.js'
import { AUTH_PATH, placeOf, setRefreshCookie } from '../session-cookie.js'

const START = '/v1/auth/oidc/start'
const COOKIE = 'cti120_oidc'

/** Sign-in by the identity provider: two addresses that a browser goes to, not an API client. */
export function registerOidcRoutes(app: Api, edge: Edge): void {
  const { oidc, centre, sessions } = edge
  const perMinute = edge.options.ratePerMinute?.signIn ?? 600
  const limited = { access: 'public', rateLimit: { max: perMinute, timeWindow: 60_000 } } as const

  app.get(
    '/v1/auth/methods',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signInMethods',
        tags: ['auth'],
        summary: 'How people can sign in here',
        response: { 200: SignInMethods },
      },
    },
    async () => ({
      password: true,
      oidc: oidc === undefined ? undefined : { label: oidc.options.label ?? 'OpenID Connect', start: START },
    }),
  )

  app.get(
    START,
    {
      config: limited,
      schema: {
        operationId: 'startOidcSignIn',
        tags: ['auth'],
        summary: 'Where a browser goes to sign in at the identity provider',
        response: { 302: Type.Null() },
      },
    },
    async (request, reply) => {
      if (oidc === undefined) throw new ApiError('CTI_ERR_OIDC_OFF')
      try {
        const { url, browser } = await oidc.start()
        // Lax: the provider sends the browser back from its own site.
        setBrowser(request, reply, browser)
        return await reply.header('cache-control', 'no-store').redirect(url)
      } catch (error) {
        return fail(request, reply, error)
      }
    },
  )

  app.get(
    '/v1/auth/oidc/callback',
    {
      config: limited,
      schema: {
        operationId: 'finishOidcSignIn',
        tags: ['auth'],
        summary: 'Where the identity provider sends the browser back to',
        description: 'Sets the refresh cookie and goes to the page, with `#sign-in-error=<code>` when it went wrong.',
        response: { 302: Type.Null() },
      },
    },
    async (request, reply) => {
      if (oidc === undefined) throw new ApiError('CTI_ERR_OIDC_OFF')
      const browser = request.cookies[COOKIE]
      reply.clearCookie(COOKIE, { path: AUTH_PATH })
      try {
        const value = await oidc.finish(request.raw.url?.split('?')[1] ?? '', browser)
        const person = personOfClaim(centre.current(), value)
        if (person === undefined) throw new ApiError('CTI_ERR_OIDC_UNKNOWN_USER')
        const opened = await sessions.signInKnown(person, placeOf(request))
        setRefreshCookie(request, reply, opened.refreshToken, edge)
        return await reply.header('cache-control', 'no-store').redirect('/#signed-in')
      } catch (error) {
        return fail(request, reply, error)
      }
    },
  )
}

function setBrowser(request: FastifyRequest, reply: FastifyReply, browser: string): void {
  reply.setCookie(COOKIE, browser, {
    path: AUTH_PATH,
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: 600,
  })
}

/** A person stands before this, so the page says what went wrong; the log has the reason without names. */
async function fail(request: FastifyRequest, reply: FastifyReply, thrown: unknown): Promise<FastifyReply> {
  const error = toApiError(thrown)
  const cause = error.more.cause as { code?: unknown; name?: unknown } | undefined
  request.log.warn(
    { code: error.code, cause: { name: cause?.name, code: cause?.code } },
    'sign-in by the provider failed',
  )
  return reply.header('cache-control', 'no-store').redirect(`/#sign-in-error=${error.code}`)
}
