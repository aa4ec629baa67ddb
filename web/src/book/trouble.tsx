import { useEffect, useRef } from 'preact/hooks'
import { T } from '../parts/bilingual.js'
import { trouble } from './state.js'

/** What went wrong with the last wish; the focus goes there, so that nobody misses it. */
export function Trouble() {
  const words = trouble.value
  const box = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (words) box.current?.focus()
  }, [words])
  return words ? (
    <p class="book-trouble" role="alert" tabIndex={-1} ref={box}>
      <T w={words} stacked />
    </p>
  ) : null
}
