import type { DeviceState } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Icon } from '../../parts/icon.js'
import { Timer } from '../../parts/timer.js'
import { desk, me, myState } from '../../state/live.js'
import { PRESENCE, WORK, type Words, wordsOf } from '../../text/words.js'

/** What an agent who is ready waits for, by what the phone does. */
const READY: Readonly<Record<DeviceState, { readonly says: Words; readonly tone: string }>> = {
  up: { says: { ko: '상담 대기', en: 'Waiting for a call' }, tone: 'available' },
  busy: { says: { ko: '다른 통화 중', en: 'In another call' }, tone: 'talk' },
  down: { says: { ko: '전화기 대기', en: 'Waiting for the phone' }, tone: 'bad' },
}

/** What is happening with the agent now, for how long, and whether the phone can ring. */
export function WorkPanel() {
  const state = myState.value
  if (!state) return null
  const idle = state.work === 'idle'
  const ready = idle && state.presence === 'available'
  const { says, tone } = ready
    ? READY[state.device]
    : {
        says: wordsOf(idle ? PRESENCE : WORK, idle ? state.presence : state.work),
        tone: toneOf(state.presence, state.work),
      }
  const since = idle ? (ready ? (state.idleSince ?? state.presenceSince) : state.presenceSince) : state.workSince
  const talking = state.work === 'talking' || state.work === 'holding'
  return (
    <div class="panel work" data-work={state.work} data-presence={state.presence}>
      <p class="work-says">
        <i class={`dot tone-${tone}`} aria-hidden="true" />
        <T w={says} />
      </p>
      <Timer class="work-timer" since={talking ? (desk.value.talkSince ?? since) : since} />
      <Phone />
    </div>
  )
}

function Phone() {
  const device = me.value?.device
  const state = myState.value
  if (device === undefined) {
    return <PhoneLine bad w={{ ko: '배정된 전화기가 없습니다', en: 'No phone assigned' }} />
  }
  if (state?.device === 'busy' && state.work === 'idle') {
    return (
      <PhoneLine
        w={{
          ko: `전화기 ${device} 통화 중 – 끝나면 전화가 배정됩니다`,
          en: 'Phone in use; calls are offered when it is free',
        }}
      />
    )
  }
  if (state?.device === 'down' || state === undefined) {
    return (
      <div class="phone-warning" role="alert">
        <PhoneLine bad w={{ ko: `전화기 ${device} 미등록`, en: `Phone ${device} is not registered` }} />
        <p>
          전화기가 등록될 때까지 전화가 배정되지 않습니다. 전원과 네트워크를 확인해 주세요.
          <small lang="en">No calls until it registers. Check its power and network.</small>
        </p>
      </div>
    )
  }
  return <PhoneLine w={{ ko: `전화기 ${device} 연결됨`, en: 'Phone ready' }} />
}

function PhoneLine({ w, bad = false }: { w: Words; bad?: boolean }) {
  return (
    <p class={bad ? 'phone-line phone-line-bad' : 'phone-line'}>
      <Icon name={bad ? 'warn' : 'phone'} />
      <T w={w} />
    </p>
  )
}

/** One colour for each thing an agent can be doing, the same on every page. */
export function toneOf(presence: string, work: string): string {
  if (work === 'idle') return presence
  if (work === 'reserved' || work === 'ringing') return 'ring'
  if (work === 'talking' || work === 'holding') return 'talk'
  return work === 'wrapping' ? 'wrap' : 'bad'
}
