import { useState } from 'preact/hooks'
import { type Choice, daysOf, timeOf } from '../text/times.js'
import type { Words } from '../text/words.js'
import { T } from './bilingual.js'

interface Props {
  choices: readonly Choice[]
  timeZone: string
  chosen: string
  onChoose: (at: string) => void
  /** What is said when there is nothing to choose. */
  none: Words
}

/** A day, then a time: two groups of radio buttons, so that arrow keys and readers work by themselves. */
export function TimePicker({ choices, timeZone, chosen, onChoose, none }: Props) {
  const days = daysOf(choices, timeZone)
  const [wanted, setWanted] = useState('')
  const day = days.find(({ date }) => date === wanted) ?? days[0]
  if (day === undefined) {
    return (
      <p class="times-none" data-times="none" role="status">
        <T w={none} stacked />
      </p>
    )
  }
  return (
    <div class="times">
      <fieldset>
        <legend>
          <T w={{ ko: '날짜', en: 'Day' }} />
        </legend>
        {days.map(({ date, label }) => (
          <label key={date} class="time">
            <input
              type="radio"
              name="day"
              value={date}
              checked={date === day.date}
              onChange={() => {
                setWanted(date)
                onChoose('')
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>
          <T w={{ ko: '시간', en: 'Time' }} />
        </legend>
        {day.choices.map(({ at, until }) => (
          <label key={at} class="time">
            <input
              type="radio"
              name="time"
              value={at}
              checked={at === chosen}
              required
              aria-label={
                until === undefined ? undefined : `${timeOf(at, timeZone)}부터 ${timeOf(until, timeZone)}까지`
              }
              onChange={() => onChoose(at)}
            />
            <span>{timeOf(at, timeZone)}</span>
          </label>
        ))}
      </fieldset>
    </div>
  )
}
