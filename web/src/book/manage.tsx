import { useState } from 'preact/hooks'
import type { Booking, BookingForm } from '../../../client/src/generated/contracts.js'
import { T } from '../parts/bilingual.js'
import { TimePicker } from '../parts/time-picker.js'
import { dayAndTime } from '../text/times.js'
import type { Words } from '../text/words.js'
import { cancel, move, sending } from './state.js'
import { Trouble } from './trouble.js'
import { NO_SLOTS } from './words.js'

const ENDED: Readonly<Record<string, Words>> = {
  cancelled: { ko: '취소된 예약입니다', en: 'This booking was cancelled' },
  completed: { ko: '통화가 끝난 예약입니다', en: 'The call was made' },
  dialing: { ko: '지금 전화드리고 있습니다', en: 'We are ringing you now' },
  connected: { ko: '지금 통화 중입니다', en: 'You are on the phone now' },
}
const OVER: Words = { ko: '끝난 예약입니다', en: 'This booking has ended' }

/** The booking of a link: change the time, or cancel after being asked once more. */
export function Manage({ booking, form, token }: { booking: Booking; form?: BookingForm; token: string }) {
  const [slotAt, setSlotAt] = useState('')
  const [asks, setAsks] = useState(false)
  const zone = form?.timeZone ?? 'Asia/Seoul'
  return (
    <section class="card book-card" data-screen="booking" data-state={booking.state}>
      <h1>
        <T w={{ ko: '예약 확인', en: 'Your booking' }} stacked />
      </h1>
      <Trouble />
      {booking.open && booking.slotAt !== undefined && <p class="book-when">{dayAndTime(booking.slotAt, zone)}</p>}
      <p role="status">
        {booking.open ? `${booking.number} 번호로 전화드립니다.` : <T w={ENDED[booking.state] ?? OVER} stacked />}
      </p>
      {booking.open && form && form.slots.length > 0 && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void move(token, slotAt)
          }}
        >
          <h2>
            <T w={{ ko: '다른 시간으로', en: 'Another time' }} />
          </h2>
          <TimePicker choices={form.slots} timeZone={zone} chosen={slotAt} onChoose={setSlotAt} none={NO_SLOTS} />
          <button type="submit" class="button button-primary" aria-busy={sending.value}>
            <T w={{ ko: '시간 바꾸기', en: 'Change' }} />
          </button>
        </form>
      )}
      {booking.open &&
        (asks ? (
          <p class="book-ask">
            <T w={{ ko: '예약을 취소할까요?', en: 'Cancel the booking?' }} />
            <button type="button" class="button button-stop" data-do="cancel" onClick={() => void cancel(token)}>
              <T w={{ ko: '취소합니다', en: 'Yes, cancel' }} />
            </button>
            <button type="button" class="button" onClick={() => setAsks(false)}>
              <T w={{ ko: '그대로 둡니다', en: 'Keep it' }} />
            </button>
          </p>
        ) : (
          <button type="button" class="button" data-do="ask-cancel" onClick={() => setAsks(true)}>
            <T w={{ ko: '예약 취소', en: 'Cancel' }} />
          </button>
        ))}
      {!booking.open && (
        <a class="button" href="/book">
          <T w={{ ko: '새로 예약하기', en: 'Book again' }} />
        </a>
      )}
    </section>
  )
}
