import type { RecordingState as LiveState } from '../../recording/model.js'
import type { RecordingPolicy } from '../../recording/policy.js'
import type { RecordingRow } from '../../recording/rows.js'
import type { Recording, RecordingState } from '../contracts/recordings.js'

const instant = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString()

/** A row as the API shows it: no key and no place in the store. PURE. */
export function showRecording(row: RecordingRow): Recording {
  const { key, hold, pauses, startedAt, objectKey: _, stoppedAt, storedAt, retainUntil, deletedAt, ...rest } = row
  return {
    ...rest,
    startedAt: new Date(startedAt).toISOString(),
    stoppedAt: instant(stoppedAt),
    storedAt: instant(storedAt),
    retainUntil: instant(retainUntil),
    deletedAt: instant(deletedAt),
    keyId: key?.keyId,
    legalHold: hold !== undefined,
    hold: hold && { ...hold, at: new Date(hold.at).toISOString() },
    pauses: pauses.map(({ from, to, by, automatic }) => ({
      fromMs: Math.max(0, from - startedAt),
      toMs: to === undefined ? undefined : Math.max(0, to - startedAt),
      by,
      automatic: automatic === true,
    })),
  }
}

/** The live state with what this reader may do about it. PURE. */
export function showState(state: LiveState, policy: RecordingPolicy, supervises: boolean): RecordingState {
  const may = (who: RecordingPolicy['mayPause']) => who === 'agent' || (who === 'supervisor' && supervises)
  return {
    ...state,
    mayPause: policy.mode !== 'off' && may(policy.mayPause),
    mayStart: policy.mode === 'on_demand' && may(policy.mayStart),
  }
}
