/** Times as the centre's clock shows them, wherever the reader is. PURE. */

/** RFC 3339 times that can be chosen. */
export interface Choice {
  readonly at: string
  readonly until?: string
}

export interface Day {
  /** `2027-03-02` */
  readonly date: string
  readonly label: string
  readonly choices: readonly Choice[]
}

const parts = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('ko-KR', { timeZone, ...options })

/** Choices by day, in order. */
export function daysOf(choices: readonly Choice[], timeZone: string): readonly Day[] {
  const dateOf = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const label = parts(timeZone, { month: 'numeric', day: 'numeric', weekday: 'short' })
  const days = new Map<string, Choice[]>()
  for (const choice of choices) {
    const date = dateOf.format(Date.parse(choice.at))
    days.set(date, [...(days.get(date) ?? []), choice])
  }
  return [...days].map(([date, of]) => ({ date, label: label.format(Date.parse(of[0]!.at)), choices: of }))
}

/** `14:30` */
export function timeOf(at: string, timeZone: string): string {
  return parts(timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(Date.parse(at))
}

/** `3월 2일 (화) 오후 2:30` */
export function dayAndTime(at: string, timeZone: string): string {
  return parts(timeZone, {
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit',
  }).format(Date.parse(at))
}
