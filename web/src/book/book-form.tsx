import { useState } from 'preact/hooks'
import type { BookingForm } from '../../../client/src/generated/contracts.js'
import { T } from '../parts/bilingual.js'
import { TimePicker } from '../parts/time-picker.js'
import { book, sending } from './state.js'
import { Trouble } from './trouble.js'
import { NO_SLOTS } from './words.js'

/** Number, time and matter: one form, one button. */
export function BookForm({ form }: { form: BookingForm }) {
  const [number, setNumber] = useState('')
  const [slotAt, setSlotAt] = useState('')
  const [reason, setReason] = useState('')
  const [website, setWebsite] = useState('')
  const send = (event: Event): void => {
    event.preventDefault()
    void book({ number, slotAt, reason, website })
  }
  return (
    <form class="card book-card" onSubmit={send} data-screen="form">
      <h1>
        <T w={{ ko: '상담 전화 예약', en: 'Book a call' }} stacked />
      </h1>
      <p class="book-lead">
        고르신 시간에 <strong>{form.queue.ko}</strong> 상담사가 전화드립니다.
        <small lang="en">An agent rings you at the time you choose.</small>
      </p>
      <Trouble />
      <label class="field">
        <T w={{ ko: '전화번호', en: 'Phone number' }} />
        <input
          name="number"
          type="tel"
          autocomplete="tel"
          inputMode="tel"
          required
          minLength={9}
          maxLength={20}
          placeholder="010-1234-5678"
          value={number}
          onInput={(event) => setNumber(event.currentTarget.value)}
        />
      </label>
      <TimePicker choices={form.slots} timeZone={form.timeZone} chosen={slotAt} onChoose={setSlotAt} none={NO_SLOTS} />
      <label class="field">
        <T w={{ ko: '용건 (선택)', en: 'What is it about? (optional)' }} />
        <textarea
          name="reason"
          rows={2}
          maxLength={200}
          placeholder="주민등록번호는 적지 마세요."
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value.replaceAll(/\s+/g, ' '))}
        />
      </label>
      {/* Nobody sees this field; programs that fill in everything do. */}
      <label class="book-trap" aria-hidden="true">
        website
        <input
          name="website"
          tabIndex={-1}
          autocomplete="off"
          value={website}
          onInput={(event) => setWebsite(event.currentTarget.value)}
        />
      </label>
      <label class="book-consent">
        <input type="checkbox" name="consent" required />
        <span>
          상담 전화를 위해 전화번호와 용건을 저장하는 데 동의합니다.
          <small lang="en">I agree that number and matter are kept for this call.</small>
        </span>
      </label>
      <button
        type="submit"
        class="button button-primary button-large"
        aria-busy={sending.value}
        disabled={form.slots.length === 0}
      >
        <T w={{ ko: '예약하기', en: 'Book' }} />
      </button>
    </form>
  )
}
