import fc from 'fast-check'
import { DateTime } from 'luxon'
import t from 'tap'
import { afterAttempt, numberToDial } from '../../../src/callbacks/after-attempt.js'
import { whenAlarmRings } from '../../../src/callbacks/fall-due.js'
import { addOpenTime, nextOpening, phoneHours } from '../../../src/callbacks/hours.js'
import { moveCallback } from '../../../src/callbacks/machine.js'
import {
  type AttemptResult,
  CALLBACK_KINDS,
  type Callback,
  type CallbackAttempt,
} from '../../../src/callbacks/model.js'
import { planCallback, postpone, replan } from '../../../src/callbacks/plan.js'
import { corePriority, policyOf } from '../../../src/callbacks/policy.js'
import type { CentreFile } from '../../../src/centre/schema.js'
import { callback, centreWith, gaon, HOUR, MINUTE, seoul } from './sample.js'

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

t.test('the policies of the demo centre, and the defaults of domain.md section 4 without any', async (t) => {
  const bare: CentreFile = { ...gaon, callbacks: undefined }
  t.match(policyOf(bare, 'virtual_hold'), { on: false, tries: 3, retryMs: [5 * MINUTE, 20 * MINUTE], key: '9' })
  t.match(policyOf(bare, 'agent_promised'), { tries: 3, whenExhausted: 'ticket', teamLeadMs: 10 * MINUTE })
  t.match(policyOf(bare, 'abandoned'), { tries: 2, minWaitMs: 20_000, holdBack: true })
  t.match(policyOf(bare, 'welfare'), { missesBeforeSecond: 2, whenExhausted: 'ticket', holdBack: false })
  t.match(policyOf(gaon, 'booked'), { on: true, capacity: 4, slotMs: 30 * MINUTE, promiseMs: 30 * MINUTE })
  t.equal(corePriority(gaon, 'welfare', 'general'), 50, 'a band of 10 never outranks the queue’s live callers')
  t.equal(corePriority(gaon, 'abandoned', 'general'), 60)
})

t.test('when a citizen may be phoned', async (t) => {
  const hours = phoneHours(gaon, 'agent_promised', 'general')
  const table: [string, boolean][] = [
    ['2026-11-26T08:59:59', false],
    ['2026-11-26T09:00:00', true],
    ['2026-11-26T19:59:59', true],
    ['2026-11-26T20:00:00', false],
    ['2026-11-28T12:00:00', false],
    ['2026-12-25T12:00:00', false],
  ]
  for (const [at, open] of table) t.equal(hours.isOpen(seoul(at)), open, at)
  t.equal(nextOpening(hours, seoul('2026-11-27T20:00:00')), seoul('2026-11-30T09:00:00'), 'over the weekend')
  t.equal(
    nextOpening(hours, seoul('2026-09-23T20:00:00')),
    seoul('2026-09-28T09:00:00'),
    'over Chuseok and the weekend',
  )
  t.equal(
    addOpenTime(hours, seoul('2026-11-27T19:30:00'), HOUR),
    seoul('2026-11-30T09:30:00'),
    'closed time does not count',
  )
  t.equal(addOpenTime(hours, seoul('2026-11-27T19:00:00'), HOUR), seoul('2026-11-27T20:00:00'), 'up to the very end')

  const night = phoneHours(gaon, 'virtual_hold', 'disaster')
  t.equal(night.isOpen(seoul('2026-11-26T20:30:00')), false, 'the kind’s hours count before the queue’s')
  const always = centreWith({ hours: { weekly: [{ days: [...EVERY_DAY], from: '00:00', to: '24:00' }] } })
  const stopped = phoneHours(always, 'booked', 'general')
  t.equal(stopped.isOpen(seoul('2026-11-26T20:59:59')), true)
  t.equal(stopped.isOpen(seoul('2026-11-26T21:00:00')), false, 'the night stop wins over the hours')
  t.equal(nextOpening(stopped, seoul('2026-11-26T23:30:00')), seoul('2026-11-27T08:00:00'), 'past midnight')
  const special = centreWith({
    hours: {
      weekly: [{ days: [...EVERY_DAY], from: '09:00', to: '18:00' }],
      special: [{ date: '2026-11-27', from: '13:00', to: '15:00' }],
    },
  })
  t.equal(
    nextOpening(phoneHours(special, 'booked', 'general'), seoul('2026-11-26T19:00:00')),
    seoul('2026-11-27T13:00:00'),
  )
  t.equal(
    nextOpening(phoneHours(centreWith({ hours: { weekly: [] } }), 'booked', 'general'), seoul('2026-11-26T19:00:00')),
    undefined,
  )
})

