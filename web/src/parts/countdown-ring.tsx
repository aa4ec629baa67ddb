import { now } from '../state/clock.js'

const RADIUS = 44
const LENGTH = 2 * Math.PI * RADIUS

/** A ring that empties from `from` to `until` (epoch ms), with the seconds left inside. */
export function CountdownRing({ from, until, label }: { from: number; until: number; label: string }) {
  const left = Math.max(0, until - now.value)
  const total = Math.max(1, until - from)
  const part = Math.min(1, left / total)
  const seconds = Math.ceil(left / 1000)
  const tone = part <= 0.25 || seconds <= 5 ? 'ring ring-late' : 'ring'
  return (
    <div class={tone} role="timer" aria-label={`${label} ${seconds}초`} aria-live="off">
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle class="ring-track" cx="50" cy="50" r={RADIUS} />
        <circle
          class="ring-left"
          cx="50"
          cy="50"
          r={RADIUS}
          stroke-dasharray={LENGTH}
          stroke-dashoffset={LENGTH * (1 - part)}
          transform="rotate(-90 50 50)"
        />
      </svg>
      <span class="ring-figure" aria-hidden="true">
        <b>{seconds}</b>
        <small>초</small>
      </span>
    </div>
  )
}
