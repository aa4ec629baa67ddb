import type { Logger } from 'pino'
import { fixedSecret, watchSecret } from './api/auth/signing-secret.js'
import type { ApiOptions } from './api/ports.js'
import type { Config } from './config.js'
import type { Clock } from './platform/clock.js'
import type { Sealing } from './platform/sealing.js'

/** An access token and the grace that sockets have, with room to spare (ms): so long a replaced secret still counts. */
const TOKEN_LIFE_MS = 15 * 60_000

/** How the edge is reached and who may sign in, from the environment. */
export function edgeOptions(
  config: Config,
  deps: { readonly sealing: Sealing; readonly clock: Clock; readonly logger: Logger },
): ApiOptions {
  const { CTI_JWT_SECRET: initial, CTI_TLS_CERT_FILE: certFile, CTI_TLS_KEY_FILE: keyFile } = config
  const file = config.CTI_JWT_SECRET_FILE
  return {
    jwtSecret:
      file === undefined ? fixedSecret(initial) : watchSecret({ file, initial, keepMs: TOKEN_LIFE_MS, ...deps }),
    refreshKey: deps.sealing.derive('refresh tokens').toString('hex'),
    corsOrigins: config.CTI_CORS_ORIGINS?.split(','),
    ...(certFile !== undefined && keyFile !== undefined && { tls: { certFile, keyFile } }),
    oidc: oidcOf(config),
    events: { clientGraceMs: config.CTI_CLIENT_GRACE_SECONDS * 1000 },
  }
}

function oidcOf(config: Config): ApiOptions['oidc'] {
  const { CTI_OIDC_ISSUER: issuer, CTI_OIDC_CLIENT_ID: clientId, CTI_OIDC_REDIRECT_URL: redirectUrl } = config
  if (issuer === undefined || clientId === undefined || redirectUrl === undefined) return undefined
  return {
    issuer,
    clientId,
    redirectUrl,
    clientSecret: config.CTI_OIDC_CLIENT_SECRET,
    claim: config.CTI_OIDC_CLAIM,
    scope: config.CTI_OIDC_SCOPE,
    label: config.CTI_OIDC_LABEL,
  }
}
