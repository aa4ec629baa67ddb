import { type SupervisionCommand, supervisionCommands } from '../../../client/src/live/beside.js'
import { listenersOf } from '../state/beside.js'
import { superviseCommand } from '../state/lead-commands.js'
import { me, myState } from '../state/live.js'
import { SUPERVISION_COMMAND } from '../text/supervision-words.js'
import { CommandButton } from './command-button.js'

const ORDER: readonly SupervisionCommand[] = ['listen', 'whisper', 'barge', 'take-over', 'end']

/** Listen, speak, take over, end; what does not fit now is off. */
export function SupervisionButtons({ contactId }: { contactId: string }) {
  const there = listenersOf(contactId)
  const id = me.value?.id ?? ''
  const own = there.find(({ supervisorId }) => supervisorId === id)
  const fits = supervisionCommands(there, id, myState.value?.work === 'idle')
  return (
    <fieldset class="call-buttons" aria-label="통화 지원 Supervision">
      {ORDER.map((command) => (
        <CommandButton
          key={command}
          command={`supervise-${command}`}
          w={SUPERVISION_COMMAND[command]}
          tone={command === 'end' && own ? 'stop' : 'quiet'}
          pressed={command === 'take-over' || command === 'end' ? undefined : own?.mode === command}
          disabled={!fits.has(command)}
          onClick={() => void superviseCommand(contactId, command)}
        />
      ))}
    </fieldset>
  )
}
