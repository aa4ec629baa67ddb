import type { Logger } from 'pino'
import { queuePolicies } from '../centre/policies.js'
import type { Centre, CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import { agentRoutes } from '../routing/rank.js'
import type { Floor } from './floor.js'

/**
 * Keeps the routing core's agents in step with the centre file: routes they serve, people who came or left. Runs at start and
 * at every apply; any instance may, the same version twice changes nothing.
 */
export interface Roster {
  start(): Promise<void>
  close(): void
  /** Called after a new centre file was put in force here. @returns stops listening */
  onApplied(listener: () => void): () => void
  /** The agent whose phone this is. */
  agentOfDevice(endpoint: string): string | undefined
}

export function createRoster(deps: {
  centre: CentrePort
  routing: RoutingCore
  floor: Floor
  clock: Clock
  logger: Logger
}): Roster {
  const { centre, routing, floor, clock, logger } = deps
  let byDevice = new Map<string, string>()
  const applied = new Set<() => void>()
  let unsubscribe: (() => void) | undefined
  let running: Promise<void> = Promise.resolve()

  const applyCentre = async (now: Centre): Promise<void> => {
    const policies = queuePolicies(now.file)
    const devices = new Map<string, string>()
    const serving = new Map<string, string[]>()
    for (const agent of now.file.agents) {
      const routes = agentRoutes(agent.skills, policies)
      if (agent.device !== undefined) devices.set(agent.device, agent.id)
      serving.set(agent.id, [...new Set(routes.map((r) => r.route.slice(0, r.route.lastIndexOf('/'))))])
      await routing.setUpAgent({ agentId: agent.id, routes, configVersion: now.version }, clock())
    }
    byDevice = devices
    floor.setServing(serving)
    for (const known of await routing.listAgents()) {
      if (!serving.has(known.agentId)) await routing.removeAgent(known.agentId, clock())
    }
    for (const listener of applied) listener()
    logger.info({ version: now.version, agents: serving.size, queues: policies.length }, 'centre file in force')
  }

  const follow = (now: Centre): void => {
    running = running
      .then(() => applyCentre(now))
      .catch((error: unknown) =>
        logger.error({ err: error, version: now.version }, 'centre file could not be put in force'),
      )
  }

  return {
    async start() {
      await applyCentre(centre.current())
      floor.seed(await routing.listAgents())
      unsubscribe = centre.onChange(follow)
    },
    close() {
      unsubscribe?.()
    },
    onApplied(listener) {
      applied.add(listener)
      return () => applied.delete(listener)
    },
    agentOfDevice: (endpoint) => byDevice.get(endpoint),
  }
}
