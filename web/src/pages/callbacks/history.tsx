import type { CallbackDetail } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { personName } from '../../parts/person-name.js'
import { ATTEMPT_RESULT } from '../../text/callback-words.js'
import { formatDayTime } from '../../text/format.js'
import { type Words, wordsOf } from '../../text/words.js'

const CHANGE: Readonly<Record<string, Words>> = {
  schedule: { ko: '시간 변경', en: 'Rescheduled' },
  reassign: { ko: '담당 변경', en: 'Reassigned' },
  cancel: { ko: '취소', en: 'Cancelled' },
  checklist: { ko: '점검표 기록', en: 'Checklist' },
  complete: { ko: '완료 기록', en: 'Completed' },
  miss: { ko: '결과 기록', en: 'Outcome' },
  exhaust: { ko: '종결', en: 'Closed' },
  correct: { ko: '결과 정정', en: 'Outcome corrected' },
}

/** What was tried, and what people and rules changed. */
export function CallbackHistory({ detail }: { detail: CallbackDetail }) {
  return (
    <div class="callback-history">
      <p class="nothing">
        {formatDayTime(detail.requestedAt)} · {personName(detail.createdBy)}{' '}
        <T w={{ ko: '접수', en: 'asked for it' }} />
      </p>
      <Attempts attempts={detail.attemptList} />
      {detail.changes.length > 0 && (
        <ol class="rows">
          {detail.changes.map((change) => (
            <li key={`${change.at}${change.change}`}>
              <p class="row-main">
                <strong>{wordsOf(CHANGE, change.change).ko}</strong>
                <small>
                  {formatDayTime(change.at)} · {personName(change.by)}
                </small>
              </p>
              {change.reason !== undefined && <p class="quote">{change.reason}</p>}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

export function Attempts({ attempts }: { attempts: CallbackDetail['attemptList'] }) {
  if (attempts.length === 0) {
    return (
      <p class="nothing">
        <T w={{ ko: '아직 걸지 않았습니다.', en: 'Not tried yet.' }} />
      </p>
    )
  }
  return (
    <ol class="rows attempts">
      {attempts.map((attempt) => (
        <li key={attempt.ordinal} data-attempt={attempt.ordinal}>
          <p class="row-main">
            <strong>
              {attempt.ordinal}차 {attempt.second && '(보조 번호)'}
            </strong>
            <span class="status">
              {attempt.result === undefined ? '진행 중' : wordsOf(ATTEMPT_RESULT, attempt.result).ko}
            </span>
          </p>
          <p class="row-more">
            {formatDayTime(attempt.claimedAt)}
            {attempt.agentId !== undefined && ` · ${personName(attempt.agentId)}`}
          </p>
        </li>
      ))}
    </ol>
  )
}
