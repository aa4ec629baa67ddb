import { type Static, Type } from 'typebox'
import { EpochMs, Id, Instant, oneOf, pageOf, pageQuery, ReasonLine, strict, Version } from './common.js'

const Mode = oneOf(['whole', 'on_demand'])

/** What becomes of a talk's recording right now. */
export const RecordingState = Type.Object({
  contactId: Id,
  state: oneOf(['off', 'recording', 'paused']),
  recordingId: Type.Optional(Id),
  mode: Type.Optional(Mode),
  startedAt: Type.Optional(EpochMs),
  resumeAt: Type.Optional(Type.Integer({ description: 'epoch milliseconds: the pause ends by itself then' })),
  rev: Type.Integer({ minimum: 0, description: 'rises with every change; the ETag is this number in quotes' }),
  mayPause: Type.Boolean({ description: 'the centre lets you pause and resume' }),
  mayStart: Type.Boolean({ description: 'the centre lets you start and stop' }),
})
export type RecordingState = Static<typeof RecordingState>

/** A recording of the record. The sound is silent where it was paused. */
export const Recording = Type.Object({
  id: Id,
  contactId: Id,
  node: Type.String(),
  queue: Type.Optional(Type.String()),
  agentId: Type.Optional(Type.String({ description: 'who talked first' })),
  mode: Type.Optional(Mode),
  state: oneOf(['recording', 'paused', 'stopped', 'stored', 'deleted']),
  startedAt: Instant,
  stoppedAt: Type.Optional(Instant),
  stopReason: Type.Optional(Type.String({ description: 'ended, no_staff, command, lost' })),
  pauses: Type.Array(
    Type.Object({
      fromMs: Type.Integer({ minimum: 0, description: 'from the beginning of the recording' }),
      toMs: Type.Optional(Type.Integer({ minimum: 0 })),
      by: Type.String(),
      automatic: Type.Boolean({ description: 'it went on by itself' }),
    }),
  ),
  durationMs: Type.Optional(Type.Integer({ minimum: 0 })),
  missingMs: Type.Optional(
    Type.Integer({ minimum: 0, description: 'so much shorter is the sound than it should be (crash, disk full)' }),
  ),
  sizeBytes: Type.Optional(Type.Integer({ minimum: 0, description: 'of the WAV' })),
  sha256: Type.Optional(Type.String({ description: 'of the WAV' })),
  store: Type.Optional(oneOf(['disk', 's3'])),
  keyId: Type.Optional(Type.String({ description: 'master key under which it lies' })),
  storedAt: Type.Optional(Instant),
  retainUntil: Type.Optional(Instant),
  legalHold: Type.Boolean(),
  hold: Type.Optional(Type.Object({ reason: Type.String(), by: Type.String(), at: Instant })),
  deletedAt: Type.Optional(Instant),
  version: Version,
})
export type Recording = Static<typeof Recording>
export const RecordingPage = pageOf(Recording)
export type RecordingPage = Static<typeof RecordingPage>

export const RecordingQuery = Type.Object(
  {
    ...pageQuery,
    contact: Type.Optional(Id),
    queue: Type.Optional(Id),
    agent: Type.Optional(Id),
    state: Type.Optional(oneOf(['recording', 'paused', 'stopped', 'stored', 'deleted'])),
    held: Type.Optional(Type.Boolean()),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
  },
  strict,
)
export type RecordingQuery = Static<typeof RecordingQuery>

export const DownloadRequest = Type.Object({ reason: ReasonLine(1, 500) }, strict)
export type DownloadRequest = Static<typeof DownloadRequest>
export const DownloadLink = Type.Object({
  url: Type.String({ description: 'relative to the API; needs no other sign-in' }),
  expiresAt: EpochMs,
})
export type DownloadLink = Static<typeof DownloadLink>

export const LegalHoldRequest = Type.Object({ hold: Type.Boolean(), reason: ReasonLine(1, 500) }, strict)
export type LegalHoldRequest = Static<typeof LegalHoldRequest>
