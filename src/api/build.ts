import jwt from '@fastify/jwt'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyServerOptions, LogController } from 'fastify'
import { newId } from '../platform/ids.js'
import { createAccessTokens } from './auth/access-token.js'
import { ApiKeyAuth } from './auth/api-keys.js'
import { SignInAttempts } from './auth/attempts.js'
import { EndedSessions } from './auth/ended-sessions.js'
import { OidcSignIn } from './auth/oidc.js'
import { createPasswordCheck } from './auth/password.js'
import { SecondFactor } from './auth/second-factor.js'
import { Sessions } from './auth/sessions.js'
import { fixedSecret, type SigningSecret } from './auth/signing-secret.js'
import { SpareSessions } from './auth/spare-sessions.js'
import { createIdentify, registerAccess } from './http/access.js'
import { registerActiveClient } from './http/active-client.js'
import { registerBoard } from './http/board.js'
import { answerClientError } from './http/client-error.js'
import type { Api, Edge } from './http/edge.js'
import { registerErrorHandling, sendProblem } from './http/errors.js'
import { registerFreeTextGuard } from './http/free-text.js'
import { registerIdempotency } from './http/idempotency.js'
import { registerHttpMetrics } from './http/metrics.js'
import { registerMomentGuard } from './http/moment-guard.js'
import { registerOpenApi } from './http/openapi.js'
import { registerPages } from './http/pages.js'
import { registerAccountRoutes } from './http/routes/account.js'
import { registerAgentRoutes } from './http/routes/agents.js'
import { registerApiKeyRoutes } from './http/routes/api-keys.js'
import { registerAuthRoutes } from './http/routes/auth.js'
import { registerBookingRoutes } from './http/routes/bookings.js'
import { registerCallbackChangeRoutes } from './http/routes/callback-changes.js'
import { registerCallbackFileRoutes } from './http/routes/callback-files.js'
import { registerCallbackRequestRoutes } from './http/routes/callback-requests.js'
import { registerCallbackRoutes } from './http/routes/callbacks.js'
import { registerCallRoutes } from './http/routes/calls.js'
import { registerCitizenRoutes } from './http/routes/citizens.js'
import { registerContactRoutes } from './http/routes/contacts.js'
import { registerOperationalRoutes } from './http/routes/health.js'
import { registerHelpRoutes } from './http/routes/help.js'
import { registerMeRoutes } from './http/routes/me.js'
import { registerMessageRoutes } from './http/routes/messages.js'
import { registerOidcRoutes } from './http/routes/oidc.js'
import { registerParkedCallsRoute } from './http/routes/parked-calls.js'
import { registerPlaceCallRoute } from './http/routes/place-call.js'
import { registerPrivacyRoutes } from './http/routes/privacy.js'
import { registerQueueRoutes } from './http/routes/queues.js'
import { registerRecordingControlRoutes } from './http/routes/recording-control.js'
import { registerRecordingRoutes } from './http/routes/recordings.js'
import { registerReservationRoutes } from './http/routes/reservations.js'
import { registerSupervisionRoutes } from './http/routes/supervision.js'
import { registerTicketRoutes } from './http/routes/tickets.js'
import { registerWebhookRoutes } from './http/routes/webhooks.js'
import { registerWelfareRoutes } from './http/routes/welfare.js'
import { registerSecurity } from './http/security.js'
import { DEFAULT_REFRESH_SECONDS } from './http/session-cookie.js'
import { keepTls, readTls } from './http/tls.js'
import { compileValidator } from './http/validation.js'
import type { ApiDeps } from './ports.js'
import { registerEvents } from './ws/route.js'

/** Largest request body, bytes. */
const BODY_LIMIT = 65_536
const ACCESS_SECONDS = 600

/**
 * Builds the HTTP and WebSocket edge; the caller listens and closes. Its journal subscription is made here: build it before whoever
 * rings phones subscribes, so that screens get the pop first.
 * @throws Error when the secret is too short or a route does not say who may use it
 */
