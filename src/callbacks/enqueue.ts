import { queuePolicy } from '../centre/policies.js'
import type { CentrePort } from '../centre/schema.js'
import { newId } from '../platform/ids.js'
import type { RoutingCore } from '../routing/core-port.js'
import { queueRoutes } from '../routing/relax.js'
import { callbackContactId } from './contact-id.js'
import { moveIfStill } from './fall-due.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'

const DEFAULT_RING_SECONDS = 15
/** How long a pair stays apart after a declined or missed offer, ms. */
const REJECT_MS = 30_000

/**
 * The row says `queued` first, then the contact waits in the core: a process that dies in between leaves a row that the sweep finds, never a
 * contact that nobody knows. Until `ownerUntil` it waits for its owner alone.
 */
export function createEnqueue(deps: {
  readonly store: CallbackStore
  readonly routing: Pick<RoutingCore, 'queueContact'>
  readonly centre: CentrePort
}): EnqueueCallback {
  const { store, routing, centre } = deps
  return async (callback, now) => {
    const config = centre.current().file.queues.find(({ id }) => id === callback.queue)
    if (!config) return
    const contactId = callbackContactId(newId())
    const enqueuedAt = callback.enqueuedAt ?? callback.dueAt
    if (!(await moveIfStill(store, callback, { do: 'queue', contactId, enqueuedAt }, now))) return
    const ownerMs = callback.ownerUntil === undefined ? 0 : Math.max(0, callback.ownerUntil - enqueuedAt)
    const owner = ownerMs > 0 ? callback.ownerAgent : undefined
    await routing.queueContact(
      {
        contactId,
        queue: callback.queue,
        channel: 'voice',
        priority: callback.priority,
        enqueuedAt,
        routes: queueRoutes(queuePolicy(config)),
        preferredAgent: owner,
        preferMs: owner === undefined ? undefined : ownerMs,
        ringMs: (config.ringSeconds ?? DEFAULT_RING_SECONDS) * 1000,
        rejectMs: REJECT_MS,
      },
      now,
    )
  }
}
