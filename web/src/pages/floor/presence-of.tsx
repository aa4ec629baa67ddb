import { useEffect, useRef, useState } from 'preact/hooks'
import type { Agent, PresenceRequest } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { setPresenceOf } from '../../state/lead-commands.js'
import { centre } from '../../state/session.js'
import { PRESENCE, wordsOf } from '../../text/words.js'

/** Puts an agent on a break or offline, after asking once more: it is somebody else's state. @param onDone the focus needs a new place */
export function PresenceOf({ agent, onDone }: { agent: Agent; onDone: () => void }) {
  const [reason, setReason] = useState('')
  const [wish, setWish] = useState<PresenceRequest>()
  const breaks = centre.value?.breakReasons ?? []
  const chosen = reason === '' ? breaks[0]?.id : reason
  const state = agent.state
  if (!state) return null
  const done = (): void => {
    setWish(undefined)
    onDone()
  }
  if (wish) return <Confirm agent={agent} wish={wish} onDone={done} />
  return (
    <div class="presence-of">
      {chosen !== undefined && (
        <label class="field">
          <span class="only-heard">휴식 사유 Break reason</span>
          <select name="break" value={chosen} onChange={(event) => setReason(event.currentTarget.value)}>
            {breaks.map(({ id, label }) => (
              <option key={id} value={id}>
                {label.ko}
              </option>
            ))}
          </select>
        </label>
      )}
      <CommandButton
        command="force-break"
        w={wordsOf(PRESENCE, 'break')}
        disabled={chosen === undefined || state.presence === 'break'}
        onClick={() => setWish({ presence: 'break', breakReason: chosen })}
      />
      <CommandButton
        command="force-offline"
        w={wordsOf(PRESENCE, 'offline')}
        disabled={state.presence === 'offline'}
        onClick={() => setWish({ presence: 'offline' })}
      />
    </div>
  )
}

function Confirm({ agent, wish, onDone }: { agent: Agent; wish: PresenceRequest; onDone: () => void }) {
  const question = useRef<HTMLDivElement>(null)
  useEffect(() => question.current?.querySelector('button')?.focus(), [])
  const words = wordsOf(PRESENCE, wish.presence)
  const busyNow = agent.state?.work !== 'idle'
  return (
    <div ref={question} class="presence-of presence-confirm" role="alertdialog" aria-label="상태 변경 확인 Confirm">
      <p>
        {agent.name} 상담사를 ‘{words.ko}’(으)로 바꿀까요?
        {busyNow && ' 지금 하는 일이 끝나면 바뀝니다.'}{' '}
        <small lang="en">
          To {words.en.toLowerCase()}
          {busyNow && ' when the present work ends'}?
        </small>
      </p>
      <CommandButton
        command={`presence-of.${agent.id}`}
        tone="primary"
        w={{ ko: '바꾸기', en: 'Change' }}
        onClick={() => void setPresenceOf(agent.id, wish).then(onDone)}
      />
      <button type="button" class="button" onClick={onDone}>
        <T w={{ ko: '취소', en: 'Cancel' }} />
      </button>
    </div>
  )
}
