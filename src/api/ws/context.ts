import type { FastifyBaseLogger } from 'fastify'
import type { CentrePort } from '../../centre/schema.js'
import type { JournalFeed } from '../../journal/ports.js'
import type { Clock } from '../../platform/clock.js'
import type { AccessLog } from '../../privacy/access-log-port.js'
import type { RoutingCore } from '../../routing/core-port.js'
import type { Identify } from '../http/access.js'
import type { ActiveClients } from './active-clients.js'
import type { RunCommand } from './command.js'
import type { EventLimits } from './limits.js'
import type { Moments } from './moments.js'
import type { Pops } from './pops.js'

/** What every socket of this instance shares. */
export interface EventsContext {
  readonly feed: JournalFeed
  readonly routing: RoutingCore
  readonly centre: CentrePort
  readonly identify: Identify
  readonly pops: Pops
  readonly moments: Moments
  readonly accessLog: AccessLog
  /** Was this session ended before its token has run out? */
  isEnded(sessionId: string): boolean
  readonly clock: Clock
  readonly limits: EventLimits
  readonly active: Pick<ActiveClients, 'greet' | 'takeOver'>
  readonly command: RunCommand
  readonly logger: FastifyBaseLogger
}
