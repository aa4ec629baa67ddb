import { useEffect, useRef, useState } from 'preact/hooks'
import type { BookingForm, BookingMade } from '../../../client/src/generated/contracts.js'
import { T } from '../parts/bilingual.js'
import { formatPhone } from '../text/format.js'
import { dayAndTime } from '../text/times.js'
import { linkOf } from './state.js'

/** Booked: when, from which number the call comes, and the link, which is shown this once. */
export function Done({ form, made }: { form: BookingForm; made: BookingMade }) {
  const link = linkOf(made.token)
  const [copied, setCopied] = useState(false)
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [])
  const copy = async (): Promise<void> => {
    // Browsers give the clipboard to pages with TLS only; the link can be marked by hand as well.
    await navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  return (
    <section class="card book-card" data-screen="done">
      <h1 tabIndex={-1} ref={head}>
        <T w={{ ko: '예약되었습니다', en: 'Booked' }} stacked />
      </h1>
      <p class="book-when">{dayAndTime(made.slotAt, form.timeZone)}</p>
      <p>
        {made.number} 번호로, <strong>{formatPhone(form.callerId)}</strong>에서 전화드립니다.
        <small lang="en">
          We ring {made.number} from {formatPhone(form.callerId)}.
        </small>
      </p>
      <div class="book-link">
        <T w={{ ko: '바꾸거나 취소하려면 이 링크를 보관하세요', en: 'Keep this link to change or cancel' }} stacked />
        <a href={link}>{link}</a>
        <button type="button" class="button" onClick={() => void copy()}>
          <T w={copied ? { ko: '복사했습니다', en: 'Copied' } : { ko: '링크 복사', en: 'Copy' }} />
        </button>
        <small>이 링크는 다시 보여 드리지 않습니다. Shown this once.</small>
      </div>
    </section>
  )
}
