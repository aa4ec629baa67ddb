import { DateTime } from 'luxon'
import type { CentreFile } from '../centre/schema.js'
import { addOpenTime, nextOpening, type PhoneHours, phoneHours } from './hours.js'
import type { CallbackMove } from './machine.js'
import type { Callback, CallbackKind } from './model.js'
import { corePriority, type KindPolicy, policyOf } from './policy.js'

/** What somebody asks for. Times epoch ms. */
export interface Wanted {
  readonly kind: CallbackKind
  readonly queue: string
  /** agent_promised: the promised time; booked: begin of the slot; welfare: time of the call; others: now. */
  readonly at?: number
  /** virtual_hold: the caller's own priority in the queue, which is kept. */
  readonly priority?: number
  /** virtual_hold: expected wait, ms; the promise leaves room for twice as much. */
  readonly expectedWaitMs?: number
}

/** The times and limits of a promise, as NewCallback has them. */
export interface Planned {
  readonly dueAt: number
  readonly promisedAt: number
  readonly expiresAt: number
  readonly ownerUntil?: number
  readonly priority: number
  readonly maxAttempts: number
  /** The wanted time lies in closed hours: it was moved to the next opening, and this is to be shown. */
  readonly moved: boolean
}

/**
 * When a promise is due, until when it is promised and when it is given up. PURE. A time in closed hours moves to the next opening and the
 * promise with it; the promise's room counts open time only. dueAt <= promisedAt < expiresAt, always.
 * @returns undefined when the hours never open
 */
export function planCallback(file: CentreFile, wanted: Wanted, now: number): Planned | undefined {
  const policy = policyOf(file, wanted.kind)
  const hours = phoneHours(file, wanted.kind, wanted.queue)
  const times = timesOf(policy, hours, wanted, now)
  if (!times) return undefined
  return {
    ...times,
    expiresAt: expiryOf(policy, hours, times.promisedAt),
    priority: wanted.priority ?? corePriority(file, wanted.kind, wanted.queue),
    maxAttempts: policy.tries,
  }
}

/**
 * Another time for a call-back (a person's wish, with a reason). PURE.
 * @returns the move and whether closed hours moved the time; undefined when the hours never open
 */
export function replan(
  file: CentreFile,
  callback: Callback,
  at: number,
  now: number,
): { readonly move: CallbackMove & { readonly do: 'schedule' }; readonly moved: boolean } | undefined {
  const planned = planCallback(file, { kind: callback.kind, queue: callback.queue, at }, now)
  if (!planned) return undefined
  const { dueAt, promisedAt, expiresAt, ownerUntil, moved } = planned
  return { move: { do: 'schedule', dueAt, promisedAt, expiresAt, ownerUntil }, moved }
}

/**
 * It is due but nobody may be phoned now: the move to the next opening, with as much room for the promise as it has now, at least as much as
 * the policy gives. PURE. One that was tried, or that belongs to its day, is given up when the next opening comes too late for it.
 * @returns undefined when the citizen may be phoned, and when the hours never open
 */
export function postpone(file: CentreFile, callback: Callback, now: number): CallbackMove | undefined {
  const hours = phoneHours(file, callback.kind, callback.queue)
  if (hours.isOpen(now)) return undefined
  const dueAt = nextOpening(hours, now)
  if (dueAt === undefined) return undefined
  const policy = policyOf(file, callback.kind)
  const tried = callback.firstAttemptAt !== undefined
  const room = Math.max(callback.promisedAt - callback.dueAt, policy.promiseMs, 0)
  const promisedAt = tried ? callback.promisedAt : Math.max(callback.promisedAt, dueAt + room)
  if (!tried && callback.kind !== 'abandoned')
    return { do: 'schedule', dueAt, promisedAt, expiresAt: expiryOf(policy, hours, promisedAt) }
  if (callback.expiresAt !== undefined && dueAt >= callback.expiresAt) return { do: 'expire' }
  return { do: 'schedule', dueAt, promisedAt }
}

function timesOf(policy: KindPolicy, hours: PhoneHours, wanted: Wanted, now: number) {
  const at = Math.max(wanted.at ?? now, now)
  if (policy.kind === 'agent_promised') return promisedByAgent(policy, hours, at, now)
  const dueAt = nextOpening(hours, at)
  if (dueAt === undefined) return undefined
  const room = Math.max(policy.promiseMs, 2 * (wanted.expectedWaitMs ?? 0))
  return { dueAt, promisedAt: addOpenTime(hours, dueAt, room) ?? dueAt, moved: dueAt !== at }
}

/**
 * "By three o'clock": the owner may have it from twice the lead before it on, the team from the lead before it on, and the first try comes
 * by then. A promise for right now is the team's at once.
 */
function promisedByAgent(policy: KindPolicy, hours: PhoneHours, at: number, now: number) {
  const promisedAt = nextOpening(hours, at)
  if (promisedAt === undefined) return undefined
  const earliest = nextOpening(hours, Math.max(now, promisedAt - 2 * policy.teamLeadMs)) ?? promisedAt
  const dueAt = Math.min(earliest, promisedAt)
  const ownerUntil = Math.max(dueAt, promisedAt - policy.teamLeadMs)
  return { dueAt, promisedAt, ownerUntil, moved: promisedAt !== at }
}

/** Abandoned ones belong to their day (domain.md section 4: "same day"). */
function expiryOf(policy: KindPolicy, hours: PhoneHours, promisedAt: number): number {
  const late = promisedAt + policy.expireMs
  if (policy.kind !== 'abandoned') return late
  const midnight = DateTime.fromMillis(promisedAt, { zone: hours.zone }).plus({ days: 1 }).startOf('day').toMillis()
  return Math.max(promisedAt + 1, Math.min(late, midnight))
}
