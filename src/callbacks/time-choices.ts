import { DateTime } from 'luxon'
import type { CentreFile } from '../centre/schema.js'
import { phoneHours } from './hours.js'
import type { CallbackKind } from './model.js'

const STEP_MINUTES = 30
const DAYS_AHEAD = 7
const MOST = 120

/** PURE. Times that an agent may promise: half an hour apart on the wall clock, in open hours, of the next days. Epoch ms, in order. */
export function timeChoices(file: CentreFile, kind: CallbackKind, queue: string, now: number): readonly number[] {
  const hours = phoneHours(file, kind, queue)
  const local = DateTime.fromMillis(now, { zone: file.centre.timeZone })
  let at = local.startOf('hour')
  while (at.toMillis() <= now) at = at.plus({ minutes: STEP_MINUTES })
  const end = local.plus({ days: DAYS_AHEAD }).endOf('day')
  const choices: number[] = []
  for (; at <= end && choices.length < MOST; at = at.plus({ minutes: STEP_MINUTES })) {
    if (hours.isOpen(at.toMillis())) choices.push(at.toMillis())
  }
  return choices
}
