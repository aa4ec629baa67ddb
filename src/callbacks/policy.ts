import type { CallbacksConfig, CentreFile } from '../centre/schema.js'
import type { CallbackKind } from './model.js'

/** The policy of a kind with every default filled in. Durations in ms. */
export interface KindPolicy {
  readonly kind: CallbackKind
  /** The centre file has the kind. What was promised before it was taken out is still kept, by the defaults. */
  readonly on: boolean
  readonly first: 'agent' | 'citizen'
  readonly tries: number
  /** Before the 2nd, 3rd … try; the last one repeats. Never empty. */
  readonly retryMs: readonly number[]
  readonly busyRetryMs?: number
  /** Name of the hours in which the citizen may be phoned; absent: the queue's own. */
  readonly hours?: string
  /** Order among the call-backs that are due, lower first; absent: the queue's own. */
  readonly priority?: number
  readonly ringMs: number
  /** The first try is promised within so much open time after it is due. */
  readonly promiseMs: number
  /** Given up so long after the promise. */
  readonly expireMs: number
  readonly holdBack: boolean
  readonly whenExhausted: 'nothing' | 'ticket'
  /** virtual_hold: offered after so much waiting, by this key. */
  readonly offerAfterMs: number
  readonly key: string
  /** agent_promised: the team may have it from so long before the promised time on; the owner twice as long before. */
  readonly teamLeadMs: number
  /** abandoned: waited at least so long, and is no older than this. */
  readonly minWaitMs: number
  readonly maxAgeMs: number
  /** booked */
  readonly queue?: string
  readonly slotMs: number
  readonly capacity: number
  readonly daysAhead: number
  /** welfare: misses at the first number before the second one is dialled. */
  readonly missesBeforeSecond: number
  /** welfare: gets the visit ticket. */
  readonly department?: string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const KEYS = {
  virtual_hold: 'virtualHold',
  agent_promised: 'agentPromised',
  abandoned: 'abandoned',
  booked: 'booked',
  welfare: 'welfare',
} as const satisfies Record<CallbackKind, keyof CallbacksConfig>

interface Defaults {
  readonly tries: number
  readonly retryMinutes: readonly number[]
  readonly promiseMinutes: number
  readonly expireHours: number
  readonly holdBack: boolean
  readonly whenExhausted: 'nothing' | 'ticket'
}

/**
 * domain.md section 4: virtual hold 3 tries at 0/5/20 min; agent-promised 3 tries within 2 open hours, then a ticket; abandoned 2 tries
 * on the same day, in idle time; booked by slot; welfare 2 misses, second number, visit ticket. What it leaves open is ours [A].
 */
const DEFAULTS: Readonly<Record<CallbackKind, Defaults>> = {
  virtual_hold: {
    tries: 3,
    retryMinutes: [5, 20],
    promiseMinutes: 60,
    expireHours: 24,
    holdBack: false,
    whenExhausted: 'nothing',
  },
  agent_promised: {
    tries: 3,
    retryMinutes: [30, 60],
    promiseMinutes: 0,
    expireHours: 72,
    holdBack: false,
    whenExhausted: 'ticket',
  },
  abandoned: {
    tries: 2,
    retryMinutes: [60],
    promiseMinutes: 120,
    expireHours: 8,
    holdBack: true,
    whenExhausted: 'nothing',
  },
  booked: {
    tries: 2,
    retryMinutes: [15],
    promiseMinutes: 30,
    expireHours: 24,
    holdBack: true,
    whenExhausted: 'nothing',
  },
  welfare: {
    tries: 4,
    retryMinutes: [30, 60],
    promiseMinutes: 60,
    expireHours: 12,
    holdBack: false,
    whenExhausted: 'ticket',
  },
}

/** PURE. The policy of a kind in a centre file. */
export function policyOf(file: CentreFile, kind: CallbackKind): KindPolicy {
  const given = file.callbacks?.[KEYS[kind]]
  const fallback = DEFAULTS[kind]
  const special = file.callbacks ?? {}
  const slotMs = (special.booked?.slotMinutes ?? 30) * MINUTE
  const teamLeadMs = (special.agentPromised?.teamLeadMinutes ?? 10) * MINUTE
  return {
    kind,
    on: given !== undefined,
    first: given?.first ?? 'agent',
    tries: given?.tries ?? fallback.tries,
    retryMs: (given?.retryMinutes ?? fallback.retryMinutes).map((minutes) => minutes * MINUTE),
    busyRetryMs: given?.busyRetryMinutes === undefined ? undefined : given.busyRetryMinutes * MINUTE,
    hours: given?.hours,
    priority: given?.priority,
    ringMs: (given?.ringSeconds ?? 30) * 1000,
    // A slot is kept when the phone rings within it; what an agent promised is due before the promised time (plan.ts).
    promiseMs: kind === 'booked' ? slotMs : fallback.promiseMinutes * MINUTE,
    expireMs: (given?.expireHours ?? fallback.expireHours) * HOUR,
    holdBack: given?.holdBack ?? fallback.holdBack,
    whenExhausted: given?.whenExhausted ?? fallback.whenExhausted,
    offerAfterMs: (special.virtualHold?.offerAfterSeconds ?? 30) * 1000,
    key: special.virtualHold?.key ?? '9',
    teamLeadMs,
    minWaitMs: (special.abandoned?.minWaitSeconds ?? 20) * 1000,
    maxAgeMs: (special.abandoned?.maxAgeMinutes ?? 480) * MINUTE,
    queue: special.booked?.queue,
    slotMs,
    capacity: special.booked?.capacity ?? 5,
    daysAhead: special.booked?.daysAhead ?? 7,
    missesBeforeSecond: special.welfare?.missesBeforeSecond ?? 2,
    department: special.welfare?.department,
  }
}

const DEFAULT_QUEUE_PRIORITY = 50

/** PURE. The priority that a queue's ordinary callers have. */
export function queuePriority(file: CentreFile, queue: string): number {
  return file.queues.find(({ id }) => id === queue)?.priority ?? DEFAULT_QUEUE_PRIORITY
}

/**
 * PURE. The priority with which a call-back waits in the routing core: never better than the queue's own, so that it is never ahead of a
 * live caller who came earlier (domain.md section 4). The policy's priority only orders the call-backs among each other (order.ts).
 */
export function corePriority(file: CentreFile, kind: CallbackKind, queue: string): number {
  const own = queuePriority(file, queue)
  return Math.max(policyOf(file, kind).priority ?? own, own)
}