t.test('clocks that change', async (t) => {
  const local = (zone: string, text: string) => DateTime.fromISO(text, { zone }).toMillis()
  const zone = 'America/New_York'
  const nightly = centreWith({
    zone,
    holidays: [],
    hours: { weekly: [{ days: [...EVERY_DAY], from: '01:30', to: '03:30' }] },
    nightStop: { from: '22:00', to: '01:00' },
  })
  const hours = phoneHours(nightly, 'booked', 'general')
  // 2026-03-08: 02:00 becomes 03:00. 2026-11-01: 02:00 becomes 01:00.
  t.equal(
    addOpenTime(hours, local(zone, '2026-03-08T01:30:00'), HOUR),
    local(zone, '2026-03-08T03:30:00'),
    'an hour is missing',
  )
  t.equal(
    addOpenTime(hours, local(zone, '2026-11-01T01:30:00-04:00'), 30 * MINUTE),
    local(zone, '2026-11-01T02:00:00-04:00'),
  )
  t.equal(
    addOpenTime(hours, local(zone, '2026-11-01T01:30:00-04:00'), 45 * MINUTE),
    local(zone, '2026-11-01T01:45:00-05:00'),
    'the clocks go back over the opening: closed in between, open again at the second 01:30',
  )
  const gap = centreWith({
    zone,
    holidays: [],
    hours: { weekly: [{ days: [...EVERY_DAY], from: '02:30', to: '05:00' }] },
    nightStop: { from: '22:00', to: '01:00' },
  })
  t.equal(
    nextOpening(phoneHours(gap, 'booked', 'general'), local(zone, '2026-03-08T00:00:00')),
    local(zone, '2026-03-08T03:00:00'),
    'an opening that the clocks leap over is when they have',
  )
  // 2026-09-06 has no midnight in Santiago: after 23:59 it is 01:00.
  const santiago = centreWith({
    zone: 'America/Santiago',
    holidays: [],
    hours: { weekly: [{ days: ['sun'], from: '09:15', to: '24:00' }] },
  })
  t.equal(
    nextOpening(phoneHours(santiago, 'booked', 'general'), local('America/Santiago', '2026-09-06T09:00:00')),
    local('America/Santiago', '2026-09-06T09:15:00'),
    'a day that begins at 01:00',
  )
})

const zone = fc.constantFrom(
  'Asia/Seoul',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Casablanca',
)
const time = fc
  .integer({ min: 0, max: 95 })
  .map((q) => `${String(Math.floor(q / 4)).padStart(2, '0')}:${String((q % 4) * 15).padStart(2, '0')}`)
const ordered = (a: string, b: string) =>
  a === b ? { from: a, to: '24:00' } : a < b ? { from: a, to: b } : { from: b, to: a }
const row = fc
  .tuple(fc.subarray([...EVERY_DAY], { minLength: 1 }), time, time)
  .map(([days, a, b]) => ({ days, ...ordered(a, b) }))
