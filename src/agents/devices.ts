import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import type { Roster } from './roster.js'

/** What the PBX tells of a phone becomes the agent's device state in the routing core; the last word for each phone wins. */
export function createDevices(deps: { routing: RoutingCore; roster: Roster; clock: Clock; logger: Logger }): {
  changed(endpoint: string, state: 'up' | 'down'): void
  /** Says it all again, after the roster changed. */
  replay(): void
} {
  const { routing, roster, clock, logger } = deps
  const last = new Map<string, 'up' | 'down'>()
  const tell = (endpoint: string, state: 'up' | 'down'): void => {
    const agentId = roster.agentOfDevice(endpoint)
    if (agentId === undefined) return
    routing
      .setDevice(agentId, state, clock())
      .catch((error: unknown) => logger.warn({ agentId, err: error }, 'device state could not be kept'))
  }
  return {
    changed(endpoint, state) {
      last.set(endpoint, state)
      tell(endpoint, state)
    },
    replay() {
      for (const [endpoint, state] of last) tell(endpoint, state)
    },
  }
}
