import type { Logger } from 'pino'
import { type AsteriskLink, createAsteriskLink } from './asterisk/link.js'
import type { Config } from './config.js'
import type { NodeConfig } from './config-nodes.js'
import type { Clock } from './platform/clock.js'
import type { Metrics } from './platform/metrics.js'

/** What the rest says to the link. */
export interface LinkRights {
  /** While it says no, new calls go on to the fallback at once. */
  ready(): boolean
  /** While it says no, no request goes out. */
  mayAct(): boolean
  /** Another process took the application. */
  onReplaced(): void
}

/** The link to a PBX node as the environment describes it, counting into the metrics registry. */
export function createPbxLink(
  node: NodeConfig,
  rest: Config['CTI_ARI_REST'],
  logger: Logger,
  metrics: Metrics,
  clock: Clock,
  rights: LinkRights,
): AsteriskLink {
  return createAsteriskLink(
    {
      node: node.name,
      ari: { url: node.ariUrl, user: node.ariUser, password: node.ariPassword, rest },
      ami: { host: node.amiHost, port: node.amiPort, user: node.amiUser, password: node.amiPassword },
    },
    {
      logger,
      clock,
      ...rights,
      metrics: {
        unknownEvent: () => metrics.pbxUnknownEvents.inc(),
        malformed: () => metrics.pbxMalformed.inc(),
        reconnects: (link) => metrics.pbxReconnects.inc({ link, node: node.name }),
        restErrors: (_labels, status) => metrics.pbxRestErrors.inc({ status }),
        restLatency: ({ via }, ms) => metrics.pbxRestSeconds.observe({ way: via }, ms / 1000),
      },
    },
  )
}
