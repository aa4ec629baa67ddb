import type { Words } from '../text/words.js'

/** Korean with the English small beside (or below, with `stacked`). */
export function T({ w, stacked }: { w: Words; stacked?: boolean }) {
  return (
    <span class={stacked ? 't t-stacked' : 't'}>
      <span class="t-ko">{w.ko}</span>
      {w.en !== '' && w.en !== w.ko && (
        <span class="t-en" lang="en">
          {w.en}
        </span>
      )}
    </span>
  )
}
