import { getOpenState, isOpen } from '../centre/hours.js'
import type { CentreFile, QueueConfig } from '../centre/schema.js'
import { type CallersTurn, callersTurn, heldBy } from './callers-turn.js'
import type { Admission, WaitPlan } from './contact-model.js'
import type { CallerBrief } from './context-port.js'
import { INTERNAL_QUEUE, internalPlan } from './internal-call.js'

/**
 * Intake: what to do with a caller who has just arrived (domain.md section 4, "Inbound order"): number, restriction, calendar,
 * notices, queue. PURE.
 */

/** Priorities that domain.md section 4 gives to callers themselves, lower first. */
const DROPPED_CALLER_PRIORITY = 20
const VULNERABLE_PRIORITY = 30
/** Queues more urgent than this take even a restricted number (domain.md section 5: never blocks the disaster route). */
const NEVER_BLOCKED_BELOW = 20
const DEFAULT_PRIORITY = 50

/**
 * @param file the centre in force
 * @param dialled the number that was dialled
 * @param brief what is known of the caller (an empty brief when the look-up failed)
 * @param signedIn how many agents who serve a queue are signed in
 * @param now epoch ms
 * @param contactId the call
 */
export function admitCaller(
  file: CentreFile,
  dialled: string,
  brief: CallerBrief,
  signedIn: (queue: string) => number,
  now: number,
  contactId: string,
): Admission {
  const { callbacks = [] } = brief
  // Found again after a cut: this very call has its promise, and the caller only has to hear it.
  if (heldBy(callbacks, contactId)) {
    return { kind: 'end', end: 'callback_requested', prompts: ['cti/callback-confirm'] }
  }
  const number = file.numbers.find((n) => n.number === dialled)
  if (!number) return { kind: 'end', end: 'failed', reason: 'unknown_number', prompts: [] }
  const first = queueById(file, number.queue)
  if (!first) return { kind: 'end', end: 'failed', reason: 'unknown_queue', prompts: [] }
  if (brief.restricted && (first.priority ?? DEFAULT_PRIORITY) >= NEVER_BLOCKED_BELOW) {
    return { kind: 'end', end: 'blocked', prompts: ['cti/restricted'] }
  }
  const open = openQueue(file, first, now, new Set())
  if (!open) return { kind: 'end', end: 'closed_hours', prompts: ['cti/after-hours'] }
  if (open.whenNoAgents === 'end' && signedIn(open.id) === 0)
    return { kind: 'end', end: 'no_agents', prompts: ['cti/queue-full'] }
  const prompts = (number.prompts ?? []).map(soundName)
  if (open !== first) prompts.push(getOpenState(file, first.id, now).by === 'holiday' ? 'cti/holiday' : 'cti/duty')
  const turn = callersTurn(callbacks, contactId, open.id, now)
  const plan = waitPlan(file, open, callerPriority(open, brief, turn), now, new Set())
  return turn === undefined ? { kind: 'wait', prompts, plan } : { kind: 'wait', prompts, plan, turn }
}

/** The centre's own prompts lie below `cti/`; another folder of the PBX is named in full. */
function soundName(prompt: string): string {
  return prompt.includes('/') ? prompt : `cti/${prompt}`
}

function callerPriority(queue: QueueConfig, brief: CallerBrief, turn: CallersTurn | undefined): number {
  let priority = queue.priority ?? DEFAULT_PRIORITY
  if (brief.vulnerable) priority = Math.min(priority, VULNERABLE_PRIORITY)
  if (brief.droppedRecently) priority = Math.min(priority, DROPPED_CALLER_PRIORITY)
  return Math.min(priority, turn?.priority ?? priority)
}

/** The queue itself when open, else the one that takes over outside hours, however many steps away. */
function openQueue(file: CentreFile, queue: QueueConfig, now: number, seen: Set<string>): QueueConfig | undefined {
  if (seen.has(queue.id)) return undefined
  seen.add(queue.id)
  if (isOpen(file, queue.id, now)) return queue
  const next = queue.afterHoursTo === undefined ? undefined : queueById(file, queue.afterHoursTo)
  return next && openQueue(file, next, now, seen)
}

/**
 * The plan of a contact that waits already (found after a cut or a restart).
 * @returns undefined when the centre file in force has no such queue
 */
export function planForQueue(file: CentreFile, queueId: string, priority: number, now: number): WaitPlan | undefined {
  if (queueId === INTERNAL_QUEUE) return internalPlan(priority)
  const queue = queueById(file, queueId)
  return queue && waitPlan(file, queue, priority, now, new Set())
}

function waitPlan(file: CentreFile, queue: QueueConfig, priority: number, now: number, seen: Set<string>): WaitPlan {
  seen.add(queue.id)
  const target =
    queue.overflowTo === undefined || seen.has(queue.overflowTo) ? undefined : queueById(file, queue.overflowTo)
  const next = target && openQueue(file, target, now, new Set(seen))
  return {
    queue: queue.id,
    priority,
    music: queue.music ?? 'cti',
    wrapMs: (queue.wrapUpSeconds ?? 60) * 1000,
    announceFirstMs: (queue.announceFirstSeconds ?? 15) * 1000,
    announceEveryMs: (queue.announceEverySeconds ?? 50) * 1000,
    overflow: next && waitPlan(file, next, Math.min(priority, next.priority ?? DEFAULT_PRIORITY), now, seen),
  }
}

function queueById(file: CentreFile, id: string): QueueConfig | undefined {
  return file.queues.find((q) => q.id === id)
}
