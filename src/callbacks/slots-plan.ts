import { DateTime } from 'luxon'
import type { CentreFile } from '../centre/schema.js'
import { nextOpening, phoneHours } from './hours.js'
import { policyOf } from './policy.js'

const DAY_MINUTES = 24 * 60

/**
 * Begins of the slots that can be booked for a queue, epoch ms, in order. PURE. A slot begins at a multiple of its length on the wall clock,
 * has not begun yet, and lies in open hours as a whole.
 */
export function slotsOf(file: CentreFile, queue: string, now: number): readonly number[] {
  const { slotMs, daysAhead } = policyOf(file, 'booked')
  const hours = phoneHours(file, 'booked', queue)
  const zone = file.centre.timeZone
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  const step = slotMs / 60_000
  const slots = new Set<number>()
  for (let day = 0; day <= daysAhead; day += 1) {
    const date = today.plus({ days: day })
    for (let minutes = 0; minutes < DAY_MINUTES; minutes += step) {
      const at = date.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis()
      if (at > now && isWholeOpen(at)) slots.add(at)
    }
  }
  return [...slots].sort((a, b) => a - b)

  function isWholeOpen(at: number): boolean {
    for (let minute = at; minute < at + slotMs; minute += 5 * 60_000)
      if (nextOpening(hours, minute) !== minute) return false
    return hours.isOpen(at + slotMs - 1)
  }
}
