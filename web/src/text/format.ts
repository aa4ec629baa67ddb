/** How figures are written. PURE; durations in milliseconds. */

/** `0:07`, `12:34`, `1:02:03`; never below zero. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

/** A duration in words for readers who hear the page: `2분 5초`. */
export function spokenDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(total / 60)
  return minutes > 0 ? `${minutes}분 ${total % 60}초` : `${total}초`
}

/** A number as Koreans write it: `010-1234-5678`. Masked, short and foreign numbers stay as they came. */
export function formatPhone(number: string): string {
  if (!/^(\+82|0)\d{7,10}$/.test(number)) return number
  const national = number.startsWith('+82') ? `0${number.slice(3)}` : number
  const area = national.startsWith('02') ? 2 : 3
  if (national.length < area + 7) return national
  return `${national.slice(0, area)}-${national.slice(area, -4)}-${national.slice(-4)}`
}

const DAY = new Intl.DateTimeFormat('ko-KR', { month: 'numeric', day: 'numeric', weekday: 'short' })
const DAY_TIME = new Intl.DateTimeFormat('ko-KR', {
  month: 'numeric',
  day: 'numeric',
  weekday: 'short',
  hour: 'numeric',
  minute: '2-digit',
})
const DATE = new Intl.DateTimeFormat('ko-KR', { year: 'numeric', month: 'numeric', day: 'numeric' })
const TIME = new Intl.DateTimeFormat('ko-KR', { hour: 'numeric', minute: '2-digit', second: '2-digit' })

/** RFC 3339 -> `5. 7. (수)`; what is no time stays as it came. */
export function formatDay(instant: string): string {
  return format(DAY, instant)
}
export function formatDayTime(instant: string): string {
  return format(DAY_TIME, instant)
}
/** With the year, for what lies far away: `2027. 5. 26.`. */
export function formatDate(instant: string): string {
  return format(DATE, instant)
}
/** Epoch ms -> `오후 2:03:11`. */
export function formatTime(ms: number): string {
  return TIME.format(ms)
}

function format(formatter: Intl.DateTimeFormat, instant: string): string {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? instant : formatter.format(time)
}
