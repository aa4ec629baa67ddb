import { useEffect, useRef, useState } from 'preact/hooks'
import type { MessageRequest } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { busy } from '../../state/commands.js'
import { sendWord } from '../../state/lead-commands.js'

/** As the API has it. */
const MOST_LETTERS = 500

/** A word to an agent or a team. */
export function WordForm({
  to,
  focused = false,
  onDone,
}: {
  to: MessageRequest['to']
  focused?: boolean
  onDone?: () => void
}) {
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focused) field.current?.focus()
  }, [])
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (text.trim() === '' || !(await sendWord(to, text.trim()))) return
    setText('')
    onDone?.()
  }
  return (
    <form class="word-form" onSubmit={(event) => void send(event)}>
      <label class="field">
        <span class="only-heard">메시지 Message</span>
        <input
          ref={field}
          name="word"
          required
          autocomplete="off"
          maxLength={MOST_LETTERS}
          value={text}
          placeholder="메시지 (500자까지) Message"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" data-command="send-word" aria-busy={busy.value.has('send-word')}>
        <T w={{ ko: '보내기', en: 'Send' }} />
      </button>
    </form>
  )
}

/** Opens the form to a whole team. */
export function WordToggle({ team }: { team: string }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        class="button button-small"
        aria-expanded={open}
        data-word-team={team}
        onClick={() => setOpen(!open)}
      >
        <T w={{ ko: '팀에 메시지', en: 'Message' }} />
      </button>
      {open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes, as everywhere; the form inside is what is used
        <div class="word-team" onKeyDown={(event) => event.key === 'Escape' && close()}>
          <WordForm to={{ team }} focused onDone={close} />
        </div>
      )}
    </>
  )
}
