import type { LiveRecording } from './model.js'

/** After the recording was stopped the PBX closes the file within moments (ms). */
const CLOSED_MS = 1_000
/** A file that nobody knows to be over is taken when nothing was written for so long (ms): longer than any buffer of the PBX. */
const ABANDONED_MS = 60_000
/** A recording that runs leaves something on the disk at least so often (ms); the PBX writes 2 s at once. */
const GROWS_MS = 20_000

/**
 * PURE. May this file of the spool be finished?
 * @param quietMs since the PBX last wrote to it
 * @param stopped the record says that the recording is over
 * @param runs the centre's live recordings name it, and its contact is there
 */
export function isDue({ quietMs, stopped, runs }: { quietMs: number; stopped: boolean; runs: boolean }): boolean {
  if (stopped) return quietMs >= CLOSED_MS
  return !runs && quietMs >= ABANDONED_MS
}

/**
 * PURE. Is nothing written of a recording that runs?
 * @param writtenAt of its file, epoch ms; undefined: there is no file
 */
export function isNotWritten(
  live: Pick<LiveRecording, 'startedAt'>,
  writtenAt: number | undefined,
  now: number,
): boolean {
  return now - Math.max(live.startedAt, writtenAt ?? 0) > GROWS_MS
}
