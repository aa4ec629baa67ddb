import type { Centre, QueueConfig } from '../../centre/schema.js'
import type { AgentSnapshot, ContactSnapshot, QueueSnapshot } from '../../routing/model.js'
import type { Queue, QueueLive } from '../contracts/queues.js'
import { servingOf } from './agents.js'

/** The moment as routing.snapshot gives it. */
export interface Moment {
  readonly agents: readonly AgentSnapshot[]
  readonly contacts: readonly ContactSnapshot[]
  readonly queues: readonly QueueSnapshot[]
}

/** Queues of the centre file with their live figures. PURE. */
export function viewQueues(centre: Centre, moment: Moment): Queue[] {
  const serving = servingOf(centre)
  const live = new Map(moment.queues.map((queue) => [queue.queue, queue]))
  const talking = countBy(moment.contacts.filter(({ state }) => state === 'connected').map(({ queue }) => queue))
  const available = countBy(
    moment.agents
      .filter(({ presence }) => presence === 'available')
      .flatMap(({ agentId }) => serving.get(agentId) ?? []),
  )
  return centre.file.queues.map((queue) => {
    const now = live.get(queue.id)
    return viewQueue(queue, {
      waiting: now?.waiting ?? 0,
      oldest: now?.oldest,
      free: now?.free ?? 0,
      talking: talking.get(queue.id) ?? 0,
      agents: available.get(queue.id) ?? 0,
    })
  })
}

function viewQueue(queue: QueueConfig, live: QueueLive): Queue {
  return {
    id: queue.id,
    label: queue.label,
    requirement: { ...queue.requirement },
    priority: queue.priority ?? 50,
    relaxation: (queue.relaxation ?? []).map((step) => ({
      afterSeconds: step.afterSeconds,
      requirement: { ...step.requirement },
    })),
    serviceLevel: queue.serviceLevel,
    live,
  }
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
