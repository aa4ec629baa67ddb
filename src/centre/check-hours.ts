import { DateTime, IANAZone } from 'luxon'
import { error, type Path, type Problem } from './problem.js'
import type { CentreFile, HoursConfig } from './schema.js'

/** PURE. Opening hours: real dates, from before to, nothing twice, a time zone that exists. */
export function checkHours(file: CentreFile): Problem[] {
  const problems: Problem[] = []
  if (!IANAZone.isValidZone(file.centre.timeZone))
    problems.push(error(['centre', 'timeZone'], 'is not a time zone (for example Asia/Seoul)'))
  file.holidays.forEach((holiday, i) => {
    if (!isDate(holiday.date)) problems.push(error(['holidays', i, 'date'], 'is not a date'))
  })
  for (const [name, hours] of Object.entries(file.hours)) {
    if (!/^[a-z][a-z0-9_:-]{0,39}$/.test(name)) problems.push(error(['hours', name], 'is not a valid name'))
    problems.push(...checkWeekly(hours, ['hours', name]), ...checkSpecial(hours, ['hours', name]))
  }
  return problems
}

interface Span {
  readonly day: string
  readonly from: string
  readonly to: string
  readonly path: Path
}

function checkWeekly(hours: HoursConfig, at: Path): Problem[] {
  const spans = hours.weekly.flatMap((row, i) =>
    row.days.map((day): Span => ({ day, from: row.from, to: row.to, path: [...at, 'weekly', i] })),
  )
  return [...checkOrder(hours.weekly, [...at, 'weekly']), ...checkOverlap(spans)]
}

function checkSpecial(hours: HoursConfig, at: Path): Problem[] {
  const special = hours.special ?? []
  const spans = special.map(
    (row, i): Span => ({ day: row.date, from: row.from, to: row.to, path: [...at, 'special', i] }),
  )
  const wrong = special.flatMap((row, i) =>
    isDate(row.date) ? [] : [error([...at, 'special', i, 'date'], 'is not a date')],
  )
  return [...wrong, ...checkOrder(special, [...at, 'special']), ...checkOverlap(spans)]
}

/** Times are HH:MM, so text order is time order. */
function checkOrder(rows: readonly { from: string; to: string }[], at: Path): Problem[] {
  return rows.flatMap((row, i) =>
    row.from < row.to
      ? []
      : [
          error(
            [...at, i, 'to'],
            `must be after from (${row.from}); past midnight is two rows: to "24:00" and from "00:00"`,
          ),
        ],
  )
}

function checkOverlap(spans: readonly Span[]): Problem[] {
  return spans.flatMap((span, i) => {
    const other = spans
      .slice(0, i)
      .find((earlier) => earlier.day === span.day && earlier.from < span.to && span.from < earlier.to)
    return other ? [error(span.path, `overlaps with ${other.from}-${other.to} on ${span.day}`)] : []
  })
}

function isDate(text: string): boolean {
  return DateTime.fromISO(text, { zone: 'utc' }).isValid
}
