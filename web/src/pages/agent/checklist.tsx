import { useState } from 'preact/hooks'
import type { CallbackDetail } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { answerChecklist } from '../../state/callback-commands.js'

/** Questions of a welfare call; short answers by one press, or in words. */
export function Checklist({ contactId, detail }: { contactId: string; detail: CallbackDetail }) {
  const questions = detail.checklist ?? []
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const answerTo = (id: string) => answers[id] ?? questions.find((one) => one.id === id)?.answer ?? ''
  const answer = (id: string, text: string) => setAnswers({ ...answers, [id]: text })
  const save = async (): Promise<void> => {
    if (await answerChecklist(contactId, detail.id, answers)) setAnswers({})
  }
  const changed = Object.keys(answers).length > 0
  return (
    <fieldset class="checklist">
      <legend class="field-head">
        <T w={{ ko: '안심콜 점검표', en: 'Welfare checklist' }} />
      </legend>
      {questions.map(({ id, label }) => (
        <div key={id} class="question" data-question={id}>
          <label for={`question-${id}`}>{label}</label>
          <span class="question-answer">
            {['예', '아니요'].map((short) => (
              <button
                key={short}
                type="button"
                class="segment"
                aria-pressed={answerTo(id) === short}
                onClick={() => answer(id, short)}
              >
                {short}
              </button>
            ))}
            <input
              id={`question-${id}`}
              maxLength={500}
              value={answerTo(id)}
              onInput={(event) => answer(id, event.currentTarget.value)}
            />
          </span>
        </div>
      ))}
      <p class="save-line">
        <CommandButton
          command="checklist"
          w={{ ko: '점검표 저장', en: 'Save' }}
          disabled={!changed}
          onClick={() => void save()}
        />
        <small role="status">{changed ? '저장하지 않은 답이 있습니다. Not saved yet.' : ''}</small>
      </p>
    </fieldset>
  )
}
