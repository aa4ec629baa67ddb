import { useEffect, useState } from 'preact/hooks'
import type { CallbackDetail } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Masked } from '../../parts/masked.js'
import { canManageCallbacks } from '../../state/callbacks.js'
import { me } from '../../state/live.js'
import { notifyError } from '../../state/notices.js'
import { server } from '../../state/server.js'
import { CallbackChangeForms } from './change-forms.js'
import { CallbackHistory } from './history.js'

const CHANGEABLE: ReadonlySet<string> = new Set([
  'requested',
  'scheduled',
  'due',
  'queued',
  'offered',
  'no_answer',
  'busy',
])

/** One call-back opened: what was tried and changed, and what can be done. Read anew when its version rises. */
export function CallbackDetails({ id, version }: { id: string; version: number }) {
  const [detail, setDetail] = useState<CallbackDetail>()
  useEffect(() => {
    let there = true
    server.callbacks
      .get(id)
      .then((read) => there && setDetail(read))
      .catch(notifyError)
    return () => {
      there = false
    }
  }, [id, version])
  if (!detail) {
    return (
      <p class="callback-details nothing" role="status">
        불러오는 중… <small lang="en">Loading</small>
      </p>
    )
  }
  return (
    <div class="callback-details" data-details={id}>
      <p class="callback-number">
        <T w={{ ko: '연락처', en: 'Number' }} />
        <Masked of={{ subject: 'callback', id, field: 'number' }} shown={detail.number} fact="number" phone />
        {detail.secondNumber !== undefined && (
          <Masked of={{ subject: 'callback', id, field: 'secondNumber' }} shown={detail.secondNumber} phone />
        )}
      </p>
      <CallbackHistory detail={detail} />
      {CHANGEABLE.has(detail.state) && (mayChange(detail) || detail.ownerAgent === undefined) ? (
        // The list may be newer than what was read here; the change is meant for what is on the screen.
        <CallbackChangeForms
          detail={{ ...detail, version: Math.max(detail.version, version) }}
          all={mayChange(detail)}
        />
      ) : (
        <p class="nothing">
          <T w={{ ko: '지금은 바꿀 수 없습니다.', en: 'Nothing to change now.' }} />
        </p>
      )}
    </div>
  )
}

/** The server decides; the page only spares a refusal. */
function mayChange({ ownerAgent, createdBy, agentId }: CallbackDetail): boolean {
  const id = me.value?.id
  return canManageCallbacks.value || ownerAgent === id || createdBy === id || agentId === id
}
