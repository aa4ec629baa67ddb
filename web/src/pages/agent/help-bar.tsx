import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { Icon } from '../../parts/icon.js'
import { personName } from '../../parts/person-name.js'
import { Timer } from '../../parts/timer.js'
import { myHelp, myListeners } from '../../state/beside.js'
import { isMine } from '../../state/call.js'
import { askForHelp, withdrawHelp } from '../../state/lead-commands.js'
import { myState, phase } from '../../state/live.js'
import { LISTENS } from '../../text/supervision-words.js'
import { KEYS } from './keys.js'

/** As the API has it. */
const MOST_LETTERS = 200

/** The contact for which the note is being written. */
const asking = signal<string | undefined>(undefined)

/** Only in a talk of one's own, and while nobody was asked. */
export function toggleHelpForm(): void {
  const contactId = phase.value === 'talk' && isMine.value && !myHelp.value ? myState.value?.contactId : undefined
  asking.value = asking.value === contactId ? undefined : contactId
}

/** Who listens to this talk, where the centre tells; and the own call for help. */
export function HelpBar() {
  const contactId = myState.value?.contactId
  const help = myHelp.value
  if (contactId === undefined) return null
  return (
    <div class="help-bar" data-help={help ? (help.answeredBy === undefined ? 'asked' : 'answered') : 'none'}>
      <div class="help-says" role="status">
        {myListeners.value.map(({ id, supervisorId, mode }) => (
          <p key={id} class="heard-mark" data-listener={supervisorId} data-mode={mode}>
            <Icon name="headset" />
            <T w={{ ko: `${personName(supervisorId)}${LISTENS[mode].ko}`, en: LISTENS[mode].en }} />
          </p>
        ))}
        {help && (
          <p class="help-state">
            <Icon name="flag" />
            {help.answeredBy === undefined ? (
              <>
                <T w={{ ko: '도움을 요청했습니다', en: 'You asked for help' }} />
                <Timer since={help.at} />
              </>
            ) : (
              <T w={{ ko: `${personName(help.answeredBy)}님이 옵니다`, en: 'comes' }} />
            )}
          </p>
        )}
      </div>
      {help ? (
        <CommandButton
          command="withdraw-help"
          w={
            help.answeredBy === undefined ? { ko: '요청 취소', en: 'Withdraw' } : { ko: '이제 괜찮습니다', en: 'Done' }
          }
          onClick={() => void withdrawHelp(contactId)}
        />
      ) : (
        <CommandButton
          command="open-help"
          w={{ ko: '도움 요청', en: 'Ask for help' }}
          keys={KEYS.help}
          expanded={asking.value === contactId}
          onClick={toggleHelpForm}
        />
      )}
      {!help && asking.value === contactId && <HelpForm contactId={contactId} />}
    </div>
  )
}

function HelpForm({ contactId }: { contactId: string }) {
  const [note, setNote] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const ask = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (await askForHelp(contactId, note)) asking.value = undefined
  }
  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    asking.value = undefined
    document.querySelector<HTMLElement>('[data-command="open-help"]')?.focus()
  }
  return (
    <form class="word-form" onSubmit={(event) => void ask(event)} onKeyDown={close}>
      <label class="field">
        <span class="only-heard">무슨 일인가요? (선택) What is it about</span>
        <input
          ref={field}
          name="help-note"
          autocomplete="off"
          maxLength={MOST_LETTERS}
          value={note}
          placeholder="무슨 일인가요? (선택) What is it about"
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <CommandButton
        command="ask-help"
        tone="primary"
        w={{ ko: '요청하기', en: 'Ask' }}
        onClick={() => field.current?.form?.requestSubmit()}
      />
    </form>
  )
}
