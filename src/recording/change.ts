import type { LiveRecording, Pause, RecordingState } from './model.js'

/**
 * One recording's life. PURE.
 *
 *   start -> recording <--pause / resume (by somebody, or by itself at resumeAt)--> paused
 *               |                                                                     |
 *               +------------- stop (talk over, no staff left, command) --------------+--> over
 */
export function paused(live: LiveRecording, by: string, at: number, pauseMs: number): LiveRecording {
  const resumeAt = at + pauseMs
  return { ...live, state: 'paused', resumeAt, pauses: [...live.pauses, { from: at, by }], rev: live.rev + 1 }
}

/** It goes on. @param automatic by itself */
export function resumed(live: LiveRecording, at: number, automatic: boolean): LiveRecording {
  const { resumeAt: _, ...rest } = live
  return { ...rest, state: 'recording', pauses: closePauses(live.pauses, at, automatic), rev: live.rev + 1 }
}

/** Pauses with an end: one that is open ends at `at`. */
export function closePauses(pauses: readonly Pause[], at: number, automatic = false): Pause[] {
  return pauses.map((pause) =>
    pause.to === undefined ? { ...pause, to: Math.max(at, pause.from), ...(automatic ? { automatic } : {}) } : pause,
  )
}

/** What clients see. */
export function showLive(contactId: string, live: LiveRecording | undefined): RecordingState {
  if (!live) return { contactId, state: 'off', rev: 0 }
  const { recordingId, mode, startedAt, state, resumeAt, rev } = live
  return { contactId, state, recordingId, mode, startedAt, ...(resumeAt === undefined ? {} : { resumeAt }), rev }
}
