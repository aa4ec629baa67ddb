import type { Logger } from 'pino'
import type { ContactState } from '../calls/contact-model.js'
import type { TelephonyPort } from '../calls/telephony-port.js'
import type { CentrePort } from '../centre/schema.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { RecordingAlarms } from './alarms.js'
import type { LiveRecordings } from './live.js'

/** What the recordings of one PBX node's calls work with, while this process owns the node. */
export interface KeeperDeps {
  readonly telephony: Pick<
    TelephonyPort,
    | 'node'
    | 'startRecording'
    | 'stopRecording'
    | 'muteRecording'
    | 'playToBridge'
    | 'setVariables'
    | 'listChannels'
    | 'listBridges'
  >
  /** The live calls of this node. */
  readonly calls: {
    get(contactId: string): { readonly channelId: string; readonly state: ContactState } | undefined
    /** A call-back whose citizen and agent are being brought together: `get` has it in a moment. */
    comes(contactId: string): boolean
    states(): readonly ContactState[]
  }
  readonly journal: JournalWriter
  readonly live: LiveRecordings
  readonly centre: CentrePort
  readonly alarms: RecordingAlarms
  /** Key and store are there: without them nothing is recorded. */
  readonly mayRecord: () => boolean
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>
  /** ms from the talk's beginning (time of its event) until the PBX records. */
  readonly startedAfter: (ms: number) => void
}
