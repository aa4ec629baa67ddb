import { DateTime } from 'luxon'
import { getHoursState } from '../centre/hours.js'
import type { CentreFile } from '../centre/schema.js'
import type { CallbackKind } from './model.js'
import { policyOf } from './policy.js'

/**
 * When a citizen may be phoned. PURE. The kind's hours, else the queue's own, else 09:00-20:00 every day; the night stop wins over all of
 * them (domain.md section 4: "Dialled 09-20; a hard stop 21-08"). Everything is read off the wall clock of the centre's time zone, so a
 * night stop lasts an hour longer or shorter when the clocks change, and never ends early.
 */
export interface PhoneHours {
  readonly zone: string
  /** May a citizen's phone ring at this moment (epoch ms)? */
  isOpen(at: number): boolean
  /** Times of day (HH:MM) at which the answer may change on the date of this moment. */
  turns(local: DateTime): readonly string[]
}

interface Window {
  readonly from: string
  readonly to: string
}

const DEFAULT_HOURS: Window = { from: '09:00', to: '20:00' }
const DEFAULT_NIGHT_STOP: Window = { from: '21:00', to: '08:00' }
/** No opening within so many days: there is none. */
const DAYS_AHEAD = 400
const DAY_MS = 86_400_000

export function phoneHours(file: CentreFile, kind: CallbackKind, queue: string): PhoneHours {
  const name = policyOf(file, kind).hours ?? file.queues.find(({ id }) => id === queue)?.hours
  const known = name !== undefined && Object.hasOwn(file.hours, name) ? file.hours[name] : undefined
  const night = file.callbacks?.nightStop ?? DEFAULT_NIGHT_STOP
  const zone = file.centre.timeZone
  const rows = known ? [...known.weekly, ...(known.special ?? [])] : [DEFAULT_HOURS]
  const turns = [...new Set(['00:00', night.from, night.to, ...rows.flatMap(({ from, to }) => [from, to])])]
  return {
    zone,
    isOpen(at) {
      const time = DateTime.fromMillis(at, { zone }).toFormat('HH:mm')
      if (isNight(night, time)) return false
      return known ? getHoursState(file, name, at).open : DEFAULT_HOURS.from <= time && time < DEFAULT_HOURS.to
    },
    turns: () => turns,
  }
}

/** Whether citizens of a kind and queue may be phoned at one moment; asked for many rows, it looks at the clock once for each. */
export function openNow(file: CentreFile, now: number): (callback: { kind: CallbackKind; queue: string }) => boolean {
  const known = new Map<string, boolean>()
  return ({ kind, queue }) => {
    const key = `${kind} ${queue}`
    const open = known.get(key) ?? phoneHours(file, kind, queue).isOpen(now)
    known.set(key, open)
    return open
  }
}

/** Equal ends: no stop at all. */
function isNight({ from, to }: Window, time: string): boolean {
  return from <= to ? from <= time && time < to : from <= time || time < to
}

/**
 * The first moment at or after `from` at which a citizen may be phoned.
 * @returns epoch ms; undefined when the hours never open (the centre file's checks refuse such hours)
 */
export function nextOpening(hours: PhoneHours, from: number): number | undefined {
  if (hours.isOpen(from)) return from
  for (const turn of turnsAfter(hours, from)) if (hours.isOpen(turn)) return turn
  return undefined
}

/**
 * `ms` of open time after `from`: closed time does not count.
 * @returns epoch ms, never in closed hours except as the very end of an open time; undefined when the hours never open
 */
export function addOpenTime(hours: PhoneHours, from: number, ms: number): number | undefined {
  let at = nextOpening(hours, from)
  if (at === undefined || ms === 0) return at
  let left = ms
  for (const turn of turnsAfter(hours, at)) {
    if (hours.isOpen(at)) {
      if (turn - at >= left) return at + left
      left -= turn - at
    }
    at = turn
  }
  return undefined
}

/** Every moment after `from` at which the answer may change, in order. */
function* turnsAfter(hours: PhoneHours, from: number): Generator<number> {
  let last = from
  const today = DateTime.fromMillis(from, { zone: hours.zone }).startOf('day')
  for (let day = 0; day <= DAYS_AHEAD; day += 1) {
    const date = today.plus({ days: day }).startOf('day')
    for (const at of turnsOf(hours, date)) {
      if (at <= last) continue
      last = at
      yield at
    }
  }
}

function turnsOf(hours: PhoneHours, date: DateTime): number[] {
  const end = date.plus({ days: 1 }).startOf('day')
  // Nearly every day has 24 plain hours. Where the clocks leap over midnight the day begins at 01:00, and nothing changes within it.
  const found =
    end.diff(date).toMillis() === DAY_MS && date.offset === end.offset
      ? hours.turns(date).map((time) => date.toMillis() + minutesOf(time) * 60_000)
      : [...hours.turns(date).flatMap((time) => instantsOf(date, time)), ...clockChange(date, end)]
  return found.sort((a, b) => a - b)
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** The moments at which the wall clock shows a time of day on a date: two when the clocks go back over it. */
function instantsOf(date: DateTime, time: string): number[] {
  const [hour, minute] = [Number(time.slice(0, 2)), Number(time.slice(3))]
  if (hour === 24) return [date.plus({ days: 1 }).startOf('day').toMillis()]
  return date
    .set({ hour, minute, second: 0, millisecond: 0 })
    .getPossibleOffsets()
    .map((at) => at.toMillis())
}

/** The moment within a day at which its clocks change; none when they do not. */
function clockChange(date: DateTime, end: DateTime): number[] {
  if (date.offset === end.offset) return []
  let [before, after] = [date.toMillis(), end.toMillis()]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (DateTime.fromMillis(middle, { zone: date.zone }).offset === date.offset) before = middle
    else after = middle
  }
  return [after]
}
