import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.js'
import { NotOwnerError } from '../platform/fence.js'
import type { RoutingCore } from '../routing/core-port.js'
import { isRoutingError } from '../routing/errors.js'
import type { DeviceState } from '../routing/model.js'
import type { Roster } from './roster.js'

/** Phones of one PBX node. */
export interface DeviceReports {
  changed(endpoint: string, state: DeviceState): void
  /** Says it all again, after the roster changed. */
  replay(): void
  /**
   * The node cannot be reached: phones that are up there alone are down, whatever was heard last. What comes until `found` is not believed.
   * Asking again is harmless, and right when Redis was away. @throws what the routing core throws
   */
  lost(): Promise<void>
  /** The node is back; its phones are told anew. @returns false when it was not lost */
  found(): boolean
  /** Nothing is repeated any more. */
  close(): void
}

/** A state that Redis refused (full, its replica away) is told again after so long (ms). */
const RETRY_MS = 1_000

/** What the PBX tells of a phone becomes the agent's device state in the routing core; the last word for each phone wins. */
export function createDevices(deps: {
  node: string
  routing: RoutingCore
  roster: Roster
  clock: Clock
  logger: Logger
}): DeviceReports {
  const { node, routing, roster, clock, logger } = deps
  const last = new Map<string, DeviceState>()
  let isLost = false
  const telling = new Set<string>()
  const again = new Set<string>()
  const retries = new Map<string, NodeJS.Timeout>()
  let closed = false
  const send = async (endpoint: string): Promise<void> => {
    const [agentId, state] = [roster.agentOfDevice(endpoint), last.get(endpoint)]
    if (agentId === undefined || state === undefined) return
    await routing.setDevice(agentId, state, clock(), node).catch((error: unknown) => {
      logger.warn({ agentId, err: error }, 'device state could not be kept')
      // An agent that the core does not have, or a node that is another's, is no matter of time.
      if (!isRoutingError(error) && !(error instanceof NotOwnerError)) later(endpoint)
    })
  }
  const later = (endpoint: string): void => {
    if (closed || retries.has(endpoint)) return
    const timer = setTimeout(() => {
      retries.delete(endpoint)
      tell(endpoint)
    }, RETRY_MS)
    retries.set(endpoint, timer)
  }
  /** One word at a time for each phone: however often it comes and goes while Redis is away, one command waits. */
  const tell = (endpoint: string): void => {
    if (telling.has(endpoint)) {
      again.add(endpoint)
      return
    }
    telling.add(endpoint)
    void send(endpoint).then(() => {
      telling.delete(endpoint)
      if (again.delete(endpoint)) tell(endpoint)
    })
  }
  return {
    changed(endpoint, state) {
      if (isLost) return
      last.set(endpoint, state)
      tell(endpoint)
    },
    replay() {
      for (const endpoint of last.keys()) tell(endpoint)
    },
    async lost() {
      isLost = true
      last.clear()
      for (const { agentId, deviceNodes } of await routing.listAgents()) {
        if (deviceNodes?.includes(node)) await routing.setDevice(agentId, 'down', clock(), node)
      }
    },
    found() {
      const was = isLost
      isLost = false
      return was
    },
    close() {
      closed = true
      for (const timer of retries.values()) clearTimeout(timer)
    },
  }
}
