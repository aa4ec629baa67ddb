import type { LiveRecording } from './model.js'

/**
 * What stands on the caller's channel of its recording (variable CTI_RECORDING), so that any process can go on with it, also when Redis was
 * emptied. PURE. No name and no number.
 */
export const MARK = 'CTI_RECORDING'

/** Pauses are many in a long call; those that are over are in Redis, the journal and the record. */
export function formatMark(live: LiveRecording): string {
  return JSON.stringify({ ...live, pauses: live.pauses.filter(({ to }) => to === undefined) })
}

/** @returns undefined for no mark, or one that cannot be read */
export function parseMark(text: string | undefined): LiveRecording | undefined {
  if (text === undefined || text === '') return undefined
  try {
    const live = JSON.parse(text) as Partial<LiveRecording>
    return typeof live.recordingId === 'string' && typeof live.contactId === 'string' && Array.isArray(live.pauses)
      ? (live as LiveRecording)
      : undefined
  } catch {
    return undefined
  }
}
