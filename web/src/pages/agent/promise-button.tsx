import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { promised } from '../../state/callback-commands.js'
import { canReadCallbacks } from '../../state/callbacks.js'
import { desk, myState } from '../../state/live.js'
import { formatDayTime } from '../../text/format.js'
import { KEYS } from './keys.js'
import { promising } from './promise-form.js'

/** Opens the form; afterwards it says what was promised. */
export function PromiseButton() {
  const contactId = myState.value?.contactId ?? desk.value.pop?.contactId
  if (contactId === undefined || !canReadCallbacks.value) return null
  const when = promised.value.get(contactId)
  if (when !== undefined) {
    return (
      <p class="promised" data-promised={contactId} role="status">
        <T w={{ ko: `콜백 ${formatDayTime(when)}`, en: 'promised' }} />
      </p>
    )
  }
  return (
    <CommandButton
      command="open-promise"
      w={{ ko: '콜백 약속', en: 'Call back' }}
      keys={KEYS.promise}
      onClick={() => (promising.value = !promising.value)}
    />
  )
}
