import type { EventOptions } from '../ports.js'

export type EventLimits = Required<EventOptions>

export const DEFAULT_LIMITS: EventLimits = {
  heartbeatMs: 15_000,
  helloMs: 5_000,
  maxBufferedBytes: 2_097_152,
  framesPerSecond: 20,
  frameBurst: 60,
  maxReplay: 5_000,
  tokenGraceMs: 30_000,
}

/** Largest frame a client may send, bytes. */
export const MAX_FRAME_BYTES = 16_384
/** Warning before an access token expires, ms. */
export const EXPIRY_WARNING_MS = 60_000
