import type { JournalFeed, JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import { newId } from '../platform/ids.js'
import { LATE, within } from '../platform/within.js'
import { showLive } from './change.js'
import type { LiveRecordings } from './live.js'
import {
  type Asker,
  type RecordingAction,
  RecordingError,
  type RecordingRefusal,
  type RecordingState,
} from './model.js'

/** Nobody carries the call at the moment when nobody answers for so long (ms). */
const ANSWER_MS = 3_000

/** What the edge may ask of recordings that run. Any instance answers; the owner of the PBX node acts. */
export interface RecordingCommands {
  state(contactId: string): Promise<RecordingState>
  /**
   * @param rev only when the recording stands there
   * @throws RecordingError with one of RecordingRefusal
   */
  ask(contactId: string, action: RecordingAction, by: Asker, rev?: number): Promise<RecordingState>
  close(): void
}

/** A wish goes through the journal (`recording.asked`), so it reaches the owner wherever that is, in order with everything else, and is on record. */
export function createRecordingCommands(deps: {
  readonly feed: JournalFeed
  readonly journal: JournalWriter
  readonly live: LiveRecordings
  readonly clock: Clock
}): RecordingCommands {
  const { feed, journal, live, clock } = deps
  const waiting = new Map<string, (answer: { code?: string; state?: unknown }) => void>()
  const stop = feed.subscribe('recording-answers', (event) => {
    if (event.type === 'recording.answered') waiting.get(event.data.requestId)?.(event.data)
  })
  return {
    state: async (contactId) => showLive(contactId, await live.read(contactId)),
    async ask(contactId, action, by, rev) {
      const requestId = newId()
      const answer = new Promise<{ code?: string; state?: unknown }>((resolve) => waiting.set(requestId, resolve))
      try {
        const data = { requestId, action, by: by.id, supervises: by.supervises, rev }
        await journal.append('recording.asked', { subject: `contact:${contactId}`, contactId, time: clock(), data })
        const said = await within(answer, ANSWER_MS)
        if (said === LATE) throw new RecordingError('CTI_ERR_UNAVAILABLE')
        if (said.code !== undefined) throw new RecordingError(said.code as RecordingRefusal)
        return said.state as RecordingState
      } finally {
        waiting.delete(requestId)
      }
    },
    close: stop,
  }
}
