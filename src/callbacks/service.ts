import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import type { RoutingCore } from '../routing/core-port.js'
import { isRoutingError } from '../routing/errors.js'
import { afterAttempt } from './after-attempt.js'
import type { Bookings } from './bookings.js'
import { chooseCallerId } from './caller-id.js'
import { requireDialable } from './dialable.js'
import type { CallbackFiguresPort } from './figures-query.js'
import { createImport } from './import.js'
import type { AttemptResult, Callback } from './model.js'
import { planCallback, replan } from './plan.js'
import { policyOf } from './policy.js'
import type { CallbackStore } from './ports.js'
import { CallbackRefused } from './refused.js'
import type { CallbackService } from './service-port.js'
import { timeChoices } from './time-choices.js'
import { createWelfareSchedules } from './welfare-schedules.js'

const DAY_MS = 86_400_000
/** Promises further ahead than this are typing errors. */
const FURTHEST_MS = 366 * DAY_MS
/** Clocks of people and of the server differ by so much at most. */
const SKEW_MS = 60_000
/** So long after the end an agent may still say that it was no talk. */
const CORRECTION_MS = 30 * 60_000

export function createCallbackService(deps: {
  readonly postgres: Postgres
  readonly centre: CentrePort
  readonly store: CallbackStore
  readonly bookings: Bookings
  readonly figures: CallbackFiguresPort
  readonly routing: Pick<RoutingCore, 'leaveQueue'>
  readonly clock: Clock
  readonly sealing: Pick<Sealing, 'seal' | 'open'>
}): CallbackService {
  const { postgres, centre, store, bookings, figures, routing, clock, sealing } = deps

  const requireTime = (at: number | undefined, now: number): void => {
    if (at !== undefined && (at < now - SKEW_MS || at > now + FURTHEST_MS))
      throw new CallbackRefused('CTI_ERR_CALLBACK_TIME_INVALID')
  }

  const plan: CallbackService['plan'] = (ask, now) => {
    const { file } = centre.current()
    const { dialled, at, number, secondNumber, ...same } = ask
    if (!policyOf(file, ask.kind).on) throw new CallbackRefused('CTI_ERR_CALLBACK_KIND_OFF')
    if (!file.queues.some(({ id }) => id === ask.queue)) throw new CallbackRefused('CTI_ERR_QUEUE_NOT_FOUND')
    requireTime(at, now)
    const planned = planCallback(file, { kind: ask.kind, queue: ask.queue, at }, now)
    if (!planned) throw new CallbackRefused('CTI_ERR_CALLBACK_TIME_INVALID')
    const { moved, ownerUntil, ...times } = planned
    const input = {
      ...same,
      ...times,
      ownerUntil: ask.ownerAgent === undefined ? undefined : ownerUntil,
      number: requireDialable(file, number),
      secondNumber: secondNumber === undefined ? undefined : requireDialable(file, secondNumber),
      callerId: chooseCallerId(file, ask.queue, dialled),
    }
    return { input, moved }
  }

  const requestAll: CallbackService['requestAll'] = (inputs) => store.createAll(inputs, clock())

  return {
    ...store,
    bookings,
    schedules: createWelfareSchedules(postgres, sealing),
    figures,
    plan,
    requestAll,
    importTable: createImport({ postgres, centre, callbacks: { plan, requestAll }, clock }),
    timeChoices: (kind, queue) => timeChoices(centre.current().file, kind, queue, clock()),

    async request(ask) {
      const now = clock()
      const { input, moved } = plan(ask, now)
      if (ask.kind === 'booked') return { ...(await bookings.book({ ...input, slotAt: ask.at ?? now })), moved: false }
      return { ...(await store.create(input, now)), moved }
    },

    async reschedule(id, at, change) {
      const now = clock()
      const callback = await required(id)
      requireTime(at, now)
      if (callback.kind === 'booked') {
        const booked = await bookings.move(callback, at, change)
        if (booked.version !== callback.version) await letGo(callback, 'rescheduled', now)
        return { callback: booked, moved: false }
      }
      const planned = replan(centre.current().file, callback, at, now)
      if (!planned) throw new CallbackRefused('CTI_ERR_CALLBACK_TIME_INVALID')
      const next = await store.move(id, planned.move, now, change)
      await letGo(callback, 'rescheduled', now)
      return { callback: next, moved: planned.moved }
    },

    async cancel(id, word, change) {
      const now = clock()
      const callback = await required(id)
      const next = await store.move(id, { do: 'cancel', reason: word }, now, change)
      await letGo(callback, 'cancelled', now)
      return next
    },

    async outcome(id, outcome, change) {
      const now = clock()
      const callback = await required(id)
      const result: AttemptResult = outcome === 'reached' ? 'answered' : outcome
      const under = callback.state === 'dialing' || callback.state === 'connected'
      const told = callback.state === 'completed' && now - (callback.endedAt ?? 0) <= CORRECTION_MS
      if (callback.contactId === undefined || !(under || told))
        throw new CallbackRefused('CTI_ERR_CALLBACK_WRONG_STATE')
      if (told && result === 'answered') return callback
      if (under) await store.endAttempt(callback.contactId, result, now)
      else await store.correctAttempt(callback.contactId, result)
      const move = afterAttempt(centre.current().file, callback, await store.attempts(id), result, now)
      if (move === undefined) return callback
      if (under) return store.move(id, move, now, change)
      if (move.do !== 'miss' && move.do !== 'exhaust') return callback
      return store.move(id, { do: 'correct', to: move }, now, change)
    },
  }

  /**
   * The virtual contact leaves the routing core, so that nobody is offered it any more. Should that fail (Redis away, or the process dies
   * before): the claim before dialling is refused, because the row has moved.
   */
  async function letGo({ contactId }: Callback, why: string, now: number): Promise<void> {
    if (contactId === undefined) return
    try {
      await routing.leaveQueue(contactId, why, now)
    } catch (error) {
      if (!isRoutingError(error)) throw error
    }
  }

  async function required(id: string): Promise<Callback> {
    const callback = await store.get(id)
    if (!callback) throw new CallbackRefused('CTI_ERR_CALLBACK_NOT_FOUND')
    return callback
  }
}
