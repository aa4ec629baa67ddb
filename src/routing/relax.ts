import { AGEING_FLOOR, AGEING_STEP_MS, type ContactRoute, type QueuePolicy, type RouteId } from './model.js'

/** Width of one band in a score; more than any epoch-ms time with its ageing (about 1.8e12) and 100 bands stay below 2^53. */
export const BAND = 4e12

/** Route of a queue at one relaxation step; step 0 is the unrelaxed requirement. */
export function routeId(queue: string, step: number): RouteId {
  return `${queue}/${step}`
}

/** Route in which contacts wait for exactly this agent. */
export function personalRoute(agentId: string): RouteId {
  return `@${agentId}`
}

/** The routes that a contact of this queue waits in, with the delays (ms after it was enqueued). */
export function queueRoutes(policy: QueuePolicy): ContactRoute[] {
  return policy.steps.map((step, index) => ({ route: routeId(policy.id, index), afterMs: step.afterMs }))
}

/**
 * The routes in the order in which a contact uses them: fewest relaxations first. A preferred agent's personal route is
 * first and counts at once; every general route is then delayed by `preferMs` (domain.md section 4 "Sticky").
 */
export function contactRoutes(
  routes: readonly ContactRoute[],
  preferredAgent: string | undefined,
  preferMs: number,
): ContactRoute[] {
  const general = [...routes].sort((a, b) => a.afterMs - b.afterMs)
  if (preferredAgent === undefined) return general
  return [
    { route: personalRoute(preferredAgent), afterMs: 0 },
    ...general.map(({ route, afterMs }) => ({ route, afterMs: afterMs + preferMs })),
  ]
}

/**
 * A contact's place: the lowest score is taken first. Priorities below AGEING_FLOOR are bands of their own, always ahead
 * and FIFO inside; from the floor on, one step of priority is worth AGEING_STEP_MS of waiting. Ageing is linear in time for
 * everybody, so the order is known when the contact is enqueued and never has to be recomputed.
 * @param priority 0 (most urgent) to 99
 * @param enqueuedAt epoch ms
 */
export function contactScore(priority: number, enqueuedAt: number): number {
  if (priority < AGEING_FLOOR) return priority * BAND + enqueuedAt
  return AGEING_FLOOR * BAND + enqueuedAt + (priority - AGEING_FLOOR) * AGEING_STEP_MS
}

/** An agent's place among the free ones of a route is this plus idleSince: higher rank first, then longest idle. */
export function rankScore(rank: number): number {
  return (100 - rank) * BAND
}
