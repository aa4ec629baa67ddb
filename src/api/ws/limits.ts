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
  clientGraceMs: 30_000,
  activeClientMs: 8_000,
}

/** Largest frame a client may send, bytes. */
export const MAX_FRAME_BYTES = 16_384
/** A ping is answered in milliseconds; after so long (ms) nobody is there, although the connection may look open for a while. */
export const ANSWER_MS = 5_000
/** Warning before an access token expires, ms. */
export const EXPIRY_WARNING_MS = 60_000
/** Frames of one socket that wait for the one before them (Redis may be slow); beyond it the socket is closed. */
export const MOST_WAITING_FRAMES = 100
