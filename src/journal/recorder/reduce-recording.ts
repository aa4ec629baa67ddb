import type { AnyJournalEvent } from '../events.js'
import type { RecordingValues, RowChange } from './changes.js'

type RecordingEvent = Extract<
  AnyJournalEvent,
  { type: 'recording.started' | 'recording.paused' | 'recording.resumed' | 'recording.stopped' }
>

/** PURE. A recording began, paused, went on or is over; each event carries what the row needs, also when those before it were lost. */
export function reduceRecording(event: RecordingEvent, contactId: string): RowChange {
  const { recordingId, node, queue, agentId } = event.data
  const set: RecordingValues = { node, queue, agent_id: agentId, ...changed(event) }
  return { row: 'recording', id: recordingId, contactId, at: event.time, set }
}

function changed(event: RecordingEvent): RecordingValues {
  switch (event.type) {
    case 'recording.started':
      return { mode: event.data.mode, state: 'recording', started_at: event.data.startedAt }
    case 'recording.paused':
      return { state: 'paused', pauses: event.data.pauses }
    case 'recording.resumed':
      return { state: 'recording', pauses: event.data.pauses }
    case 'recording.stopped': {
      const { startedAt, why, pauses } = event.data
      return { state: 'stopped', started_at: startedAt, stopped_at: event.time, stop_reason: why, pauses }
    }
  }
}