export async function buildApi(deps: ApiDeps): Promise<Api> {
  const { options } = deps
  const secret = typeof options.jwtSecret === 'string' ? fixedSecret(options.jwtSecret) : options.jwtSecret
  const app = createFastify(deps)
  if (options.tls !== undefined) keepTls(app, options.tls)
  registerErrorHandling(app)
  await app.register(jwt, {
    secret: secret.current(),
    sign: { algorithm: 'HS256', iss: 'cti120', aud: deps.centreId },
    verify: { algorithms: ['HS256'], allowedIss: 'cti120', allowedAud: deps.centreId },
  })
  const edge = await createEdge(app, deps, secret)
  registerMomentGuard(app, deps.redis)
  registerAccess(app, edge.identify, deps.centre)
  registerHttpMetrics(app, deps.registry)
  await registerSecurity(app, options)
  registerFreeTextGuard(app)
  registerActiveClient(app, deps.routing)
  registerIdempotency(app, deps.redis, deps.centreId)
  await registerOpenApi(app)
  await registerEvents(app, edge)
  for (const register of ROUTES) register(app, edge)
  await registerBoard(app, edge)
  await registerPages(app, options.webDir, deps.centre)
  await app.ready()
  return app
}

const ROUTES = [
  registerOperationalRoutes,
  registerAuthRoutes,
  registerOidcRoutes,
  registerAccountRoutes,
  registerApiKeyRoutes,
  registerMeRoutes,
  registerReservationRoutes,
  registerContactRoutes,
  registerRecordingControlRoutes,
  registerRecordingRoutes,
  registerCallRoutes,
  registerParkedCallsRoute,
  registerSupervisionRoutes,
  registerPlaceCallRoute,
  registerHelpRoutes,
  registerMessageRoutes,
  registerQueueRoutes,
  registerAgentRoutes,
  registerCitizenRoutes,
  registerTicketRoutes,
  registerCallbackRoutes,
  registerCallbackRequestRoutes,
  registerCallbackChangeRoutes,
  registerCallbackFileRoutes,
  registerWelfareRoutes,
  registerBookingRoutes,
  registerWebhookRoutes,
  registerPrivacyRoutes,
]

function createFastify(deps: ApiDeps): Api {
  const app = Fastify({
    ...(deps.logger === undefined ? { logger: false } : { loggerInstance: deps.logger }),
    genReqId: () => newId(),
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 100 },
    trustProxy: deps.options.trustProxy === undefined ? false : [...deps.options.trustProxy],
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, error),
    clientErrorHandler: answerClientError,
    // Addresses may carry search words (a phone number): requests are logged by route, see http/metrics.ts.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    forceCloseConnections: true,
    ...(deps.options.tls && { https: readTls(deps.options.tls) }),
  } as FastifyServerOptions).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compileValidator)
  return app
}

async function createEdge(app: Api, deps: ApiDeps, secret: SigningSecret): Promise<Edge> {
  const { options, centre, clock } = deps
  const { redis, centreId } = deps
  const accessSeconds = options.accessSeconds ?? ACCESS_SECONDS
  const accessTokens = createAccessTokens(app, accessSeconds, secret)
  const endedSessions = new EndedSessions(redis, centreId, clock, 2 * accessSeconds * 1000)
  app.addHook('onListen', async () => endedSessions.start())
  app.addHook('onClose', async () => {
    endedSessions.stop()
    secret.stop()
  })
  const stableKey = options.refreshKey ?? secret.current()
  const attempts = new SignInAttempts(redis, centreId)
  const passwords = await createPasswordCheck()
  const secondFactor = new SecondFactor(deps.totp, clock)
  const apiKeyAuth = new ApiKeyAuth(deps.apiKeys, clock)
  const sessions = new Sessions({
    users: deps.users,
    refreshTokens: deps.refreshTokens,
    spares: new SpareSessions(deps.redis, deps.centreId, options.refreshSeconds ?? DEFAULT_REFRESH_SECONDS),
    signIns: deps.signIns,
    endedSessions,
    attempts,
    passwords,
    secondFactor,
    accessTokens,
    refreshSeconds: options.refreshSeconds ?? DEFAULT_REFRESH_SECONDS,
    secret: stableKey,
    centre: () => centre.current(),
    clock,
  })
  const oidc = options.oidc && new OidcSignIn(options.oidc, redis, centreId)
  const identify = createIdentify(accessTokens, apiKeyAuth, endedSessions)
  return { ...deps, sessions, stableKey, attempts, passwords, secondFactor, endedSessions, oidc, apiKeyAuth, identify }
}
