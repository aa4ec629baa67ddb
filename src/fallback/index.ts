import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import { FallbackMembers } from './members.js'
import type { MemberStep } from './members-plan.js'
import type { FallbackPort } from './port.js'
import { ReadBack, type ReadBackDeps } from './read-back.js'

/** Both directions between the server and the PBX's fallback queue: who is to ring there, and what was done there. */
export interface Fallback {
  /** Works from the PBX's next `onUp` on. */
  start(): void
  /** Somebody signed in or out, or their phones changed. */
  membersChanged(): void
  close(): void
}

export interface FallbackDeps {
  readonly port: FallbackPort
  readonly node: string
  readonly routing: RoutingCore
  readonly journal: JournalWriter
  readonly centre: CentrePort
  readonly clock: Clock
  readonly logger: Logger
  readonly agentOfDevice: ReadBackDeps['agentOfDevice']
  readonly normaliseNumber: ReadBackDeps['normaliseNumber']
  readonly metrics: { memberStep(step: MemberStep['do']): void; read: ReadBackDeps['onRead'] }
}

export function createFallback(deps: FallbackDeps): Fallback {
  const { port, metrics } = deps
  const members = new FallbackMembers({ ...deps, onStep: metrics.memberStep })
  const readBack = new ReadBack({ ...deps, onRead: metrics.read })
  let stop = (): void => {}
  return {
    start() {
      stop = port.onUp(() => {
        members.changed()
        readBack.start()
      })
      members.start()
    },
    membersChanged: () => members.changed(),
    close() {
      stop()
      members.close()
      readBack.close()
    },
  }
}
