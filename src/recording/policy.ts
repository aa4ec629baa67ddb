import type { CentreFile, RecordingConfig } from '../centre/schema.js'
import type { Asker, LiveRecording, RecordingAction, RecordingRefusal } from './model.js'

/** What the centre file says about the talks of one queue, complete. */
export interface RecordingPolicy {
  readonly mode: 'off' | 'whole' | 'on_demand'
  readonly mayStart: 'agent' | 'supervisor' | 'nobody'
  readonly mayPause: 'agent' | 'supervisor' | 'nobody'
  readonly pauseMs: number
  readonly tone: boolean
  readonly retentionDays: number
}

/** [A] of domain.md section 5: half a year, a pause of a minute, the agent may pause. */
const DEFAULTS = {
  mode: 'off',
  mayStart: 'agent',
  mayPause: 'agent',
  pauseSeconds: 60,
  tone: true,
  retentionDays: 180,
} as const satisfies Required<RecordingConfig>

/** PURE. The queue's own words over the centre's over the defaults. An unknown queue has the centre's. */
export function recordingPolicy(
  file: Pick<CentreFile, 'recording' | 'queues'>,
  queue: string | undefined,
): RecordingPolicy {
  const own = file.queues.find(({ id }) => id === queue)?.recording
  const { pauseSeconds, ...rest } = { ...DEFAULTS, ...defined(file.recording), ...defined(own) }
  return { ...rest, pauseMs: pauseSeconds * 1000 }
}

/** PURE. Does any queue of the centre record? */
export function recordsAnything(file: Pick<CentreFile, 'recording' | 'queues'>): boolean {
  return file.queues.some(({ id }) => recordingPolicy(file, id).mode !== 'off')
}

export type Verdict =
  | { readonly do: RecordingAction }
  /** It is so already. */
  | { readonly do: 'nothing' }
  | { readonly refuse: RecordingRefusal }

/**
 * PURE. What a wish means in this state. The same state already is no error: the wish may have come twice.
 * @param live the contact's recording, undefined when none runs
 */
export function judgeWish(
  policy: RecordingPolicy,
  live: Pick<LiveRecording, 'state' | 'rev'> | undefined,
  action: RecordingAction,
  by: Asker,
  rev?: number,
): Verdict {
  if (policy.mode === 'off' && !live) return { refuse: 'CTI_ERR_RECORDING_OFF' }
  const who = action === 'start' || action === 'stop' ? policy.mayStart : policy.mayPause
  // A talk that the centre wants whole has no gaps but the pauses.
  const fixed = policy.mode === 'whole' && action === 'stop'
  if (fixed || who === 'nobody' || (who === 'supervisor' && !by.supervises))
    return { refuse: 'CTI_ERR_RECORDING_NOT_ALLOWED' }
  if (rev !== undefined && rev !== (live?.rev ?? 0)) return { refuse: 'CTI_ERR_VERSION_MISMATCH' }
  if (action === 'start') return live ? { do: 'nothing' } : { do: 'start' }
  if (!live) return action === 'stop' ? { do: 'nothing' } : { refuse: 'CTI_ERR_RECORDING_NOT_RUNNING' }
  const there = action === 'pause' ? 'paused' : action === 'resume' ? 'recording' : undefined
  return live.state === there ? { do: 'nothing' } : { do: action }
}

function defined<T extends object>(values: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>
}
