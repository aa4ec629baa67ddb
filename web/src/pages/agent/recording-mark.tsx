import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { Timer } from '../../parts/timer.js'
import { pauseRecording, recording, resumeRecording } from '../../state/recording.js'

/** Says that the talk is recorded, and lets the agent pause it while a resident number is said. */
export function RecordingMark() {
  const now = recording.value
  if (!now || now.state === 'off') return null
  const paused = now.state === 'paused'
  return (
    <div class="recording" data-recording={now.state}>
      <p class={paused ? 'recording-mark recording-mark-paused' : 'recording-mark'} role="status">
        <span class="recording-dot" aria-hidden="true" />
        <T w={paused ? { ko: '녹음 멈춤', en: 'Paused' } : { ko: '녹음 중', en: 'Recording' }} />
      </p>
      {paused && now.resumeAt !== undefined && <Timer until={now.resumeAt} />}
      {now.mayPause &&
        (paused ? (
          <CommandButton
            command="recording-resume"
            tone="primary"
            w={{ ko: '녹음 다시', en: 'Resume recording' }}
            onClick={() => void resumeRecording()}
          />
        ) : (
          <CommandButton
            command="recording-pause"
            w={{ ko: '녹음 멈춤', en: 'Pause recording' }}
            onClick={() => void pauseRecording()}
          />
        ))}
    </div>
  )
}
