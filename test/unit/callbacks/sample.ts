import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Callback } from '../../../src/callbacks/model.js'
import { parseCentre } from '../../../src/centre/parse.js'
import type { CallbacksConfig, CentreFile, HoursConfig } from '../../../src/centre/schema.js'
import { packageRoot } from '../../../src/platform/package-root.js'

export const gaon = parseCentre(readFileSync(join(packageRoot(), 'config/gaon.yaml'), 'utf8')).file as CentreFile

/** Korean local time -> epoch ms (no summer time there). */
export const seoul = (text: string) => Date.parse(`${text}+09:00`)

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** The demo centre with other hours for every kind. */
export function centreWith(change: {
  zone?: string
  hours?: HoursConfig
  nightStop?: CallbacksConfig['nightStop']
  holidays?: CentreFile['holidays']
}): CentreFile {
  const { nightStop: _, ...callbacks } = gaon.callbacks ?? {}
  const hours = change.hours ?? gaon.hours.callback!
  return {
    ...gaon,
    centre: { ...gaon.centre, timeZone: change.zone ?? gaon.centre.timeZone },
    holidays: change.holidays ?? gaon.holidays,
    hours: { ...gaon.hours, callback: hours, office: hours },
    callbacks: change.nightStop ? { ...callbacks, nightStop: change.nightStop } : callbacks,
  }
}

export function callback(more: Partial<Callback> = {}): Callback {
  const at = more.dueAt ?? seoul('2026-11-26T10:00:00')
  return {
    id: 'cb1',
    kind: 'agent_promised',
    state: 'due',
    queue: 'general',
    number: '01012345678',
    callerId: '0311200120',
    priority: 50,
    requestedAt: at,
    promisedAt: at + 20 * MINUTE,
    firstPromisedAt: at + 20 * MINUTE,
    dueAt: at,
    attempts: 0,
    maxAttempts: 3,
    version: 1,
    createdBy: 'a01',
    ...more,
  }
}
