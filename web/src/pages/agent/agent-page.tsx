import { useEffect } from 'preact/hooks'
import { SupervisionBar } from '../../parts/supervision-bar.js'
import { isMine, listens } from '../../state/call.js'
import { active, desk, myState, phase } from '../../state/live.js'
import { page } from '../../state/route.js'
import { CallBar } from './call-bar.js'
import { CallbackCard } from './callback-card.js'
import { CallerContextCards } from './caller-context.js'
import { HelpBar } from './help-bar.js'
import { IdleDesk } from './idle-desk.js'
import { OfferAnnouncer } from './offer-announcer.js'
import { PresencePanel } from './presence-panel.js'
import { PromiseForm, promising } from './promise-form.js'
import { RecordForm } from './record-form.js'
import { listenForShortcuts } from './shortcuts.js'
import { TakeOverBar } from './take-over-bar.js'
import { WorkPanel } from './work-panel.js'

/** The agent's desk: own state at the left, the call in the middle. */
export function AgentPage() {
  useEffect(listenForShortcuts, [])
  return (
    <div class="desk" data-page={page.value} data-phase={phase.value} data-active={active.value}>
      <aside class="desk-side" aria-label="내 상태 My state">
        <WorkPanel />
        <PresencePanel />
      </aside>
      <section class="desk-main" aria-label="상담 Call">
        <TakeOverBar />
        <OfferAnnouncer />
        <DeskContent />
      </section>
    </div>
  )
}

function DeskContent() {
  const now = phase.value
  useEffect(() => {
    promising.value = false
  }, [myState.value?.contactId])
  if (listens.value) return <SupervisionBar />
  if (now === 'idle' || now === 'not_responding') return <IdleDesk />
  const contactId = desk.value.pop?.contactId ?? myState.value?.contactId
  return (
    <>
      <CallBar />
      {now === 'talk' && isMine.value && <HelpBar />}
      {now !== 'offer' && promising.value && contactId !== undefined && (
        <PromiseForm key={contactId} contactId={contactId} />
      )}
      <div class={now === 'offer' ? 'call-body call-body-offer' : 'call-body'}>
        <div class="call-about">
          <CallbackCard />
          <CallerContextCards />
        </div>
        {now !== 'offer' && <RecordForm key={contactId} />}
      </div>
    </>
  )
}
