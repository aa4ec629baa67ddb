import { useLayoutEffect, useRef } from 'preact/hooks'
import { question, type ReasonQuestion } from '../state/ask-reason.js'
import { T } from './bilingual.js'

/** Shortest and longest reason, as the API has them. */
const REASON = { least: 5, most: 300 } as const

/** Asks for the reason of what is written down. A real dialogue: the focus stays inside and goes back, Escape closes. */
export function ReasonDialog() {
  const asked = question.value
  return asked ? <Dialogue key={asked.title.ko} asked={asked} /> : null
}

function Dialogue({ asked }: { asked: ReasonQuestion }) {
  const dialogue = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    dialogue.current?.showModal()
    return () => (before as HTMLElement | null)?.focus?.()
  }, [])
  const close = (reason?: string): void => {
    question.value = undefined
    asked.answer(reason)
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get('reason')).trim()
    if (reason.length >= REASON.least) close(reason)
  }
  return (
    <dialog ref={dialogue} class="reason-dialog" aria-labelledby="reason-title" onClose={() => close()}>
      <form onSubmit={submit}>
        <h2 id="reason-title">
          <T w={asked.title} />
        </h2>
        <p>
          {asked.text.ko} <small lang="en">{asked.text.en}</small>
        </p>
        <label class="field">
          <T w={{ ko: '사유 (5자 이상)', en: 'Reason, 5 letters or more' }} />
          <input
            name="reason"
            required
            autocomplete="off"
            minLength={REASON.least}
            maxLength={REASON.most}
            placeholder="예: 환급 계좌 확인을 위한 통화"
          />
        </label>
        <p class="reason-actions">
          <button type="submit" class="button button-primary" data-command="give-reason">
            <T w={asked.go} />
          </button>
          <button type="button" class="button" onClick={() => close()}>
            <T w={{ ko: '취소', en: 'Cancel' }} />
          </button>
        </p>
      </form>
    </dialog>
  )
}
