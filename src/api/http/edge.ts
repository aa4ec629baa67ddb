import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ApiKeyAuth } from '../auth/api-keys.js'
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
  readonly apiKeyAuth: ApiKeyAuth
  readonly identify: Identify
}
