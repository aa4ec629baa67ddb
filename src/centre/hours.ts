import { DateTime } from 'luxon'
import type { CentreFile } from './schema.js'

/** Why a queue is open or closed now. */
export interface OpenState {
  readonly open: boolean
  /** Which rule decided: no hours at all, a holiday, a special day, or the week. */
  readonly by: 'always' | 'holiday' | 'special' | 'weekly'
  /** Name of the holiday. */
  readonly holiday?: string
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/**
 * PURE. Is a queue open at a moment? Holiday before special day before week (domain.md section 4); `from` belongs to the
 * open time, `to` does not.
 * @param now epoch ms
 * @returns open by 'always' for a queue without hours and for an unknown queue
 */
export function getOpenState(file: CentreFile, queueId: string, now: number): OpenState {
  return getHoursState(file, file.queues.find((queue) => queue.id === queueId)?.hours, now)
}

/**
 * PURE. The same for hours by their name.
 * @returns open by 'always' without a name and for an unknown one
 */
export function getHoursState(file: CentreFile, name: string | undefined, now: number): OpenState {
  const hours = name === undefined || !Object.hasOwn(file.hours, name) ? undefined : file.hours[name]
  if (!hours) return { open: true, by: 'always' }
  const local = DateTime.fromMillis(now, { zone: file.centre.timeZone })
  const date = local.toFormat('yyyy-MM-dd')
  const time = local.toFormat('HH:mm')
  const isWithin = (row: { from: string; to: string }) => row.from <= time && time < row.to

  const holiday = hours.closedOnHolidays ? file.holidays.find((day) => day.date === date) : undefined
  if (holiday) return { open: false, by: 'holiday', holiday: holiday.name }
  const special = hours.special?.filter((row) => row.date === date) ?? []
  if (special.length > 0) return { open: special.some(isWithin), by: 'special' }
  const day = DAYS[local.weekday - 1]
  return { open: hours.weekly.some((row) => row.days.some((open) => open === day) && isWithin(row)), by: 'weekly' }
}

/** PURE. Short form of getOpenState. */
export function isOpen(file: CentreFile, queueId: string, now: number): boolean {
  return getOpenState(file, queueId, now).open
}
