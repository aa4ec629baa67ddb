import type { QueuePolicy } from '../routing/model.js'
import type { CentreFile, QueueConfig } from './schema.js'

/** The queues of a centre file in the routing core's words. PURE. */
export function queuePolicies(file: CentreFile): QueuePolicy[] {
  return file.queues.map(queuePolicy)
}

export function queuePolicy(queue: QueueConfig): QueuePolicy {
  const later = (queue.relaxation ?? []).map((step) => ({
    afterMs: step.afterSeconds * 1000,
    requirement: step.requirement,
  }))
  return { id: queue.id, channel: 'voice', steps: [{ afterMs: 0, requirement: queue.requirement }, ...later] }
}
