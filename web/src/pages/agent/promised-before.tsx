import type { ScreenPop } from '../../../../client/src/generated/contracts.js'
import { Icon } from '../../parts/icon.js'
import { CALLBACK_KIND } from '../../text/callback-words.js'
import { formatDayTime } from '../../text/format.js'
import { wordsOf } from '../../text/words.js'

/** What a citizen who rings in was to be phoned for: kept by this call, or still to come. */
export function PromisedBefore({ callbacks = [] }: { callbacks?: ScreenPop['callbacks'] }) {
  return callbacks.map(({ id, kind, superseded, requestedAt, promisedAt, attempts, reason }) => {
    const words = wordsOf(CALLBACK_KIND, kind)
    return (
      <p key={id} class="card" data-promised={superseded ? 'superseded' : 'open'}>
        <Icon name="phone" /> <strong>{words.ko}</strong> <small lang="en">{words.en}</small>{' '}
        {superseded ? '고객이 다시 전화하셨습니다. 콜백은 이 통화로 대신합니다.' : '예약된 콜백이 남아 있습니다.'}{' '}
        <small lang="en">
          {superseded ? 'Rang in again; this call is instead of the call-back.' : 'Still to be called back.'}
        </small>
        <br />
        {[
          `요청 ${formatDayTime(new Date(requestedAt).toISOString())}`,
          `약속 ${formatDayTime(new Date(promisedAt).toISOString())}`,
          attempts > 0 && `시도 ${attempts}회`,
          reason,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    )
  })
}
