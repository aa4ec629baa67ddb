import { now } from '../state/clock.js'
import { formatClock } from '../text/format.js'

/** Runs up from `since`, or down to `until` (epoch ms). Readers who hear the page are not told every second. */
export function Timer({ since, until, class: name = '' }: { since?: number; until?: number; class?: string }) {
  const at = now.value
  const ms = until !== undefined ? until - at + 999 : at - (since ?? at)
  return (
    <span class={`timer ${name}`} role="timer" aria-live="off">
      {formatClock(ms)}
    </span>
  )
}
