import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { saveRecord } from '../../state/commands.js'
import { draftOf, dropDraft } from '../../state/draft.js'
import { askForDisposition } from './ask-disposition.js'
import { RecordForm } from './record-form.js'

/** What was written about the last call when its wrap-up time ran out: nothing written is lost. */
export function UnfinishedRecord({ contactId }: { contactId: string }) {
  const save = async (): Promise<void> => {
    if (draftOf(contactId).disposition === '') return askForDisposition()
    if (await saveRecord(contactId)) dropDraft()
  }
  return (
    <section class="unfinished" data-unfinished={contactId}>
      <header>
        <h2>
          <T w={{ ko: '지난 상담의 기록이 저장되지 않았습니다', en: "The last call's record is not saved yet" }} />
        </h2>
        <CommandButton
          command="save"
          tone="primary"
          w={{ ko: '저장하고 닫기', en: 'Save and close' }}
          onClick={() => void save()}
        />
        <CommandButton command="drop" w={{ ko: '버리기', en: 'Discard' }} onClick={dropDraft} />
      </header>
      <RecordForm contactId={contactId} />
    </section>
  )
}
