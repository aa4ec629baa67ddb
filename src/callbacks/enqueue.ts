import { queuePolicy } from '../centre/policies.js'
import type { CentrePort } from '../centre/schema.js'
import { around } from '../platform/fault.js'
import { newId } from '../platform/ids.js'
import type { RoutingCore } from '../routing/core-port.js'
import { queueRoutes } from '../routing/relax.js'
import { callbackContactId, citizenLegId } from './contact-id.js'
import { moveIfStill } from './fall-due.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'

const DEFAULT_RING_SECONDS = 15
/** How long a pair stays apart after a declined or missed offer, ms. */
const REJECT_MS = 30_000

export interface EnqueueDeps {
  readonly store: CallbackStore
  readonly routing: Pick<RoutingCore, 'queueContact'>
  readonly centre: CentrePort
  /** A PBX node whose server lives: the citizen is phoned from there. undefined: nobody could dial. */
  readonly node: () => Promise<string | undefined>
}

/**
 * The row says `queued` first, then the contact waits in the core: a process that dies in between leaves a row that the sweep finds, never a
 * contact that nobody knows. Until `ownerUntil` it waits for its owner alone. Neither the queue's limit nor its longest wait is for it.
 */
export function createEnqueue({ store, routing, centre, node }: EnqueueDeps): EnqueueCallback {
  return async (callback, now) => {
    const config = centre.current().file.queues.find(({ id }) => id === callback.queue)
    const at = await node()
    if (!config || at === undefined) return false
    const contactId = callbackContactId(newId())
    const enqueuedAt = callback.enqueuedAt ?? callback.dueAt
    const ownerMs = callback.ownerUntil === undefined ? 0 : Math.max(0, callback.ownerUntil - enqueuedAt)
    const owner = ownerMs > 0 ? callback.ownerAgent : undefined
    if (!(await moveIfStill(store, callback, { do: 'queue', contactId, enqueuedAt }, now))) return false
    await around('callback', 'enqueue', () =>
      routing.queueContact(
        {
          contactId,
          queue: callback.queue,
          channel: 'voice',
          priority: callback.priority,
          enqueuedAt,
          node: at,
          routes: queueRoutes(queuePolicy(config)),
          preferredAgent: owner,
          preferMs: owner === undefined ? undefined : ownerMs,
          ringMs: (config.ringSeconds ?? DEFAULT_RING_SECONDS) * 1000,
          rejectMs: REJECT_MS,
          created: {
            time: now,
            data: {
              channel: 'voice',
              direction: 'outbound',
              dialled: callback.callerId,
              caller: callback.number,
              node: at,
              channelId: citizenLegId(contactId),
            },
          },
        },
        now,
      ),
    )
    return true
  }
}
