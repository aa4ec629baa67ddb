import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { Timer } from '../../parts/timer.js'
import { changeRecording, recording } from '../../state/recording.js'
import type { RecordingAction } from '../../state/server-port.js'
import type { Words } from '../../text/words.js'

const WORDS: Readonly<Record<RecordingAction, Words>> = {
  start: { ko: '녹음 시작', en: 'Record' },
  stop: { ko: '녹음 끝', en: 'Stop' },
  pause: { ko: '녹음 멈춤', en: 'Pause recording' },
  resume: { ko: '녹음 다시', en: 'Resume recording' },
}

/** Says that the talk is recorded, lets the agent pause it while a resident number is said, and begin and end it where the centre lets them. */
export function RecordingMark() {
  const now = recording.value
  if (!now) return null
  if (now.state === 'off') {
    return now.mayStart ? (
      <div class="recording" data-recording="off">
        <Change action="start" />
      </div>
    ) : null
  }
  const paused = now.state === 'paused'
  return (
    <div class="recording" data-recording={now.state}>
      <p class={paused ? 'recording-mark recording-mark-paused' : 'recording-mark'} role="status">
        <span class="recording-dot" aria-hidden="true" />
        <T w={paused ? { ko: '녹음 멈춤', en: 'Paused' } : { ko: '녹음 중', en: 'Recording' }} />
        {paused && now.resumeAt !== undefined && <Timer until={now.resumeAt} />}
      </p>
      {now.mayPause && <Change action={paused ? 'resume' : 'pause'} primary={paused} />}
      {now.mayStart && <Change action="stop" />}
    </div>
  )
}

function Change({ action, primary = false }: { action: RecordingAction; primary?: boolean }) {
  return (
    <CommandButton
      command={`recording-${action}`}
      tone={primary ? 'primary' : 'quiet'}
      w={WORDS[action]}
      onClick={() => void changeRecording(action)}
    />
  )
}
