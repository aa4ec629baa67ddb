import type { EventOptions } from '../ports.js'

export type EventLimits = Required<EventOptions>

export const DEFAULT_LIMITS: EventLimits = {
  heartbeatMs: 15_000, helloMs: 5_000, maxBufferedBytes: 2_097_152, framesPerSecond: 20, frameBurst: 60, maxReplay: 5_000, tokenGraceMs: 30_000,
}

/** Largest frame a client may send, bytes. */
export const MAX_FRAME_BYTES = 16_384
/** Warning before an access token expires, ms. */
export const EXPIRY_WARNING_MS = 60_000

/** Counts frames by a bucket that fills again with time. PURE but for its own state; time is an argument. */
export class FrameBucket {
  private left: number
  private at: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    now: number,
  ) {
    this.left = burst
    this.at = now
  }

  /** @returns false when the client sends too much */
  take(now: number): boolean {
    this.left = Math.min(this.burst, this.left + (Math.max(0, now - this.at) / 1000) * this.perSecond)
    this.at = now
    if (this.left < 1) return false
    this.left -= 1
    return true
  }
}
