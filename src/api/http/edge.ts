import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ApiKeyAuth } from '../auth/api-keys.js'
import type { SignInAttempts } from '../auth/attempts.js'
import type { EndedSessions } from '../auth/ended-sessions.js'
import type { OidcSignIn } from '../auth/oidc.js'
import type { PasswordCheck } from '../auth/password.js'
import type { SecondFactor } from '../auth/second-factor.js'
import type { Sessions } from '../auth/sessions.js'
import type { ApiDeps } from '../ports.js'
import type { Identify } from './access.js'

/** Fastify with the contracts as its types. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What the routes share. */
export interface Edge extends ApiDeps {
  readonly sessions: Sessions
  readonly attempts: SignInAttempts
  /** Signs what outlives a replaced signing secret; the same in every instance. */
  readonly stableKey: string
  readonly passwords: PasswordCheck
  readonly secondFactor: SecondFactor
  readonly endedSessions: EndedSessions
  /** Absent: nobody signs in by an identity provider. */
  readonly oidc: OidcSignIn | undefined
  readonly apiKeyAuth: ApiKeyAuth
  readonly identify: Identify
}