const centre = fc
  .record({
    zone,
    rows: fc.array(row, { minLength: 1, maxLength: 3 }),
    stop: fc.option(fc.record({ from: time, to: time })),
    holiday: fc.boolean(),
  })
  .map(({ zone, rows, stop, holiday }) =>
    centreWith({
      zone,
      hours: { weekly: rows, closedOnHolidays: true },
      nightStop: stop ?? undefined,
      holidays: holiday
        ? [
            { date: '2026-03-08', name: 'x' },
            { date: '2026-11-01', name: 'y' },
          ]
        : [],
    }),
  )
// Around the days on which clocks change somewhere, to the minute.
const moment = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-09-06', '2026-10-25', '2026-11-01', '2026-02-15'),
    fc.integer({ min: -3 * 1440, max: 2 * 1440 }),
  )
  .map(([day, minutes]) => Date.parse(`${day}T12:00:00Z`) + minutes * MINUTE)

/** The rule as a person would read it off a clock on the wall. */
function mayRing(file: CentreFile, at: number): boolean {
  const wall = DateTime.fromMillis(at, { zone: file.centre.timeZone })
  const now = wall.toFormat('HH:mm')
  const { from, to } = file.callbacks?.nightStop ?? { from: '21:00', to: '08:00' }
  const night = from <= to ? now >= from && now < to : now >= from || now < to
  if (night || file.holidays.some(({ date }) => date === wall.toFormat('yyyy-MM-dd'))) return false
  const day = EVERY_DAY[wall.weekday - 1]!
  return file.hours.office!.weekly.some((r) => r.days.includes(day) && r.from <= now && now < r.to)
}

t.test(
  'never due in closed hours or the night stop, the promise never before it, the opening is the first',
  async () => {
    fc.assert(
      fc.property(
        centre,
        moment,
        fc.constantFrom(...CALLBACK_KINDS),
        fc.integer({ min: 0, max: 3_000 }),
        (file, now, kind, ahead) => {
          const at = now + ahead * MINUTE
          const planned = planCallback(file, { kind, queue: 'general', at }, now)
          const hours = phoneHours(file, kind, 'general')
          if (!planned) return !mayRing(file, now)
          const moved = replan(file, callback({ kind }), at, now)?.move
          const first = nextOpening(hours, at)!
          // Every quarter of an hour on the way is closed: all rows begin and end at one.
          for (let look = at - (at % (15 * MINUTE)) + 15 * MINUTE; look < first; look += 15 * MINUTE)
            if (mayRing(file, look)) return false
          return (
            mayRing(file, planned.dueAt) &&
            mayRing(file, first) &&
            planned.dueAt >= now &&
            planned.promisedAt >= planned.dueAt &&
            planned.expiresAt > planned.promisedAt &&
            moved?.dueAt === planned.dueAt
          )
        },
      ),
      { numRuns: 80 },
    )
  },
)

t.test('a due time in closed hours moves to the next opening and the promise with it', async (t) => {
  const now = seoul('2026-11-27T19:50:00')
  t.match(planCallback(gaon, { kind: 'virtual_hold', queue: 'general' }, now), {
    dueAt: now,
    promisedAt: seoul('2026-11-30T09:50:00'),
    moved: false,
  })
  const late = seoul('2026-11-27T20:10:00')
  t.match(planCallback(gaon, { kind: 'virtual_hold', queue: 'general' }, late), {
    dueAt: seoul('2026-11-30T09:00:00'),
    promisedAt: seoul('2026-11-30T10:00:00'),
    moved: true,
  })
  t.match(
    planCallback(
      gaon,
      { kind: 'agent_promised', queue: 'general', at: seoul('2026-11-26T15:00:00') },
      seoul('2026-11-26T10:00:00'),
    ),
    {
      dueAt: seoul('2026-11-26T14:40:00'),
      ownerUntil: seoul('2026-11-26T14:50:00'),
      promisedAt: seoul('2026-11-26T15:00:00'),
    },
  )
  const waits = callback({ state: 'queued', dueAt: seoul('2026-11-27T19:50:00') })
  t.equal(postpone(gaon, waits, seoul('2026-11-27T19:59:59')), undefined)
  t.match(postpone(gaon, waits, late), {
    do: 'schedule',
    dueAt: seoul('2026-11-30T09:00:00'),
    promisedAt: seoul('2026-11-30T09:20:00'),
  })
  t.match(postpone(gaon, { ...waits, firstAttemptAt: 1 }, late), { promisedAt: waits.promisedAt }, 'kept is kept')
  const today = { ...waits, kind: 'abandoned', expiresAt: seoul('2026-11-28T00:00:00') } as const
  t.same(postpone(gaon, today, late), { do: 'expire' }, 'abandoned ones belong to their day')
})

