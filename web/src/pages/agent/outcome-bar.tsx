import type { CallbackDetail } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { setOutcome } from '../../state/callback-commands.js'
import { ATTEMPT_RESULT, CALLBACK_STATE, OUTCOME_WORDS, OUTCOMES } from '../../text/callback-words.js'
import { formatDayTime } from '../../text/format.js'
import { wordsOf } from '../../text/words.js'

/** States in which the attempt under way, or the one that has just ended, can be told. */
const TELLABLE: ReadonlySet<string> = new Set(['dialing', 'connected', 'completed'])

/** What became of this attempt; what is not said counts as a talk. */
export function OutcomeBar({ contactId, detail }: { contactId: string; detail: CallbackDetail }) {
  if (!TELLABLE.has(detail.state)) {
    const last = detail.attemptList.at(-1)?.result
    return (
      <p class="callback-told" role="status" data-told={detail.state}>
        {last !== undefined && <strong>{wordsOf(ATTEMPT_RESULT, last).ko}</strong>}{' '}
        <T w={wordsOf(CALLBACK_STATE, detail.state)} />
        {(detail.state === 'no_answer' || detail.state === 'busy') && ` · ${formatDayTime(detail.dueAt)}`}
      </p>
    )
  }
  return (
    <fieldset class="outcomes">
      <legend class="field-head">
        <T w={{ ko: '통화 결과', en: 'What became of it' }} />
      </legend>
      <div class="outcome-buttons">
        {OUTCOMES.map((outcome) => (
          <CommandButton
            key={outcome}
            command={`outcome.${outcome}`}
            w={OUTCOME_WORDS[outcome]}
            tone={outcome === 'reached' && detail.state === 'completed' ? 'go' : 'quiet'}
            onClick={() => void setOutcome(contactId, detail.id, outcome)}
          />
        ))}
      </div>
    </fieldset>
  )
}
