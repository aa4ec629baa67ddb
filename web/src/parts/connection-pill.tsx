import { type Connection, connection } from '../state/events.js'
import type { Words } from '../text/words.js'
import { T } from './bilingual.js'

const SAYS: Readonly<Record<Connection, Words>> = {
  connecting: { ko: '연결 중…', en: 'Connecting' },
  connected: { ko: '연결됨', en: 'Live' },
  reconnecting: { ko: '다시 연결 중…', en: 'Reconnecting' },
  stale: { ko: '이전 화면입니다. 확인 중…', en: 'Old picture, checking' },
  resynced: { ko: '다시 맞춤', en: 'Resynced' },
}

/** Whether what the page shows is live. */
export function ConnectionPill() {
  const state = connection.value
  return (
    <span class={`pill pill-${state}`} role="status" data-connection={state}>
      <i class="dot" aria-hidden="true" />
      <T w={SAYS[state]} />
    </span>
  )
}
