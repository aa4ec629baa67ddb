import type { Help } from '../../../../client/src/generated/contracts.js'
import { supervisionCommands } from '../../../../client/src/live/beside.js'
import type { LiveEvent } from '../../../../client/src/live/floor.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { Icon } from '../../parts/icon.js'
import { personName } from '../../parts/person-name.js'
import { Timer } from '../../parts/timer.js'
import { calledFor, canLead, canListen, canWrite, listenersOf } from '../../state/beside.js'
import { answerHelp, superviseCommand } from '../../state/lead-commands.js'
import { me, myState } from '../../state/live.js'
import { notify } from '../../state/notices.js'
import { SUPERVISION_COMMAND } from '../../text/supervision-words.js'
import { WordForm } from './word-form.js'

/** On whatever page: somebody wants help. */
export function tellHelpAsked({ type, data }: LiveEvent): void {
  const id = me.value?.id
  if (type !== 'help.requested' || id === undefined || !(data.to as string[]).includes(id)) return
  const name = personName(data.from as string)
  notify('warn', {
    ko: `${name} 상담사가 도움을 요청합니다. ‘현황’에서 응답해 주세요.`,
    en: 'A call for help; see Floor.',
  })
}

/** Agents who ask for somebody: say that one comes, write a word, or listen at once. */
export function HelpList() {
  const open = calledFor.value
  if (!canLead.value || open.length === 0) return null
  return (
    <section class="card help-list">
      <h2>
        <T w={{ ko: '도움 요청', en: 'Calls for help' }} />
      </h2>
      <ul>
        {open.map((help) => (
          <HelpRow key={help.contactId} help={help} />
        ))}
      </ul>
    </section>
  )
}

function HelpRow({ help: { contactId, agentId, at, note, answeredBy } }: { help: Help }) {
  const name = personName(agentId)
  const fits = supervisionCommands(listenersOf(contactId), me.value?.id ?? '', myState.value?.work === 'idle')
  return (
    <li data-help={agentId} data-answered={answeredBy}>
      <p class="help-who">
        <Icon name="flag" />
        <strong>{name}</strong>
        <Timer since={at} />
        {note !== undefined && <span class="help-note">{note}</span>}
      </p>
      <div class="help-actions">
        {answeredBy === undefined ? (
          <CommandButton
            command={`answer-help.${contactId}`}
            tone="primary"
            w={{ ko: '갑니다', en: 'I come' }}
            label={`${name} 상담사에게 갑니다 I come`}
            onClick={() => void answerHelp(contactId)}
          />
        ) : (
          <span class="chip chip-skill">
            {personName(answeredBy)}님이 갑니다 <small lang="en">comes</small>
          </span>
        )}
        {canListen.value && (
          <CommandButton
            command="supervise-listen"
            w={SUPERVISION_COMMAND.listen}
            label={`${name} 상담사의 통화 청취 Listen`}
            disabled={!fits.has('listen')}
            onClick={() => void superviseCommand(contactId, 'listen')}
          />
        )}
        {canWrite.value && <WordForm to={{ agent: agentId }} />}
      </div>
    </li>
  )
}
