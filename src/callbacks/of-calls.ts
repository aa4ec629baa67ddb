import type { Logger } from 'pino'
import type { CallbackPort, HoldOffer, HoldRequest } from '../calls/callback-port.js'
import type { CentreFile, CentrePort } from '../centre/schema.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { RoutingCore } from '../routing/core-port.js'
import { isRoutingError } from '../routing/errors.js'
import { chooseCallerId } from './caller-id.js'
import { phoneHours } from './hours.js'
import type { CallbackMove } from './machine.js'
import type { Callback } from './model.js'
import { isPhoneable } from './phoneable.js'
import { planCallback } from './plan.js'
import { policyOf, queuePriority } from './policy.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'

/** Queues more urgent than this (disaster, crisis) send nobody away to be phoned later. */
const NEVER_BELOW = 20

/** What a live call may ask of the promises (calls/callback-port.ts). */
export function createCallbacksOfCalls(deps: {
  readonly store: CallbackStore
  readonly enqueue: EnqueueCallback
  readonly routing: Pick<RoutingCore, 'leaveQueue'>
  readonly centre: CentrePort
  readonly logger: Pick<Logger, 'warn'>
}): CallbackPort {
  const { store, enqueue, routing, centre, logger } = deps

  /** @returns the row after the move; undefined: it has none from where it stands */
  const move = async (id: string, to: CallbackMove, now: number): Promise<Callback | undefined> => {
    try {
      return await store.move(id, to, now, { by: 'citizen' })
    } catch (error) {
      if (error instanceof StoreError && OVER.has(error.code)) return undefined
      throw error
    }
  }

  /** What waits in the core for it goes, and with it whoever is phoning. */
  const stop = async ({ contactId }: Callback, reason: string, now: number): Promise<void> => {
    if (contactId === undefined) return
    try {
      await routing.leaveQueue(contactId, reason, now)
    } catch (error) {
      if (!isRoutingError(error)) throw error
    }
  }

  /** The place is taken at once. Should that fail, the promise stands all the same and the sweep finds it. */
  const takePlace = async (callback: Callback, now: number): Promise<void> => {
    try {
      const due =
        callback.state === 'requested'
          ? await store.move(callback.id, { do: 'fall_due' }, now, { by: 'system' })
          : callback
      if (due.state === 'due') await enqueue(due, now)
    } catch (err) {
      logger.warn({ err, callbackId: callback.id }, 'a virtual hold is queued by the next sweep')
    }
  }

  return {
    offerFor: (queue, number, now) => offerFor(centre.current().file, queue, number, now),

    async hold(request, now) {
      const { file } = centre.current()
      const { contactId, queue, number, priority, enqueuedAt } = request
      const planned = planCallback(file, { kind: 'virtual_hold', queue, priority }, now)
      if (!planned || planned.moved) return undefined
      const { callback } = await store.create(
        {
          kind: 'virtual_hold',
          queue,
          number,
          callerId: chooseCallerId(file, queue, request.dialled),
          citizenId: request.citizenId,
          sourceContactId: contactId,
          priority: planned.priority,
          enqueuedAt,
          dueAt: request.busyUntil,
          promisedAt: Math.max(planned.promisedAt, request.busyUntil),
          expiresAt: planned.expiresAt,
          maxAttempts: planned.maxAttempts,
          requestKey: holdKey(request),
          createdBy: 'citizen',
        },
        now,
      )
      // Something else is promised to this number in this queue, for another time: that would be no answer to who waits now.
      if (callback.kind !== 'virtual_hold' || callback.sourceContactId !== contactId) return undefined
      if (callback.endedAt !== undefined) return undefined
      await takePlace(callback, now)
      return callback.id
    },

    async supersede(callbackId, contactId, now) {
      const before = await store.get(callbackId)
      // A second time, after a Redis that was away: the row is right, the core may not be.
      const row =
        before?.supersededBy === contactId ? before : await move(callbackId, { do: 'supersede', by: contactId }, now)
      if (!row) return
      if (row.contactId !== undefined) await store.endAttempt(row.contactId, 'superseded', now)
      await stop(row, 'superseded', now)
    },

    async cancel(callbackId, now) {
      const row = await move(callbackId, { do: 'cancel', reason: 'by_citizen' }, now)
      if (row) await stop(row, 'cancelled', now)
      return row !== undefined
    },
  }
}

const OVER: ReadonlySet<string> = new Set(['CTI_ERR_CALLBACK_WRONG_STATE', 'CTI_ERR_CALLBACK_NOT_FOUND'])

const holdKey = ({ contactId }: HoldRequest): string => `hold:${contactId}`

/** PURE. Nobody is offered what could not be kept: a number that can be phoned, at an hour at which that is allowed. */
export function offerFor(
  file: CentreFile,
  queue: string,
  number: string | undefined,
  now: number,
): HoldOffer | undefined {
  const policy = policyOf(file, 'virtual_hold')
  if (!policy.on || number === undefined || !isPhoneable(number)) return undefined
  if (queuePriority(file, queue) < NEVER_BELOW) return undefined
  if (!phoneHours(file, 'virtual_hold', queue).isOpen(now)) return undefined
  return { afterMs: policy.offerAfterMs, key: policy.key }
}
