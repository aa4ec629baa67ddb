/** Words of recordings. PURE: types only. Times are epoch ms. */

export interface Pause {
  readonly from: number
  /** Absent while it is paused. */
  readonly to?: number
  readonly by: string
  /** It went on by itself after the time of the centre file. */
  readonly automatic?: boolean
}

/** One recording that runs, as the owner of the PBX node knows it. */
export interface LiveRecording {
  readonly recordingId: string
  readonly contactId: string
  readonly node: string
  readonly channelId: string
  /** Id by which the PBX stops it. */
  readonly recorder: string
  readonly queue: string
  /** Who talked when it began. */
  readonly agentId?: string
  readonly mode: 'whole' | 'on_demand'
  readonly startedAt: number
  readonly state: 'recording' | 'paused'
  /** When a pause ends by itself. */
  readonly resumeAt?: number
  readonly pauses: readonly Pause[]
  /** Rises with each change. */
  readonly rev: number
}

export type RecordingAction = 'start' | 'stop' | 'pause' | 'resume'

/** Who wants something of a recording. */
export interface Asker {
  readonly id: string
  readonly supervises: boolean
}

/** What a client sees of a contact's recording. */
export type RecordingState =
  | { readonly contactId: string; readonly state: 'off'; readonly rev: 0 }
  | {
      readonly contactId: string
      readonly state: 'recording' | 'paused'
      readonly recordingId: string
      readonly mode: 'whole' | 'on_demand'
      readonly startedAt: number
      readonly resumeAt?: number
      readonly rev: number
    }

/** Error codes of the API that a wish may be answered with. */
export type RecordingRefusal =
  | 'CTI_ERR_RECORDING_OFF'
  | 'CTI_ERR_RECORDING_NOT_ALLOWED'
  | 'CTI_ERR_RECORDING_NOT_RUNNING'
  | 'CTI_ERR_RECORDING_FAILED'
  | 'CTI_ERR_VERSION_MISMATCH'
  | 'CTI_ERR_CONTACT_WRONG_STATE'
  | 'CTI_ERR_CONTACT_NOT_FOUND'
  | 'CTI_ERR_UNAVAILABLE'

/** Thrown to whoever asked; `code` is one of the API's. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
  constructor(readonly code: RecordingRefusal | `CTI_ERR_RECORDING_${string}`) {
    super(code)
  }
}
