import { problemOf } from '../text/advice.js'
import type { Words } from '../text/words.js'

const w = (ko: string, en: string): Words => ({ ko, en })

/** What a citizen can do about an error. */
const ADVICE: Readonly<Record<string, Words>> = {
  CTI_ERR_PHONE_INVALID: w('전화번호를 확인해 주세요.', 'Please check the phone number.'),
  CTI_ERR_NUMBER_NOT_PHONEABLE: w(
    '이 번호로는 전화드릴 수 없습니다. 휴대전화나 지역번호가 있는 번호를 입력해 주세요.',
    'We cannot ring this number. Enter a mobile number or a land line with its area code.',
  ),
  CTI_ERR_CALLBACK_SLOT_FULL: w(
    '방금 마감된 시간입니다. 다른 시간을 골라 주세요.',
    'That time has just been taken. Please choose another one.',
  ),
  CTI_ERR_CALLBACK_SLOT_UNKNOWN: w(
    '지난 시간입니다. 다른 시간을 골라 주세요.',
    'That time is over. Please choose another one.',
  ),
  CTI_ERR_BOOKING_EXISTS: w(
    '이 번호로 이미 예약된 상담 전화가 있습니다. 받으신 예약 링크에서 바꾸거나, 센터로 전화해 주세요.',
    'There is a call booked for this number already. Change it by its link, or ring the centre.',
  ),
  CTI_ERR_BOOKING_LIMIT: w(
    '예약 시도가 너무 많습니다. 나중에 다시 하거나 센터로 전화해 주세요.',
    'Too many tries. Please come back later or ring the centre.',
  ),
  CTI_ERR_RATE_LIMITED: w('요청이 너무 많습니다. 잠시 후 다시 해 주세요.', 'Too many requests. Please wait a moment.'),
  CTI_ERR_BOOKING_REFUSED: w(
    '화면을 새로 읽었습니다. 잠시 후 다시 눌러 주세요.',
    'The page was read again. Please press once more in a moment.',
  ),
  CTI_ERR_CALLBACK_WRONG_STATE: w(
    '이미 전화드리는 중이거나 끝난 예약입니다.',
    'The call is being made now, or the booking has ended.',
  ),
  CTI_ERR_PERSONAL_NUMBER_REFUSED: w(
    '주민등록번호는 적지 마세요.',
    'Please do not write a resident registration number.',
  ),
  CTI_ERR_VALIDATION: w('입력한 내용을 확인해 주세요.', 'Please check what you entered.'),
}

const AWAY = w(
  '지금은 예약을 받을 수 없습니다. 잠시 후 다시 하거나 센터로 전화해 주세요.',
  'Bookings cannot be taken right now. Try again in a moment, or ring the centre.',
)

export function wordsForProblem(error: unknown): Words {
  const code = problemOf(error)?.code
  return (code !== undefined && ADVICE[code]) || AWAY
}

export const NO_SLOTS = w(
  '지금 예약할 수 있는 시간이 없습니다. 나중에 다시 보시거나 센터로 전화해 주세요.',
  'No time can be booked right now. Come back later, or ring the centre.',
)
