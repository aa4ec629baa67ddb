import { useState } from 'preact/hooks'
import type { Recording } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Icon } from '../../parts/icon.js'
import { personName } from '../../parts/person-name.js'
import { canDownload, canHold, changeLegalHold, downloadRecording } from '../../state/recordings.js'
import { centre } from '../../state/session.js'
import { formatClock, formatDate, formatDayTime } from '../../text/format.js'
import { RECORDING_STATE } from '../../text/recording-words.js'
import { Player } from './player.js'

/** One recording; opened it can be heard, and says where it was silent on purpose. */
export function RecordingRow({ recording }: { recording: Recording }) {
  const [open, setOpen] = useState(false)
  const { id, queue, agentId, state, startedAt, durationMs, legalHold } = recording
  return (
    <li class="card recording-row" data-recording-id={id} data-state={state} data-held={legalHold}>
      <button type="button" class="recording-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <strong>{formatDayTime(startedAt)}</strong>
        <span class="recording-long">{durationMs === undefined ? '–' : formatClock(durationMs)}</span>
        <span class="recording-facts">
          <span class="chip">{centre.value?.queues.find((one) => one.id === queue)?.label.ko ?? queue ?? '–'}</span>
          <span class="chip">
            <Icon name="user" />
            {agentId === undefined ? '–' : personName(agentId)}
          </span>
          {legalHold && (
            <span class="chip chip-flag">
              <Icon name="lock" />
              법적 보존
            </span>
          )}
        </span>
        <T w={RECORDING_STATE[state]} />
      </button>
      {open && <Details recording={recording} />}
    </li>
  )
}

function Details({ recording }: { recording: Recording }) {
  const { id, contactId, state, pauses, missingMs, hold, retainUntil, legalHold } = recording
  return (
    <div class="recording-details">
      {state === 'stored' ? (
        <Player id={id} />
      ) : (
        <p class="nothing" data-empty="sound">
          {state === 'deleted'
            ? '보관 기간이 지나 삭제되었습니다. Deleted when its time was over.'
            : '아직 보관소에 들어가지 않아 들을 수 없습니다. Not in the store yet.'}
        </p>
      )}
      <ul class="recording-more">
        {pauses.map(({ fromMs, toMs, by }) => (
          <li key={fromMs}>
            녹음 멈춤 {formatClock(fromMs)}–{toMs === undefined ? '' : formatClock(toMs)} · {personName(by)}{' '}
            <small lang="en">silent on purpose</small>
          </li>
        ))}
        {missingMs !== undefined && missingMs > 0 && (
          <li>
            {formatClock(missingMs)} 모자람 <small lang="en">is missing (a crash, or a full disk)</small>
          </li>
        )}
        {hold && legalHold && (
          <li>
            법적 보존: {hold.reason} · {personName(hold.by)} · {formatDate(hold.at)}
          </li>
        )}
        {retainUntil !== undefined && (
          <li>
            {formatDate(retainUntil)}까지 보관 <small lang="en">kept until</small>
          </li>
        )}
        <li>
          상담 번호 <code>{contactId}</code>
        </li>
      </ul>
      {state !== 'deleted' && (canDownload.value || canHold.value) && (
        <p class="recording-actions">
          {canDownload.value && state === 'stored' && (
            <button type="button" class="button" data-command="download" onClick={() => void downloadRecording(id)}>
              <T w={{ ko: '내려받기', en: 'Download' }} />
            </button>
          )}
          {canHold.value && (
            <button type="button" class="button" data-command="hold" onClick={() => void changeLegalHold(recording)}>
              <T w={legalHold ? { ko: '보존 해제', en: 'End the hold' } : { ko: '법적 보존', en: 'Legal hold' }} />
            </button>
          )}
        </p>
      )}
    </div>
  )
}
