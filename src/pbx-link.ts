import type { Logger } from 'pino'
import { type AsteriskLink, createAsteriskLink } from './asterisk/link.js'
import type { Config } from './config.js'
import type { Clock } from './platform/clock.js'
import type { Metrics } from './platform/metrics.js'

/** The PBX link as the environment describes it, counting into the metrics registry. While `ready` says no, calls go on to the fallback at once. */
export function createPbxLink(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  clock: Clock,
  ready: () => boolean,
): AsteriskLink {
  return createAsteriskLink(
    {
      node: config.CTI_NODE,
      ari: {
        url: config.CTI_ARI_URL,
        user: config.CTI_ARI_USER,
        password: config.CTI_ARI_PASSWORD,
        rest: config.CTI_ARI_REST,
      },
      ami: {
        host: config.CTI_AMI_HOST,
        port: config.CTI_AMI_PORT,
        user: config.CTI_AMI_USER,
        password: config.CTI_AMI_PASSWORD,
      },
    },
    {
      logger,
      clock,
      ready,
      metrics: {
        unknownEvent: () => metrics.pbxUnknownEvents.inc(),
        malformed: () => metrics.pbxMalformed.inc(),
        reconnects: (link) => metrics.pbxReconnects.inc({ link }),
        restErrors: (_labels, status) => metrics.pbxRestErrors.inc({ status }),
        restLatency: ({ via }, ms) => metrics.pbxRestSeconds.observe({ way: via }, ms / 1000),
      },
    },
  )
}
