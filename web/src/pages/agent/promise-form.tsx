import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { TimePicker } from '../../parts/time-picker.js'
import { useTimes } from '../../parts/use-times.js'
import { promiseCallback } from '../../state/callback-commands.js'
import { busy } from '../../state/commands.js'
import { desk } from '../../state/live.js'
import { centre } from '../../state/session.js'

/** True while the agent promises a call-back. */
export const promising = signal(false)

/** When the citizen is phoned back, why, and by whom. Citizen, number and queue are the call's. */
export function PromiseForm({ contactId }: { contactId: string }) {
  const pop = desk.value.pop
  const [queue, setQueue] = useState(pop?.queue ?? '')
  const [at, setAt] = useState('')
  const [reason, setReason] = useState('')
  const [number, setNumber] = useState('')
  const [anybody, setAnybody] = useState(false)
  const choices = useTimes(queue === '' ? undefined : queue, 'agent_promised')
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    const wish = { at, reason, queue, mine: !anybody, ...(number.trim() === '' ? {} : { number: number.trim() }) }
    if (await promiseCallback(contactId, wish)) close()
  }
  return (
    <form
      class="card promise"
      aria-label="콜백 약속 Promise a call-back"
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <h2>
        <T w={{ ko: '콜백 약속', en: 'Promise a call-back' }} />
      </h2>
      <label class="field">
        <T w={{ ko: '왜 다시 전화하나요?', en: 'Why?' }} />
        <input
          ref={first}
          name="reason"
          required
          maxLength={500}
          value={reason}
          placeholder="예: 담당 부서 확인 후 안내"
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      {choices === undefined ? (
        <p class="nothing">시간을 불러오는 중… Loading</p>
      ) : (
        <TimePicker
          choices={choices}
          timeZone={centre.value?.timeZone ?? 'Asia/Seoul'}
          chosen={at}
          onChoose={setAt}
          none={{ ko: '약속할 수 있는 시간이 없습니다.', en: 'No time can be promised.' }}
        />
      )}
      <div class="promise-more">
        <label class="field">
          <T w={{ ko: '대기열', en: 'Queue' }} />
          <select name="queue" value={queue} onChange={(event) => setQueue(event.currentTarget.value)}>
            {centre.value?.queues.map(({ id, label }) => (
              <option key={id} value={id}>
                {label.ko}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <T w={{ ko: '다른 번호 (선택)', en: 'Another number' }} />
          <input
            name="number"
            type="tel"
            value={number}
            placeholder={pop?.caller === undefined ? '번호를 물어보세요' : '비우면 지금 번호로'}
            required={pop !== undefined && pop.caller === undefined}
            onInput={(event) => setNumber(event.currentTarget.value)}
          />
        </label>
      </div>
      <label class="promise-anybody">
        <input
          type="checkbox"
          name="anybody"
          checked={anybody}
          onChange={(event) => setAnybody(event.currentTarget.checked)}
        />
        <T w={{ ko: '내가 아니어도 됩니다 (대기열의 누구나)', en: 'Anybody of the queue may call' }} />
      </label>
      <p class="promise-actions">
        <button
          type="submit"
          class="button button-primary"
          data-command="promise"
          aria-busy={busy.value.has('promise')}
          disabled={at === ''}
        >
          <T w={{ ko: '약속하기', en: 'Promise' }} />
        </button>
        <button type="button" class="button" onClick={close}>
          <T w={{ ko: '닫기', en: 'Close' }} />
        </button>
      </p>
    </form>
  )
}

function close(): void {
  promising.value = false
}