t.test('what an alarm leads to', async (t) => {
  const due = callback({ state: 'scheduled' })
  t.same(whenAlarmRings(gaon, due, due.dueAt), { do: 'fall_due' })
  t.equal(whenAlarmRings(gaon, due, due.dueAt - 1), undefined, 'it was moved')
  t.equal(whenAlarmRings(gaon, { ...due, state: 'queued' }, due.dueAt), undefined, 'it rings twice')
  t.same(whenAlarmRings(gaon, { ...due, expiresAt: due.dueAt }, due.dueAt), { do: 'expire' })
  t.match(whenAlarmRings(gaon, due, seoul('2026-11-26T22:00:00')), {
    do: 'schedule',
    dueAt: seoul('2026-11-27T09:00:00'),
  })
})

const NOW = seoul('2026-11-26T10:00:00')
const tried = (...results: (AttemptResult | [AttemptResult, 'second'])[]): CallbackAttempt[] =>
  results.map((one, i) => {
    const [result, second] = typeof one === 'string' ? [one, false] : [one[0], true]
    return { ordinal: i + 1, contactId: `c${i}`, second, claimedAt: NOW, endedAt: NOW, result }
  })
const after = (of: Partial<Callback>, attempts: CallbackAttempt[]) =>
  afterAttempt(
    gaon,
    callback({ state: 'dialing', attempts: attempts.length, ...of }),
    attempts,
    attempts.at(-1)!.result!,
    NOW,
  )

t.test('each result has its own rule', async (t) => {
  t.match(after({}, tried('answered')), { do: 'complete' })
  t.equal(after({}, tried('superseded')), undefined)
  t.same(after({}, tried('no_answer')), { do: 'miss', as: 'no_answer', dueAt: NOW + 30 * MINUTE })
  t.same(after({}, tried('no_answer', 'no_answer')), { do: 'miss', as: 'no_answer', dueAt: NOW + 60 * MINUTE })
  t.same(after({}, tried('no_answer', 'no_answer', 'no_answer')), { do: 'exhaust', reason: 'all_tries' })
  t.same(after({ kind: 'virtual_hold' }, tried('busy')), { do: 'miss', as: 'busy', dueAt: NOW + 5 * MINUTE })
  const quick: CentreFile = { ...gaon, callbacks: { virtualHold: { busyRetryMinutes: 2 } } }
  t.match(afterAttempt(quick, callback({ kind: 'virtual_hold', attempts: 1 }), tried('busy'), 'busy', NOW), {
    dueAt: NOW + 2 * MINUTE,
  })
  t.match(after({ kind: 'virtual_hold' }, tried('voicemail')), { do: 'miss', dueAt: NOW + 30 * MINUTE })
  t.same(after({}, tried('wrong_number')), { do: 'exhaust', reason: 'wrong_number' })
  t.match(
    after({ secondNumber: '0311234567' }, tried('wrong_number')),
    { do: 'miss', dueAt: NOW },
    'the second number at once',
  )
  t.match(after({}, tried('agent_gone')), { do: 'miss', dueAt: NOW })
  t.match(
    after({ maxAttempts: 1 }, tried('failed')),
    { do: 'miss', dueAt: NOW + 2 * MINUTE },
    'our fault costs the citizen no try',
  )
  t.match(after({ maxAttempts: 1 }, tried('failed', 'lost', 'failed')), { do: 'exhaust' }, 'but not for ever')
  t.same(after({ expiresAt: NOW + 30 * MINUTE }, tried('no_answer')), { do: 'exhaust', reason: 'no_time_left' })
  t.match(
    afterAttempt(gaon, callback({ attempts: 1 }), tried('no_answer'), 'no_answer', seoul('2026-11-27T19:45:00')),
    {
      dueAt: seoul('2026-11-30T09:00:00'),
    },
  )
})

