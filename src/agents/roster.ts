import type { Logger } from 'pino'
import { queuePolicies } from '../centre/policies.js'
import type { Centre, CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import { isRoutingError } from '../routing/errors.js'
import { agentRoutes } from '../routing/rank.js'
import type { Floor } from './floor.js'
import type { AgentMemory } from './memory.js'
import { planRestore, type RestoreStep } from './restore-plan.js'

/**
 * Keeps the routing core's agents in step with the centre file: routes they serve, people who came or left. Runs at start and
 * at every apply; any instance may, the same version twice changes nothing.
 */
export interface Roster {
  start(): Promise<void>
  /**
   * Redis lost what it held, or its last moment: agents come back as this instance saw them last (restore-plan.ts), and the floor is
   * read anew. Phones of those whom Redis had forgotten stay down until they are told again (devices.replay), so that nobody is offered a
   * call before talks are known.
   * @throws what the routing core throws
   */
  rebuild(): Promise<void>
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
  memory: AgentMemory
  clock: Clock
  logger: Logger
}): Roster {
  const { centre, routing, floor, memory, clock, logger } = deps
  let byDevice = new Map<string, string>()
  const applied = new Set<() => void>()
  let unsubscribe: (() => void) | undefined
  let running: Promise<void> = Promise.resolve()

  const putInForce = async (now: Centre): Promise<void> => {
    const policies = queuePolicies(now.file)
    const devices = new Map<string, string>()
    const serving = new Map<string, string[]>()
    for (const agent of now.file.agents) {
      const routes = agentRoutes(agent.skills, policies)
      if (agent.device !== undefined) devices.set(agent.device, agent.id)
      serving.set(agent.id, [...new Set(routes.map((r) => r.route.slice(0, r.route.lastIndexOf('/'))))])
      await routing.setUpAgent(
        { agentId: agent.id, routes, configVersion: now.version, presence: memory.get(agent.id).presence },
        clock(),
      )
    }
    byDevice = devices
    floor.setServing(serving)
    for (const known of await routing.listAgents()) {
      if (!serving.has(known.agentId)) await routing.removeAgent(known.agentId, clock())
    }
    logger.info({ version: now.version, agents: serving.size, queues: policies.length }, 'centre file in force')
  }

  const applyCentre = async (now: Centre): Promise<void> => {
    await putInForce(now)
    for (const listener of applied) listener()
  }

  const follow = (now: Centre): void => {
    running = running
      .then(() => applyCentre(now))
      .catch((error: unknown) =>
        logger.error({ err: error, version: now.version }, 'centre file could not be put in force'),
      )
  }

  const readFloor = async (): Promise<void> => {
    const { agents, contacts } = await routing.snapshot([])
    floor.seed(agents)
    memory.seed(agents, contacts)
  }

  const restore = async (): Promise<void> => {
    const { agents, contacts } = await routing.snapshot([])
    const byId = new Map(contacts.map((contact) => [contact.contactId, contact]))
    for (const agent of agents) {
      const remembered = memory.get(agent.agentId)
      const { work } = remembered
      const contact = work?.work === 'wrapping' ? byId.get(work.contactId) : undefined
      const now = clock()
      for (const step of planRestore(agent, remembered, contact, now)) {
        logger.info({ agentId: agent.agentId, step: step.do }, 'agent restored')
        // Another instance was faster, or the agent itself: what the core says counts.
        await takeRestoreStep(routing, step, now).catch((err: unknown) => {
          if (!isRoutingError(err)) throw err
        })
      }
    }
  }

  return {
    async start() {
      await applyCentre(centre.current())
      await readFloor()
      unsubscribe = centre.onChange(follow)
    },
    async rebuild() {
      await running
      await putInForce(centre.current())
      await restore()
      await readFloor()
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

async function takeRestoreStep(routing: RoutingCore, step: RestoreStep, now: number): Promise<void> {
  switch (step.do) {
    case 'wrap_up':
      // A process that dies in between leaves a talk without channels, which recovery ends.
      await routing.restoreTalk(step.talk, now)
      await routing.endTalk(step.talk.contactId, step.wrapMs, step.endedBy, now)
      return
    case 'end_talk':
      await routing.endTalk(step.contactId, step.wrapMs, step.endedBy, now)
      return
    case 'stop_offers':
      return routing.stopOffers(step.agentId, step.reason, now)
    case 'presence':
      await routing.setPresence(step.agentId, step.presence, step.breakReason, now, { ifVersion: step.ifVersion })
  }
}
