import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { busy, setPresence } from '../../state/commands.js'
import { active, myState } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { PRESENCE, wordsOf } from '../../text/words.js'
import { KEYS } from './keys.js'

const breaksOpen = signal(false)

/** Shows the break reasons; choosing one starts the break. */
export function openBreaks(): void {
  breaksOpen.value = true
}

/** The presence switch. A choice made while busy takes effect when the work ends, and the switch says so. */
export function PresencePanel() {
  const state = myState.value
  if (!state) return null
  const choose = (presence: 'available' | 'offline') => () => {
    breaksOpen.value = false
    void setPresence({ presence })
  }
  return (
    <fieldset class="panel presence" disabled={!active.value} aria-label="상태 변경 Change presence">
      <Choice presence="available" keys={KEYS.available} onClick={choose('available')} />
      <Choice
        presence="break"
        keys={KEYS.break}
        expanded={breaksOpen.value}
        onClick={() => (breaksOpen.value = !breaksOpen.value)}
      />
      {breaksOpen.value && <BreakReasons />}
      <Choice presence="offline" keys={KEYS.offline} onClick={choose('offline')} />
    </fieldset>
  )
}

function Choice({
  presence,
  keys,
  expanded,
  onClick,
}: {
  presence: 'available' | 'break' | 'offline'
  keys: string
  expanded?: boolean
  onClick: () => void
}) {
  const state = myState.value
  const now = state?.presence === presence
  const planned = state?.nextPresence === presence
  const reason =
    presence === 'break' && (now || planned) ? (planned ? state?.nextBreakReason : state?.breakReason) : undefined
  return (
    <button
      type="button"
      class="choice"
      data-presence={presence}
      aria-pressed={now}
      aria-expanded={expanded}
      aria-keyshortcuts={keys}
      aria-busy={busy.value.has(`presence.${presence}`)}
      onClick={onClick}
    >
      <i class={`dot tone-${presence}`} aria-hidden="true" />
      <span class="choice-words">
        <T w={wordsOf(PRESENCE, presence)} />
        {reason !== undefined && <ReasonName id={reason} />}
        {planned && <span class="choice-note">이 일이 끝나면 · after this work</span>}
      </span>
      <span class="kbd" aria-hidden="true">
        {keys}
      </span>
    </button>
  )
}

function ReasonName({ id }: { id: string }) {
  const reason = centre.value?.breakReasons.find((known) => known.id === id)
  return <span class="choice-note">{reason?.label.ko ?? id}</span>
}

function BreakReasons() {
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    breaksOpen.value = false
    document.querySelector<HTMLElement>('.choice[data-presence=break]')?.focus()
  }
  return (
    <fieldset class="reasons" aria-label="휴식 사유 Break reason" onKeyDown={close}>
      {centre.value?.breakReasons.map((reason, index) => (
        <button
          key={reason.id}
          ref={index === 0 ? first : null}
          type="button"
          class="reason"
          data-reason={reason.id}
          onClick={() => {
            breaksOpen.value = false
            void setPresence({ presence: 'break', breakReason: reason.id })
          }}
        >
          <T w={reason.label} stacked />
          {reason.limitMinutes !== undefined && <span class="reason-limit">{reason.limitMinutes}분</span>}
        </button>
      ))}
    </fieldset>
  )
}