t.test('welfare: two misses, the second number, a visit', async (t) => {
  const two = { kind: 'welfare', maxAttempts: 4, secondNumber: '0311234567' } as const
  const dialled = (attempts: CallbackAttempt[]) => numberToDial(gaon, callback(two), attempts)
  t.same(dialled([]), { number: '01012345678', second: false })
  t.match(after(two, tried('no_answer')), { do: 'miss', dueAt: NOW + 30 * MINUTE })
  t.same(dialled(tried('no_answer')), { number: '01012345678', second: false })
  t.match(after(two, tried('no_answer', 'busy')), { do: 'miss', dueAt: NOW }, 'the second number waits for nothing')
  t.same(dialled(tried('no_answer', 'busy')), { number: '0311234567', second: true })
  t.match(after(two, tried('no_answer', 'busy', ['no_answer', 'second'])), { do: 'miss', dueAt: NOW + 60 * MINUTE })
  t.match(after(two, tried('no_answer', 'busy', ['no_answer', 'second'], ['no_answer', 'second'])), { do: 'exhaust' })
  const one = { kind: 'welfare', maxAttempts: 4 } as const
  t.match(after(one, tried('no_answer')), { do: 'miss' })
  t.same(after(one, tried('no_answer', 'voicemail')), { do: 'exhaust', reason: 'not_reached' })
})

const RESULTS: readonly AttemptResult[] = [
  'no_answer',
  'busy',
  'wrong_number',
  'voicemail',
  'failed',
  'agent_gone',
  'lost',
]

t.test('whatever happens, it ends, within its hours and its time', async () => {
  fc.assert(
    fc.property(
      centre,
      moment,
      fc.constantFrom(...CALLBACK_KINDS),
      fc.boolean(),
      fc.array(fc.constantFrom(...RESULTS), { minLength: 25, maxLength: 25 }),
      (file, start, kind, two, results) => {
        const planned = planCallback(file, { kind, queue: 'general', at: start }, start)
        if (!planned) return true
        const { moved: _, ownerUntil: __, ...times } = planned
        let row: Callback = callback({
          kind,
          ...times,
          secondNumber: two ? '0311234567' : undefined,
          state: 'scheduled',
        })
        const attempts: CallbackAttempt[] = []
        for (const [i, result] of results.entries()) {
          if (!mayRing(file, row.dueAt)) return false
          if (row.expiresAt !== undefined && row.dueAt >= row.expiresAt) return false
          const now = row.dueAt + MINUTE
          for (const move of [
            { do: 'fall_due' },
            { do: 'queue', contactId: `c${i}`, enqueuedAt: row.dueAt },
            { do: 'dial', agentId: 'a01' },
          ] as const)
            row = moveCallback(row, move, now)!
          const { second } = numberToDial(file, row, attempts)
          attempts.push({ ordinal: i + 1, contactId: `c${i}`, second, claimedAt: now, endedAt: now, result })
          const next = afterAttempt(file, row, attempts, result, now)!
          row = moveCallback(row, next, now)!
          if (row.state === 'exhausted') return attempts.length <= row.maxAttempts + 2
          if (row.dueAt < now) return false
        }
        return false
      },
    ),
    { numRuns: 60 },
  )
})
