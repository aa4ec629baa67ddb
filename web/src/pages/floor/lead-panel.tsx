import { signal } from '@preact/signals'
import type { Agent } from '../../../../client/src/generated/contracts.js'
import { talkOf } from '../../../../client/src/live/beside.js'
import { Icon } from '../../parts/icon.js'
import { SupervisionButtons } from '../../parts/supervision-buttons.js'
import { canLead, canListen, canWrite } from '../../state/beside.js'
import { floor, me } from '../../state/live.js'
import { PresenceOf } from './presence-of.js'
import { WordForm } from './word-form.js'

/** The agent whose card is open. */
export const leadOpen = signal<string | undefined>(undefined)

const toggleOf = (id: string) => document.querySelector<HTMLElement>(`[data-lead="${id}"]`)

/** Opens and closes what can be done for an agent; not on one's own card. */
export function LeadToggle({ agent }: { agent: Agent }) {
  if (!canLead.value || agent.id === me.value?.id) return null
  const open = leadOpen.value === agent.id
  return (
    <button
      type="button"
      class="icon-button lead-toggle"
      aria-expanded={open}
      aria-label={`${agent.name} 지원 Lead`}
      title="지원 Lead"
      data-lead={agent.id}
      onClick={() => (leadOpen.value = open ? undefined : agent.id)}
    >
      <Icon name="more" />
    </button>
  )
}

/** Listening to the agent's talk, the agent's presence, a word to the agent. Escape goes back to the card. */
export function LeadPanel({ agent }: { agent: Agent }) {
  const contactId = talkOf(floor.value, agent)
  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    leadOpen.value = undefined
    toggleOf(agent.id)?.focus()
  }
  return (
    <fieldset class="lead-panel" aria-label={`${agent.name} 지원 Lead`} onKeyDown={close}>
      {canListen.value && contactId !== undefined && <SupervisionButtons contactId={contactId} />}
      <PresenceOf agent={agent} onDone={() => toggleOf(agent.id)?.focus()} />
      {canWrite.value && <WordForm to={{ agent: agent.id }} />}
    </fieldset>
  )
}
