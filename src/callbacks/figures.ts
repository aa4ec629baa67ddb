import type { CallbackKind } from './model.js'

/** What was counted of call-backs that were requested in a period. */
export interface CallbackCounts {
  readonly requested: number
  /** Cancelled because the citizen rang in again. */
  readonly superseded: number
  readonly cancelled: number
  readonly completed: number
  readonly exhausted: number
  readonly expired: number
  /** The citizen answered at least once. */
  readonly reached: number
  readonly attempts: number
  /** At least one attempt. */
  readonly attempted: number
  /** The promise's time has come: tried, or the time is over; not those that were superseded or cancelled before. */
  readonly fallen: number
  /** First attempt by the promised time as it stood at last, and as it was first given. */
  readonly onTime: number
  readonly onTimeByFirstPromise: number
  /** Sum over the attempted of first attempt - request, ms. */
  readonly timeToFirstMs: number
}

/** A rate or a mean with what it was taken from; value absent: there was nothing to take it from. */
export interface Figure {
  readonly value?: number
  readonly n: number
  readonly base: number
}

export interface CallbackFigures {
  readonly counts: CallbackCounts
  /** completed / (requested - superseded), domain.md section 3 */
  readonly success: Figure
  /** first attempt <= promised / promises whose time has come */
  readonly onTime: Figure
  readonly onTimeByFirstPromise: Figure
  /** reached / attempted */
  readonly reached: Figure
  /** attempts / attempted */
  readonly attemptsEach: Figure
  /** ms; n is the sum */
  readonly timeToFirstMs: Figure
  /** superseded / requested */
  readonly superseded: Figure
}

/** One line of the report; kind and queue absent in the line of all. */
export interface FigureLine {
  readonly kind?: CallbackKind
  readonly queue?: string
  readonly figures: CallbackFigures
}

export const NO_COUNTS: CallbackCounts = {
  requested: 0,
  superseded: 0,
  cancelled: 0,
  completed: 0,
  exhausted: 0,
  expired: 0,
  reached: 0,
  attempts: 0,
  attempted: 0,
  fallen: 0,
  onTime: 0,
  onTimeByFirstPromise: 0,
  timeToFirstMs: 0,
}

/** PURE. The figures of counts (domain.md section 3: every rate with its n and its base). */
export function figuresOf(counts: CallbackCounts): CallbackFigures {
  return {
    counts,
    success: figure(counts.completed, counts.requested - counts.superseded),
    onTime: figure(counts.onTime, counts.fallen),
    onTimeByFirstPromise: figure(counts.onTimeByFirstPromise, counts.fallen),
    reached: figure(counts.reached, counts.attempted),
    attemptsEach: figure(counts.attempts, counts.attempted),
    timeToFirstMs: figure(counts.timeToFirstMs, counts.attempted),
    superseded: figure(counts.superseded, counts.requested),
  }
}

/** PURE. The sum of lines, for a total whose rates come from its own counts. */
export function addCounts(lines: readonly CallbackCounts[]): CallbackCounts {
  const keys = Object.keys(NO_COUNTS) as (keyof CallbackCounts)[]
  return Object.fromEntries(
    keys.map((key) => [key, lines.reduce((sum, line) => sum + line[key], 0)]),
  ) as unknown as CallbackCounts
}

function figure(n: number, base: number): Figure {
  return base > 0 ? { value: n / base, n, base } : { n, base }
}
