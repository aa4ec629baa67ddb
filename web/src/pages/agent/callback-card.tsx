import { useEffect } from 'preact/hooks'
import type { CallbackAbout } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Icon } from '../../parts/icon.js'
import { personName } from '../../parts/person-name.js'
import { onScreen, readOnScreen } from '../../state/callback-commands.js'
import { desk, phase } from '../../state/live.js'
import { CALLBACK_KIND } from '../../text/callback-words.js'
import { formatDayTime } from '../../text/format.js'
import { wordsOf } from '../../text/words.js'
import { Attempts } from '../callbacks/history.js'
import { Checklist } from './checklist.js'
import { OutcomeBar } from './outcome-bar.js'

/** Why this citizen is phoned: who promised what to whom, what was tried so far, and what comes of it. Nothing for a call that came in. */
export function CallbackCard() {
  const pop = desk.value.pop
  useEffect(() => {
    // Without it the pop still says why; the card fills in when the record is back.
    if (pop) readOnScreen(pop.contactId, pop.callback?.callbackId).catch(() => undefined)
  }, [pop?.contactId, phase.value])
  if (!pop) return null
  const detail = onScreen.value?.contactId === pop.contactId ? onScreen.value.callback : undefined
  const about = detail ?? fromPop(pop.callback)
  if (!about) return null
  return (
    <section class="card callback-card" data-on-screen={about.id}>
      <h2>
        <Icon name="history" />
        <T w={{ ko: '콜백', en: 'Call-back' }} />
        <span class="chip chip-skill">{wordsOf(CALLBACK_KIND, about.kind).ko}</span>
        <span class="count">
          {about.attempts}/{about.maxAttempts}
        </span>
      </h2>
      <p class="callback-why">
        <strong data-fact="callback-reason">{about.reason ?? wordsOf(CALLBACK_KIND, about.kind).ko}</strong>
      </p>
      <p class="row-more">
        {personName(about.createdBy)} · {formatDayTime(about.requestedAt)} <small lang="en">asked for it</small>
      </p>
      <p class="row-more">
        약속 {formatDayTime(about.promisedAt)}
        {about.ownerAgent !== undefined && ` · 담당 ${personName(about.ownerAgent)}`}
      </p>
      {detail && <Attempts attempts={detail.attemptList} />}
      {detail?.checklist && phase.value !== 'offer' && (
        <Checklist key={detail.id} contactId={pop.contactId} detail={detail} />
      )}
      {detail && phase.value !== 'offer' && <OutcomeBar contactId={pop.contactId} detail={detail} />}
    </section>
  )
}

/** What the pop says before the record has answered. */
function fromPop(callback: CallbackAbout | undefined) {
  if (!callback) return undefined
  const { callbackId, requestedAt, promisedAt, ...same } = callback
  const instant = (at: number) => new Date(at).toISOString()
  return { ...same, id: callbackId, requestedAt: instant(requestedAt), promisedAt: instant(promisedAt) }
}
