import { Type } from 'typebox'
import { Duration, Id, kind, Ms } from './kind.js'

/** Which recording a fact is about, and where it stands: `rev` rises with each change, so a late fact is recognised. */
const recordingRef = {
  recordingId: Id,
  node: Type.String({ description: 'PBX node that records' }),
  queue: Id,
  agentId: Type.Optional(Id),
  rev: Type.Integer({ minimum: 1 }),
}

/** A recording that is a file: what the record knows of its talk. */
const recordedAt = {
  recordingId: Id,
  queue: Type.Optional(Type.String({ description: 'absent: only the file was left of it' })),
  agentId: Type.Optional(Id),
}

const Pause = Type.Object({
  from: Ms,
  to: Type.Optional(Ms),
  by: Id,
  automatic: Type.Optional(Type.Boolean({ description: 'true: went on by itself after the time of the centre file' })),
})

/** Recordings: the first four by the owner of the PBX node, the others by the worker that finishes the file. */
export const RECORDING_EVENTS = {
  'recording.started': kind(
    'floor',
    'The talk is being recorded from now on.',
    Type.Object({
      ...recordingRef,
      mode: Type.Union([Type.Literal('whole'), Type.Literal('on_demand')]),
      startedAt: Ms,
      by: Type.Optional(Id),
    }),
  ),
  'recording.paused': kind(
    'floor',
    'Nothing is recorded until it goes on (a resident number is said).',
    Type.Object({ ...recordingRef, by: Id, resumeAt: Ms, pauses: Type.Array(Pause) }),
  ),
  'recording.resumed': kind(
    'floor',
    'The recording goes on after a pause.',
    Type.Object({ ...recordingRef, by: Id, automatic: Type.Boolean(), pauses: Type.Array(Pause) }),
  ),
  'recording.stopped': kind(
    'floor',
    'The recording is over; its file is being finished.',
    Type.Object({
      ...recordingRef,
      why: Type.String({ description: 'ended, no_staff, command, lost' }),
      startedAt: Ms,
      pauses: Type.Array(Pause),
    }),
  ),
  'recording.stored': kind(
    'floor',
    'The file is encrypted and in the store; may be told twice.',
    Type.Object({
      ...recordedAt,
      durationMs: Duration,
      missingMs: Duration,
      bytes: Type.Integer(),
      sha256: Type.String(),
    }),
  ),
  'recording.failed': kind(
    'floor',
    'Something keeps calls from being recorded or files from being kept, whatever their queue; calls go on, and it is tried again.',
    Type.Object({
      recordingId: Type.Optional(Id),
      step: Type.String({ description: 'start, spool, space, finish, store, key' }),
      reason: Type.String({ description: 'stable word or error code' }),
    }),
  ),
  'recording.deleted': kind(
    'floor',
    'Its time is over: sound and key are gone.',
    Type.Object({ ...recordedAt, why: Type.String({ description: 'retention' }) }),
  ),
  'recording.asked': kind(
    'system',
    'Somebody wants a recording changed; for the owner of the PBX node.',
    Type.Object({
      requestId: Id,
      action: Type.Union([Type.Literal('start'), Type.Literal('stop'), Type.Literal('pause'), Type.Literal('resume')]),
      by: Id,
      supervises: Type.Boolean(),
      rev: Type.Optional(Type.Integer({ description: 'only when the recording stands there' })),
    }),
  ),
  'recording.answered': kind(
    'system',
    'What became of the wish.',
    Type.Object({
      requestId: Id,
      code: Type.Optional(Type.String({ description: 'error code; absent: done' })),
      state: Type.Optional(Type.Unknown()),
    }),
  ),
} as const
