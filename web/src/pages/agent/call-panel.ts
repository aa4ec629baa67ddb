import { computed, effect, signal } from '@preact/signals'
import { allowed, order, type TargetCommand } from '../../state/call.js'
import { phase } from '../../state/live.js'

/** What is open below the call's buttons. */
export type Panel = TargetCommand | 'dtmf'

const wanted = signal<Panel | undefined>(undefined)

/** Only while its command fits: a panel whose moment is over closes by itself. */
export const panel = computed(() =>
  wanted.value !== undefined && allowed.value.has(wanted.value) ? wanted.value : undefined,
)

effect(() => {
  if (phase.value !== 'talk') wanted.value = undefined
})

export function togglePanel(which: Panel): void {
  wanted.value = panel.value === which || !allowed.value.has(which) ? undefined : which
}

/** Back to the button that opened it. */
export function closePanel(): void {
  const which = wanted.value
  wanted.value = undefined
  if (which !== undefined) document.querySelector<HTMLElement>(`[data-command="${which}"]`)?.focus()
}

/** A shortcut or button whose command does not fit now does nothing. */
export function orderIfAllowed(command: Parameters<typeof order>[0]): void {
  if (allowed.value.has(command)) void order(command)
}
export const toggleHold = (): void => orderIfAllowed(allowed.value.has('resume') ? 'resume' : 'hold')
export const toggleMute = (): void => orderIfAllowed(allowed.value.has('unmute') ? 'unmute' : 'mute')
export const togglePark = (): void => orderIfAllowed(allowed.value.has('pick-up') ? 'pick-up' : 'park')
