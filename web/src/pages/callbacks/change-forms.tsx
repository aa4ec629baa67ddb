import { useState } from 'preact/hooks'
import type { CallbackDetail } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { TimePicker } from '../../parts/time-picker.js'
import { useTimes } from '../../parts/use-times.js'
import { cancelCallback, reassign, reschedule } from '../../state/callback-commands.js'
import { canManageCallbacks } from '../../state/callbacks.js'
import { busy } from '../../state/commands.js'
import { floor, me } from '../../state/live.js'
import { centre } from '../../state/session.js'
import type { Words } from '../../text/words.js'

type What = 'reassign' | 'reschedule' | 'cancel'

const WORDS: Readonly<Record<What, Words>> = {
  reschedule: { ko: '시간 변경', en: 'Reschedule' },
  reassign: { ko: '담당 변경', en: 'Reassign' },
  cancel: { ko: '콜백 취소', en: 'Cancel' },
}

/** Another time, another owner, or the end; each with a reason, one form at a time. */
export function CallbackChangeForms({ detail, all }: { detail: CallbackDetail; all: boolean }) {
  const [what, setWhat] = useState<What>()
  const choices: readonly What[] = all ? ['reschedule', 'reassign', 'cancel'] : ['reassign']
  return (
    <div class="callback-change">
      <fieldset class="segments" aria-label="바꾸기 Change">
        {choices.map((one) => (
          <button
            key={one}
            type="button"
            class="segment"
            data-change={one}
            aria-expanded={what === one}
            onClick={() => setWhat(what === one ? undefined : one)}
          >
            <T w={WORDS[one]} />
          </button>
        ))}
      </fieldset>
      {what && <ChangeForm key={what} what={what} detail={detail} done={() => setWhat(undefined)} />}
    </div>
  )
}

function ChangeForm({ what, detail, done }: { what: What; detail: CallbackDetail; done: () => void }) {
  const [reason, setReason] = useState('')
  const [owner, setOwner] = useState(canManageCallbacks.value ? '' : (me.value?.id ?? ''))
  const [at, setAt] = useState('')
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    const { id, version } = detail
    const sent =
      what === 'reassign'
        ? reassign(id, version, owner === '' ? null : owner, reason)
        : what === 'reschedule'
          ? reschedule(id, version, at, reason)
          : cancelCallback(id, version, reason)
    if (await sent) done()
  }
  return (
    <form class="callback-form" data-form={what} onSubmit={(event) => void send(event)}>
      {what === 'reassign' && <OwnerChoice owner={owner} choose={setOwner} own={detail.ownerAgent} />}
      {what === 'reschedule' && <TimeChoice detail={detail} at={at} choose={setAt} />}
      <label class="field">
        <T w={{ ko: '사유', en: 'Reason' }} />
        <input
          name="why"
          required
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <button
        type="submit"
        class={what === 'cancel' ? 'button button-stop' : 'button button-primary'}
        aria-busy={busy.value.has('callback')}
        disabled={what === 'reschedule' && at === ''}
      >
        <T w={WORDS[what]} />
      </button>
    </form>
  )
}

function OwnerChoice({ owner, choose, own }: { owner: string; choose: (id: string) => void; own: string | undefined }) {
  const people = [...floor.value.agents.values()].filter(({ device }) => device !== undefined)
  const mayTake = canManageCallbacks.value ? people : people.filter(({ id }) => id === me.value?.id)
  return (
    <label class="field">
      <T w={{ ko: '담당 상담사', en: 'Owner' }} />
      <select name="owner" value={owner} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">누구나 (대기열) Anybody</option>
        {mayTake
          .filter(({ id }) => id !== own)
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </select>
    </label>
  )
}

function TimeChoice({ detail, at, choose }: { detail: CallbackDetail; at: string; choose: (at: string) => void }) {
  const choices = useTimes(detail.queue, detail.kind)
  if (choices === undefined) return <p class="nothing">불러오는 중… Loading</p>
  return (
    <TimePicker
      choices={choices}
      timeZone={centre.value?.timeZone ?? 'Asia/Seoul'}
      chosen={at}
      onChoose={choose}
      none={{ ko: '고를 수 있는 시간이 없습니다.', en: 'No time to choose.' }}
    />
  )
}
