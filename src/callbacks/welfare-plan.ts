import { DateTime } from 'luxon'

/** A person's schedule of welfare calls (안심콜). */
export interface WelfareSchedule {
  readonly id: string
  readonly days: readonly string[]
  /** HH:MM on the wall clock of the centre. */
  readonly atTime: string
  /** YYYY-MM-DD, both inclusive. */
  readonly startsOn: string
  readonly endsOn?: string
}

/** One call of a schedule. */
export interface WelfareCall {
  /** YYYY-MM-DD of the centre. */
  readonly date: string
  /** epoch ms */
  readonly at: number
  /** Makes one promise of a schedule and date, however often it is asked for. */
  readonly requestKey: string
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/**
 * The call of a schedule on the date of `now`, and yesterday's while it can still be made up for. PURE. The time of day is the wall clock's: on
 * a day when the clocks go forward over it the call comes when they have, on a day when they go back it comes once, at the first of the two.
 * @param lateMs how long after its time a call is still worth making
 */
export function callsOf(schedule: WelfareSchedule, zone: string, now: number, lateMs: number): readonly WelfareCall[] {
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  return [today.minus({ days: 1 }), today].flatMap((day) => {
    const date = day.toFormat('yyyy-MM-dd')
    if (date < schedule.startsOn || (schedule.endsOn !== undefined && date > schedule.endsOn)) return []
    const weekday = DAYS[day.weekday - 1]
    if (weekday === undefined || !schedule.days.includes(weekday)) return []
    const [hour, minute] = [Number(schedule.atTime.slice(0, 2)), Number(schedule.atTime.slice(3))]
    const wanted = day.set({ hour, minute })
    const at = Math.min(...wanted.getPossibleOffsets().map((possible) => possible.toMillis()))
    return now < at + lateMs ? [{ date, at, requestKey: `welfare:${schedule.id}:${date}` }] : []
  })
}
