import { queueFigures } from '../../../../client/src/live/figures.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { Timer } from '../../parts/timer.js'
import { setPresence } from '../../state/commands.js'
import { draft } from '../../state/draft.js'
import { desk, floor, me, myState } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { OUTCOME, WORK_REASON, type Words, wordsOf } from '../../text/words.js'
import { KEYS } from './keys.js'
import { ParkedCalls } from './parked-calls.js'
import { UnfinishedRecord } from './unfinished-record.js'

/** No call now: what will happen next, and how it looks in the queues of this agent. */
export function IdleDesk() {
  const outcome = desk.value.outcome
  const open = draft.value
  return (
    <>
      {outcome && (
        <p class={`outcome outcome-${outcome.kind}`} role="status" data-outcome={outcome.kind}>
          <T w={wordsOf(OUTCOME, outcome.kind)} />
        </p>
      )}
      {open && !desk.value.disposed.has(open.contactId) && (open.notes !== '' || open.disposition !== '') && (
        <UnfinishedRecord contactId={open.contactId} />
      )}
      <Outlook />
      <ParkedCalls />
      <MyQueues />
    </>
  )
}

function Outlook() {
  const state = myState.value
  if (!state) return null
  if (state.work === 'not_responding') {
    const reason = wordsOf(WORK_REASON, state.workReason)
    return (
      <Empty
        tone="bad"
        title={{ ko: '전화 배정이 멈췄습니다', en: 'No more calls are offered' }}
        text={{
          ko: `${reason.ko}. 준비되면 아래 단추를 눌러 주세요.`,
          en: `${reason.en}. Press the button when you are ready.`,
        }}
        back
      />
    )
  }
  if (state.presence === 'available' && state.device === 'up') {
    return (
      <Empty
        tone="available"
        title={{ ko: '대기 중…', en: 'Waiting' }}
        text={{
          ko: '전화가 오면 벨이 울리기 전에 고객 정보가 여기에 표시됩니다.',
          en: 'When a call comes, who calls appears here before your phone rings.',
        }}
      />
    )
  }
  if (state.presence === 'available' && state.device === 'busy') {
    return (
      <Empty
        tone="talk"
        title={{ ko: '다른 통화 중', en: 'In another call' }}
        text={{
          ko: '지금 통화가 끝나면 바로 전화가 배정됩니다.',
          en: 'Calls are offered as soon as the call on your phone is over.',
        }}
      />
    )
  }
  if (state.presence === 'available') {
    return (
      <Empty
        tone="bad"
        title={{ ko: '전화기를 기다리는 중', en: 'Waiting for your phone' }}
        text={{ ko: '전화기가 등록되면 바로 전화가 배정됩니다.', en: 'Calls are offered as soon as it registers.' }}
      />
    )
  }
  if (state.presence === 'offline' && state.presenceReason === 'client_lost') {
    return (
      <Empty
        tone="bad"
        title={{ ko: '연결이 끊겨 오프라인이 되었습니다', en: 'Offline: this page was away' }}
        text={{
          ko: '화면 연결이 오래 끊겨 전화 배정을 멈췄습니다. 준비되면 상담 가능으로 바꿔 주세요.',
          en: 'The page was disconnected for too long, so calls stopped. Switch to Available when you are ready.',
        }}
        back
      />
    )
  }
  const resting = state.presence === 'break'
  const reason = centre.value?.breakReasons.find((known) => known.id === state.breakReason)
  return (
    <Empty
      tone={state.presence}
      title={
        resting
          ? { ko: `${reason?.label.ko ?? '휴식'} 중`, en: reason?.label.en ?? 'On a break' }
          : { ko: '오프라인', en: 'Offline' }
      }
      text={{
        ko: '지금은 전화가 배정되지 않습니다. 상담 가능으로 바꾸면 전화를 받을 수 있습니다.',
        en: 'No calls are offered now. Switch to Available to take calls.',
      }}
      back
    />
  )
}

function Empty({ tone, title, text, back = false }: { tone: string; title: Words; text: Words; back?: boolean }) {
  return (
    <div class={`empty tone-${tone}`} data-empty={tone}>
      <span class="pulse" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <div>
        <h1>
          <T w={title} />
        </h1>
        <p class="empty-ko">{text.ko}</p>
        <p lang="en" class="empty-en">
          {text.en}
        </p>
        {back && (
          <CommandButton
            command="presence.available"
            tone="go"
            large
            w={{ ko: '상담 가능으로', en: 'Go available' }}
            keys={KEYS.available}
            onClick={() => void setPresence({ presence: 'available' })}
          />
        )}
      </div>
    </div>
  )
}

function MyQueues() {
  const mine = me.value?.queues ?? []
  const rows = queueFigures(floor.value).filter((row) => mine.includes(row.queue.id))
  if (rows.length === 0) return null
  return (
    <section class="card my-queues">
      <h2>
        <T w={{ ko: '내 대기열', en: 'My queues' }} />
      </h2>
      <ul>
        {rows.map((row) => (
          <li
            key={row.queue.id}
            class={row.waiting > 0 ? 'queue-tile queue-tile-waiting' : 'queue-tile'}
            data-queue={row.queue.id}
          >
            <T w={row.queue.label} stacked />
            <span class="queue-tile-figure">
              <b>{row.waiting}</b>
              <small>{row.oldest === undefined ? '대기 없음' : <Timer since={row.oldest} />}</small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
