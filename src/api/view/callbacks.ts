import type {
  CallbackAttempt as Attempt,
  Callback as CallbackRecord,
  CallbackChange as Change,
} from '../../callbacks/model.js'
import { riskOf } from '../../callbacks/risk.js'
import type { ScheduleRecord } from '../../callbacks/welfare-schedules.js'
import { maskNumber, maskText } from '../../context/mask.js'
import type { Callback, CallbackAttempt, CallbackChange, CallbackFacts } from '../contracts/callbacks.js'
import type { WelfareSchedule } from '../contracts/welfare.js'

/** Call-backs as the API shows them: times in RFC 3339, masked for a reader without `pii:read`. PURE. */

export const instant = (at: number): string => new Date(at).toISOString()
const maybe = (at: number | undefined): string | undefined => (at === undefined ? undefined : instant(at))

export function showCallback(callback: CallbackRecord, now: number, unmasked: boolean): Callback {
  const number = (given: string) => (unmasked ? given : maskNumber(given))
  const text = (given: string) => (unmasked ? given : maskText(given))
  const { enqueuedAt: _place, priority: _band, checklist, ...same } = callback
  return {
    ...same,
    risk: riskOf(callback, now),
    number: number(callback.number),
    secondNumber: callback.secondNumber === undefined ? undefined : number(callback.secondNumber),
    reason: callback.reason === undefined ? undefined : text(callback.reason),
    checklist: checklist?.map((item) => (item.answer === undefined ? item : { ...item, answer: text(item.answer) })),
    ownerUntil: maybe(callback.ownerUntil),
    requestedAt: instant(callback.requestedAt),
    promisedAt: instant(callback.promisedAt),
    firstPromisedAt: instant(callback.firstPromisedAt),
    dueAt: instant(callback.dueAt),
    expiresAt: maybe(callback.expiresAt),
    firstAttemptAt: maybe(callback.firstAttemptAt),
    endedAt: maybe(callback.endedAt),
    slotAt: maybe(callback.slotAt),
  }
}

export function showAttempt(attempt: Attempt): CallbackAttempt {
  return {
    ...attempt,
    claimedAt: instant(attempt.claimedAt),
    answeredAt: maybe(attempt.answeredAt),
    endedAt: maybe(attempt.endedAt),
  }
}

export function showChange(change: Change, unmasked: boolean): CallbackChange {
  return {
    at: instant(change.at),
    by: change.by,
    change: change.change,
    reason: change.reason === undefined || unmasked ? change.reason : maskText(change.reason),
    before: facts(change.before),
    after: facts(change.after),
  }
}

/** What the history keeps of a row (callbacks/row-lock.ts); the answers of a checklist stay where they are. */
function facts(kept: unknown): CallbackFacts | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const { state, dueAt, promisedAt, ownerAgent, slotAt } = kept as Pick<
    CallbackRecord,
    'state' | 'dueAt' | 'promisedAt' | 'ownerAgent' | 'slotAt'
  >
  return { state, dueAt: instant(dueAt), promisedAt: instant(promisedAt), ownerAgent, slotAt: maybe(slotAt) }
}

export function showSchedule(schedule: ScheduleRecord, unmasked: boolean): WelfareSchedule {
  const { number, secondNumber, note, days, checklist, ...same } = schedule
  return {
    ...same,
    days: [...days] as WelfareSchedule['days'],
    checklist: checklist.map(({ id, label }) => ({ id, label })),
    number: unmasked ? number : maskNumber(number),
    secondNumber: secondNumber === undefined || unmasked ? secondNumber : maskNumber(secondNumber),
    note: note === undefined || unmasked ? note : maskText(note),
  }
}
