import { useEffect } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { busy, saveRecord } from '../../state/commands.js'
import { draftOf, writeDraft } from '../../state/draft.js'
import { desk, myState } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { dispositionMissing } from './ask-disposition.js'
import { KEYS } from './keys.js'

/** Notes, category and disposition of the present call, or of `contactId` when the wrap-up ended without one. */
export function RecordForm({ contactId: given }: { contactId?: string }) {
  const contactId = given ?? myState.value?.contactId
  useEffect(() => {
    dispositionMissing.value = false
  }, [contactId])
  if (contactId === undefined) return null
  const draft = draftOf(contactId)
  const labels = centre.value
  return (
    <form class="record card" onSubmit={(event) => event.preventDefault()} aria-label="상담 기록 Record">
      <label class="field field-notes">
        <span class="field-head">
          <T w={{ ko: '상담 메모', en: 'Notes' }} />
          <span class="kbd" aria-hidden="true">
            {KEYS.notes}
          </span>
        </span>
        <textarea
          id="notes"
          rows={4}
          maxLength={4000}
          value={draft.notes}
          aria-keyshortcuts={KEYS.notes}
          placeholder="주민등록번호는 적지 마세요."
          onInput={(event) => writeDraft(contactId, { notes: event.currentTarget.value })}
        />
      </label>
      <fieldset
        class="field dispositions"
        aria-invalid={dispositionMissing.value}
        aria-describedby="disposition-missing"
      >
        <legend class="field-head">
          <T w={{ ko: '처리 결과', en: 'Disposition' }} />
          <span class="kbd" aria-hidden="true">
            {KEYS.disposition}
          </span>
        </legend>
        <p id="disposition-missing" class="missing" role="alert">
          {dispositionMissing.value && (
            <>
              처리 결과를 골라야 마칠 수 있습니다. <small lang="en">Choose one to finish.</small>
            </>
          )}
        </p>
        <div class="options">
          {labels?.dispositions.map((disposition) => (
            <label key={disposition.id} class="option">
              <input
                type="radio"
                name="disposition"
                value={disposition.id}
                checked={draft.disposition === disposition.id}
                onChange={() => {
                  writeDraft(contactId, { disposition: disposition.id })
                  dispositionMissing.value = false
                }}
              />
              <T w={disposition.label} stacked />
            </label>
          ))}
        </div>
      </fieldset>
      <label class="field field-category">
        <T w={{ ko: '분류', en: 'Category' }} />
        <select
          name="category"
          value={draft.category}
          onChange={(event) => writeDraft(contactId, { category: event.currentTarget.value })}
        >
          <option value="">고르지 않음 —</option>
          {labels?.categories.map((category) => (
            <option key={category.id} value={category.id}>
              {category.label.ko} {category.label.en}
            </option>
          ))}
        </select>
      </label>
      <SaveLine contactId={contactId} />
    </form>
  )
}

function SaveLine({ contactId }: { contactId: string }) {
  const draft = draftOf(contactId)
  const saved = desk.value.disposed.has(contactId)
  return (
    <p class="save-line">
      <button
        type="button"
        class="button button-quiet"
        data-command="save"
        disabled={draft.disposition === ''}
        aria-busy={busy.value.has('save')}
        onClick={() => void saveRecord(contactId)}
      >
        <T w={{ ko: '기록 저장', en: 'Save' }} />
      </button>
      <small role="status">
        {saved ? '기록에 저장되었습니다. Saved.' : '마칠 때 함께 저장됩니다. Saved when you finish.'}
      </small>
    </p>
  )
}
