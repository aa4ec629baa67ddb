/** When a measure is too high, and when it is well again; in between it stays what it was. */
export interface Limits {
  /** Above this a sample is bad. */
  readonly high: number
  /** Below this a sample is good. */
  readonly low: number
  /** So many bad samples in a row turn it on. */
  readonly bad: number
  /** So many good samples in a row turn it off. */
  readonly good: number
}

export interface Judgement {
  readonly on: boolean
  /** Samples in a row that speak for a change. */
  readonly streak: number
}

export const CALM: Judgement = { on: false, streak: 0 }

/** Judges one more sample. One bad second is no reason to turn callers away, nor one good second to take them again. PURE. */
export function judge(before: Judgement, sample: number, limits: Limits): Judgement {
  const speaksForChange = before.on ? sample < limits.low : sample > limits.high
  if (!speaksForChange) return { on: before.on, streak: 0 }
  const streak = before.streak + 1
  return streak < (before.on ? limits.good : limits.bad) ? { on: before.on, streak } : { on: !before.on, streak: 0 }
}
