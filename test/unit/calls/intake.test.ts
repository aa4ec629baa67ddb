import t from 'tap'
import type { CallerBrief } from '../../../src/calls/context-port.js'
import { admitCaller } from '../../../src/calls/intake.js'
import { EMPTY_BRIEF } from '../../../src/calls/live-call.js'
import type { CentreFile } from '../../../src/centre/schema.js'

const label = { ko: '가', en: 'x' }
const file: CentreFile = {
  centre: { id: 'test', label, timeZone: 'Asia/Seoul', callerIds: ['0311200120'] },
  numbers: [
    { number: '120', label, queue: 'general', prompts: ['greet', 'own/notice'] },
    { number: '119', label, queue: 'disaster' },
    { number: '7000', label, queue: 'day' },
  ],
  hours: {
    office: {
      weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:30', to: '18:30' }],
      closedOnHolidays: true,
    },
  },
  holidays: [{ date: '2026-05-05', name: '어린이날' }],
  skills: [],
  queues: [
    { id: 'general', label, requirement: { general: 1 }, hours: 'office', afterHoursTo: 'duty', overflowTo: 'tax' },
    { id: 'tax', label, requirement: { tax: 1 }, overflowTo: 'general', whenNoAgents: 'end' },
    { id: 'disaster', label, requirement: { crisis: 1 }, priority: 0 },
    { id: 'duty', label, requirement: { duty: 1 }, priority: 60 },
    { id: 'day', label, requirement: { general: 1 }, hours: 'office' },
  ],
  teams: [],
  agents: [],
  breakReasons: [{ id: 'rest', label }],
  dispositions: [{ id: 'done', label }],
  categories: [],
  departments: [],
}
const MONDAY_10 = Date.parse('2026-05-04T10:00:00+09:00')
const MONDAY_NIGHT = Date.parse('2026-05-04T23:00:00+09:00')
const HOLIDAY_10 = Date.parse('2026-05-05T10:00:00+09:00')
const admit = (dialled: string, brief: Partial<CallerBrief> = {}, now = MONDAY_10, signedIn = 3) =>
  admitCaller(file, dialled, { ...EMPTY_BRIEF, ...brief }, () => signedIn, now, 'c1')

t.test('in hours: the queue of the number, its prompts, its overflow once', async (t) => {
  t.match(admit('120'), {
    kind: 'wait',
    prompts: ['cti/greet', 'own/notice'],
    plan: { queue: 'general', priority: 50, overflow: { queue: 'tax', overflow: undefined } },
  })
})
t.test(
  'calendar: night and holiday go to the duty room, each with its own prompt; without one the call ends',
  async (t) => {
    t.match(admit('120', {}, MONDAY_NIGHT), {
      kind: 'wait',
      prompts: ['cti/greet', 'own/notice', 'cti/duty'],
      plan: { queue: 'duty', priority: 60 },
    })
    t.match(admit('120', {}, HOLIDAY_10), { prompts: ['cti/greet', 'own/notice', 'cti/holiday'] })
    t.strictSame(admit('7000', {}, MONDAY_NIGHT), { kind: 'end', end: 'closed_hours', prompts: ['cti/after-hours'] })
  },
)
t.test('restriction never blocks the disaster route', async (t) => {
  t.match(admit('120', { restricted: true }), { kind: 'end', end: 'blocked' })
  t.match(admit('119', { restricted: true }), { kind: 'wait', plan: { queue: 'disaster', priority: 0 } })
})
t.test('the caller raises the priority, never lowers it', async (t) => {
  t.match(admit('120', { vulnerable: true }), { plan: { priority: 30 } })
  t.match(admit('120', { vulnerable: true, droppedRecently: true }), { plan: { priority: 20 } })
  t.match(admit('119', { vulnerable: true }), { plan: { priority: 0 } })
})
t.test('a number that is not ours, and a queue without people', async (t) => {
  t.match(admit('999'), { kind: 'end', end: 'failed', reason: 'unknown_number' })
  const taxOnly: CentreFile = { ...file, numbers: [{ number: '120', label, queue: 'tax' }] }
  t.match(
    admitCaller(taxOnly, '120', EMPTY_BRIEF, () => 0, MONDAY_10, 'c1'),
    { kind: 'end', end: 'no_agents' },
  )
})

t.test(
  'who was to be phoned keeps the place, ahead of the queue; a call that has its promise already only hears so',
  async (t) => {
    const hold = {
      id: 'b1',
      kind: 'virtual_hold',
      state: 'queued',
      queue: 'general',
      requestedAt: 1,
      promisedAt: 2,
      dueAt: MONDAY_10 - 60_000,
      enqueuedAt: MONDAY_10 - 90_000,
      attempts: 0,
      contactId: 'cb-1',
      sourceContactId: 'c0',
    }
    t.match(admit('120', { callbacks: [hold] }), {
      kind: 'wait',
      plan: { queue: 'general', priority: 20 },
      turn: { superseded: [{ id: 'b1' }], since: MONDAY_10 - 90_000 },
    })
    t.equal((admit('120') as { turn?: unknown }).turn, undefined)
    t.match(admit('120', { callbacks: [{ ...hold, sourceContactId: 'c1' }] }), {
      kind: 'end',
      end: 'callback_requested',
      prompts: ['cti/callback-confirm'],
    })
    t.match(admit('120', { restricted: true, callbacks: [hold] }), { kind: 'end', end: 'blocked' })
  },
)
