import { useState } from 'preact/hooks'
import type { Callback } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Icon } from '../../parts/icon.js'
import { personName } from '../../parts/person-name.js'
import { type CallbackList, riskOf } from '../../state/callbacks.js'
import { now } from '../../state/clock.js'
import { centre } from '../../state/session.js'
import { CALLBACK_KIND, CALLBACK_RISK, CALLBACK_STATE } from '../../text/callback-words.js'
import { formatDayTime, formatPhone, spokenDuration } from '../../text/format.js'
import { wordsOf } from '../../text/words.js'
import { CallbackDetails } from './callback-details.js'

/** Call-backs one below the other; one of them can be open with its history and what can be done. */
export function CallbackRows({ list }: { list: CallbackList }) {
  const [open, setOpen] = useState<string>()
  return (
    <>
      <ul class="callback-rows">
        {list.items.map((callback) => (
          <Row
            key={callback.id}
            callback={callback}
            open={callback.id === open}
            toggle={() => setOpen(callback.id === open ? undefined : callback.id)}
          />
        ))}
      </ul>
      {list.more && (
        <p class="nothing">처음 {list.items.length}건만 보입니다. 더 좁혀서 찾아 주세요. The first ones only.</p>
      )}
    </>
  )
}

function Row({ callback, open, toggle }: { callback: Callback; open: boolean; toggle: () => void }) {
  const risk = riskOf(callback)
  const queue = centre.value?.queues.find(({ id }) => id === callback.queue)?.label.ko ?? callback.queue
  return (
    <li
      class={`card callback-row risk-${risk}`}
      data-callback={callback.id}
      data-risk={risk}
      data-state={callback.state}
    >
      <button type="button" class="callback-head" aria-expanded={open} onClick={toggle}>
        <span class="callback-when">
          <strong>{formatDayTime(callback.promisedAt)}</strong>
          {risk === 'none' ? <Moved callback={callback} /> : <Risk callback={callback} risk={risk} />}
        </span>
        <span class="callback-whom">
          <strong>{formatPhone(callback.number)}</strong>
          <span class="callback-reason">{callback.reason ?? ''}</span>
        </span>
        <span class="callback-facts">
          <span class="chip chip-skill">{wordsOf(CALLBACK_KIND, callback.kind).ko}</span>
          <span class="chip">{queue}</span>
          <span class="chip">
            <Icon name="user" />
            {callback.ownerAgent === undefined ? '누구나' : personName(callback.ownerAgent)}
          </span>
        </span>
        <span class="callback-state">
          <T w={wordsOf(CALLBACK_STATE, callback.state)} stacked />
          <small>
            시도 {callback.attempts}/{callback.maxAttempts}
          </small>
        </span>
      </button>
      {open && <CallbackDetails id={callback.id} version={callback.version} />}
    </li>
  )
}

function Risk({ callback, risk }: { callback: Callback; risk: 'at_risk' | 'overdue' }) {
  const off = Math.abs(Date.parse(callback.promisedAt) - now.value)
  const long = spokenDuration(Math.floor(off / 60_000) * 60_000).replace(/ 0초$/, '')
  return (
    <span class={`risk risk-${risk}`}>
      <Icon name="warn" />
      {wordsOf(CALLBACK_RISK, risk).ko} {off < 60_000 ? '' : `${long} ${risk === 'overdue' ? '지남' : '남음'}`}
      <small lang="en">{wordsOf(CALLBACK_RISK, risk).en}</small>
    </span>
  )
}

/** A promise that was moved says from when. */
function Moved({ callback }: { callback: Callback }) {
  return callback.promisedAt === callback.firstPromisedAt ? null : (
    <small>처음 약속 {formatDayTime(callback.firstPromisedAt)}</small>
  )
}
