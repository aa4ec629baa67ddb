import { effect, signal } from '@preact/signals'
import type { RecordingState } from '../../../client/src/generated/contracts.js'
import type { LiveEvent } from '../../../client/src/live/floor.js'
import { isMine } from './call.js'
import { run } from './commands.js'
import { myState, phase } from './live.js'
import { server } from './server.js'
import type { RecordingAction } from './server-port.js'

/** The recording of the present talk; undefined: no talk, or not known yet. */
export const recording = signal<RecordingState | undefined>(undefined)

/** The contact in talk, for whose recording this page asks. */
let talk: string | undefined

effect(() => {
  const now = phase.value === 'talk' && isMine.value ? myState.value?.contactId : undefined
  if (now === talk) return
  talk = now
  recording.value = undefined
  if (now !== undefined) ask(now)
})

/** Something of a recording changed: the server says what is shown. */
export function takeRecordingEvent(event: Pick<LiveEvent, 'type'> & { readonly contactId?: string }): void {
  if (event.type.startsWith('recording.') && event.contactId !== undefined && event.contactId === talk) ask(talk)
}

export function changeRecording(action: RecordingAction): Promise<boolean> {
  return run(`recording-${action}`, async () => {
    const contactId = talk
    if (contactId !== undefined) take(await server.changeRecording(contactId, action))
  })
}

/** Without an answer nothing is shown: the next event asks again. */
function ask(contactId: string): void {
  server.recording(contactId).then(take, () => undefined)
}

/** Answers may overtake each other; a later recording of the same talk begins anew at 1. */
function take(state: RecordingState): void {
  if (state.contactId !== talk) return
  const before = recording.value
  const older = before?.recordingId !== undefined && before.recordingId === state.recordingId && before.rev > state.rev
  if (!older) recording.value = state
}
