import { useEffect } from 'preact/hooks'
import { active, desk, phase } from '../../state/live.js'
import { formatPhone, spokenDuration } from '../../text/format.js'

/** Only where the call can be taken: tells readers who hear the page, and the tab's title, that a call has come. */
export function OfferAnnouncer() {
  const pop = phase.value === 'offer' && active.value ? desk.value.pop : undefined
  useEffect(() => {
    const before = document.title
    if (pop === undefined) return
    document.title = `☎ ${pop.queueLabel.ko} 전화`
    if (!isTyping()) document.querySelector<HTMLElement>('[data-command="accept"]')?.focus()
    return () => {
      document.title = before
    }
  }, [pop?.reservationId])
  return (
    <p class="only-heard" aria-live="assertive">
      {pop &&
        `전화가 왔습니다. ${pop.queueLabel.ko}, ${callerWords(pop.caller)}, ${spokenDuration(pop.waitMs)} 기다림. 받기 Alt A, 거절 Alt R.`}
    </p>
  )
}

function callerWords(caller: string | undefined): string {
  return caller === undefined ? '발신 번호 없음' : formatPhone(caller)
}

/** The focus is not taken from somebody who writes. */
function isTyping(): boolean {
  return document.activeElement?.matches('textarea, input, select') ?? false
}
