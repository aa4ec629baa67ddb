import { isMine } from '../../state/call.js'
import { promised } from '../../state/callback-commands.js'
import { acceptOffer, extendWrapUp, finishWrapUp, hangUp, rejectOffer, setPresence } from '../../state/commands.js'
import { draftOf } from '../../state/draft.js'
import { myState, phase } from '../../state/live.js'
import { pickUpLongestParked } from '../../state/parked.js'
import { askForDisposition } from './ask-disposition.js'
import { orderIfAllowed, toggleHold, toggleMute, togglePanel, togglePark } from './call-panel.js'
import { toggleHelpForm } from './help-bar.js'
import { EXTEND_SECONDS } from './keys.js'
import { openBreaks } from './presence-panel.js'
import { promising } from './promise-form.js'

const ACTIONS: Readonly<Record<string, () => unknown>> = {
  KeyA: () => phase.value === 'offer' && acceptOffer(),
  KeyR: () => phase.value === 'offer' && rejectOffer(),
  KeyH: () => phase.value === 'talk' && isMine.value && hangUp(),
  KeyL: toggleHold,
  KeyM: toggleMute,
  KeyP: () => (phase.value === 'idle' ? pickUpLongestParked() : togglePark()),
  KeyK: () => togglePanel('dtmf'),
  KeyQ: () => togglePanel('consult'),
  KeyT: () => togglePanel('transfer'),
  KeyG: () => togglePanel('conference'),
  KeyW: () => orderIfAllowed('swap'),
  KeyY: () => orderIfAllowed('complete'),
  KeyJ: () => orderIfAllowed('merge'),
  KeyZ: () => orderIfAllowed('cancel'),
  KeyE: () => orderIfAllowed('leave'),
  KeyN: () => document.getElementById('notes')?.focus(),
  KeyS: () => focusDisposition(),
  KeyX: () => phase.value === 'wrap' && extendWrapUp(EXTEND_SECONDS),
  Enter: () => phase.value === 'wrap' && finish(),
  KeyC: () => openPromise(),
  KeyU: toggleHelpForm,
  KeyV: () => setPresence({ presence: 'available' }),
  KeyB: () => openBreaks(),
  KeyO: () => setPresence({ presence: 'offline' }),
}

/** Listens until the returned function is called. */
export function listenForShortcuts(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return
    const action = ACTIONS[event.code]
    if (!action) return
    event.preventDefault()
    void action()
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

/** Ends the wrap-up, or says that the disposition is missing and goes there. */
export function finish(): void {
  const contactId = myState.value?.contactId
  if (contactId === undefined) return
  if (draftOf(contactId).disposition === '') askForDisposition()
  else void finishWrapUp(contactId)
}

/** Only in a call or its wrap-up, and once for each. */
function openPromise(): void {
  const contactId = myState.value?.contactId
  const inCall = phase.value === 'talk' || phase.value === 'wrap'
  if (inCall && contactId !== undefined && !promised.value.has(contactId)) promising.value = true
}

function focusDisposition(): void {
  const chosen = document.querySelector<HTMLInputElement>('input[name="disposition"]:checked')
  const first = document.querySelector<HTMLInputElement>('input[name="disposition"]')
  ;(chosen ?? first)?.focus()
}
