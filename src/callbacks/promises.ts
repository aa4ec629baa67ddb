import type { CallbackOrder, DiallingPort } from '../calls/outbound/dialling-port.js'
import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import { numberToDial } from './after-attempt.js'
import { chooseCallerId } from './caller-id.js'
import { phoneHours } from './hours.js'
import { policyOf } from './policy.js'
import type { CallbackStore } from './ports.js'

const DIALLED: ReadonlySet<string> = new Set(['dialing', 'connected'])

/** What the live path asks of the promises, answered from the rows. */
export function createPromises(deps: {
  readonly store: CallbackStore
  readonly centre: CentrePort
  readonly clock: Clock
}): DiallingPort<CallbackOrder> {
  const { store, centre, clock } = deps
  return {
    async order(contactId) {
      const callback = await store.getByContact(contactId)
      if (!callback || callback.endedAt !== undefined) return undefined
      const { file } = centre.current()
      const attempts = await store.attempts(callback.id)
      const { number, second } = numberToDial(file, callback, attempts)
      const { first, ringMs } = policyOf(file, callback.kind)
      const { id: callbackId, kind, queue, priority, callerId } = callback
      return {
        what: 'callback',
        callbackId,
        contactId,
        kind,
        queue,
        priority,
        enqueuedAt: callback.enqueuedAt ?? callback.dueAt,
        number,
        second,
        // A number that the centre has given up since must not be shown.
        callerId: file.centre.callerIds.includes(callerId) ? callerId : chooseCallerId(file, queue),
        first,
        ringMs,
        notBefore: callback.dueAt,
        claimed: DIALLED.has(callback.state) || attempts.some((attempt) => attempt.contactId === contactId),
        about: {
          callbackId,
          kind,
          reason: callback.reason,
          requestedAt: callback.requestedAt,
          promisedAt: callback.promisedAt,
          attempts: callback.attempts,
          maxAttempts: callback.maxAttempts,
          ownerAgent: callback.ownerAgent,
          createdBy: callback.createdBy,
          sourceContactId: callback.sourceContactId,
          checklist: callback.checklist,
        },
      }
    },
    async claim({ contactId, second, kind, queue }, agentId, node) {
      // The hours may have ended while it was offered: no citizen's phone rings then, and the sweep moves it to the next opening.
      const now = clock()
      if (!phoneHours(centre.current().file, kind, queue).isOpen(now)) return { claimed: false, why: 'closed_hours' }
      return store.claim(contactId, { agentId, node, second }, now)
    },
  }
}
