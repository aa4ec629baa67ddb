import { useEffect, useRef, useState } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { pressKeys } from '../../state/call.js'
import { closePanel } from './call-panel.js'

const PAD = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const

/** Keys for whoever the agent is with; the computer's number keys work as well. What was sent stays on the screen only while it is open. */
export function Keypad() {
  const [sent, setSent] = useState('')
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  const press = (digit: string): void => {
    setSent((before) => before + digit)
    void pressKeys(digit)
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') closePanel()
    else if (!event.altKey && !event.ctrlKey && !event.metaKey && /^[0-9*#]$/.test(event.key)) {
      event.preventDefault()
      press(event.key)
    }
  }
  return (
    <fieldset class="keypad" aria-label="키패드 Keypad" onKeyDown={onKey}>
      <p class="keypad-sent" role="status" data-sent={sent}>
        {sent === '' ? <T w={{ ko: '숫자 키로도 누를 수 있습니다', en: 'Number keys work, too' }} /> : sent}
      </p>
      <div class="keypad-keys">
        {PAD.map((digit, index) => (
          <button
            key={digit}
            ref={index === 0 ? first : null}
            type="button"
            class="button"
            data-digit={digit}
            onClick={() => press(digit)}
          >
            {digit}
          </button>
        ))}
      </div>
    </fieldset>
  )
}
