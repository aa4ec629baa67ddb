import type { Ring } from './sip-view.js'

export interface Doubles {
  /** A contact that rings at two phones at once, or a phone that the server rings for two contacts at once. */
  readonly double: readonly (readonly [Ring, Ring])[]
  /** A phone that both the server and the fallback queue ring. */
  readonly besideFallback: readonly (readonly [Ring, Ring])[]
}

const TOGETHER_MS = 1_000

/** Rings at the same time that should not be. PURE. @param rings in order of time */
export function findDouble(rings: readonly Ring[]): Doubles {
  const double: [Ring, Ring][] = []
  const besideFallback: [Ring, Ring][] = []
  rings.forEach((ring, n) => {
    // The CANCEL of a ring that timed out may follow the next ring.
    const until = ring.answeredAt ?? (ring.endedAt ?? Number.POSITIVE_INFINITY) - TOGETHER_MS
    for (const other of rings.slice(n + 1)) {
      if (other.at >= until) break
      const byServer = ring.contactId !== undefined && other.contactId !== undefined
      if (other.phone === ring.phone) (byServer ? double : besideFallback).push([ring, other])
      else if (byServer && ring.contactId === other.contactId) double.push([ring, other])
    }
  })
  return { double, besideFallback }
}
