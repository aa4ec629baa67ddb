import type { QueueContact } from './model.js'
import { contactRoutes } from './relax.js'

/** How a contact waits, as the scripts take it: plan and pairs apart (include/load.lua), further members of contact.queued. */
export function waitArgs(c: Omit<QueueContact, 'channel'>): { plan: string; apart: string; more: string } {
  const endOfWait = c.maxWaitMs === undefined ? 0 : c.enqueuedAt + c.maxWaitMs
  const routes = contactRoutes(c.routes, c.preferredAgent, c.preferMs ?? 0)
  const plan = [c.ringMs, c.rejectMs, endOfWait, ...routes.flatMap(({ route, afterMs }) => [route, afterMs])]
  const excluded = c.excluded ?? []
  return {
    plan: JSON.stringify(plan),
    apart: excluded.length === 0 ? '' : JSON.stringify(Object.fromEntries(excluded.map((agent) => [agent, 0]))),
    more:
      (c.preferredAgent === undefined ? '' : `,"preferredAgent":"${c.preferredAgent}"`) +
      (c.facts === undefined ? '' : `,"facts":${JSON.stringify(c.facts)}`),
  }
}
