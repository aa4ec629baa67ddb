import type { Logger } from 'pino'
import type { Floor } from '../agents/floor.js'
import type { CentrePort } from '../centre/schema.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import type { CallMetrics } from './call-metrics.js'
import type { CallbackPort } from './callback-port.js'
import type { DeadMan } from './dead-man.js'
import type { LookUps } from './look-ups.js'
import type { TelephonyPort } from './telephony-port.js'

/** Everything the live calls of one instance work with. */
export interface CallWorld {
  readonly telephony: TelephonyPort
  readonly routing: RoutingCore
  readonly journal: JournalWriter
  readonly lookUps: LookUps
  readonly callbacks: CallbackPort
  readonly centre: CentrePort
  readonly floor: Floor
  readonly deadMan: DeadMan
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: CallMetrics
  /** Number as dialled by people -> one spelling; undefined when withheld. */
  readonly normaliseNumber: (raw: string | undefined) => string | undefined
}
