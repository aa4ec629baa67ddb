import type { ConformanceHouse } from './house.js'
import { asAdmin, type Recipe, version, wrapping } from './recipe.js'

const HOUR = 3_600_000
/** A form of the public page that comes back sooner than people type is refused, ms. */
const TYPING = 5_000
let numbers = 0
const newNumber = () => `0107770${String(++numbers).padStart(4, '0')}`
const inAnHour = (house: ConformanceHouse) => new Date(house.now() + HOUR).toISOString()

async function callback(house: ConformanceHouse, more: object = {}) {
  const wish = { kind: 'agent_promised', queue: 'tax', number: newNumber(), at: inAnHour(house), ownerAgent: 'a01' }
  return (await asAdmin(house, 'POST', '/v1/callbacks', { ...wish, ...more })).callback
}

/** A call-back in which a01 talks with the citizen. */
async function talked(house: ConformanceHouse, more: object = {}) {
  const made = await callback(house, more)
  const now = house.now()
  const contactId = `talk-${made.id}`
  await house.callbacks.move(made.id, { do: 'fall_due' }, now)
  await house.callbacks.move(made.id, { do: 'queue', contactId, enqueuedAt: now }, now)
  await house.callbacks.move(made.id, { do: 'offer', agentId: 'a01' }, now)
  await house.callbacks.claim(contactId, { agentId: 'a01', node: 'node1' }, now)
  await house.callbacks.answered(contactId, now)
  await house.callbacks.move(made.id, { do: 'connect', agentId: 'a01' }, now)
  return made
}

async function schedule(house: ConformanceHouse) {
  const { id } = await asAdmin(house, 'POST', '/v1/citizens', { name: '김말순' })
  return asAdmin(house, 'POST', '/v1/welfare-schedules', { citizenId: id, ...WEEKLY, number: newNumber() })
}
const WEEKLY = { queue: 'tax', days: ['mon', 'thu'], atTime: '10:30', startsOn: '2027-03-01' }

async function filledForm(house: ConformanceHouse) {
  const { form, slots } = (await house.request('GET', '/v1/public/booking')).body
  house.pass(TYPING)
  return { form, slots, booking: { form, number: newNumber(), slotAt: slots[0].at, reason: '재산세 문의' } }
}
async function booked(house: ConformanceHouse) {
  const { slots, booking } = await filledForm(house)
  const { body } = await house.request('POST', '/v1/public/bookings', { body: booking })
  return { slots, token: body.token as string }
}

/** Call-backs, welfare calls, bookings by citizens. */
export const CALLBACK_RECIPES: Readonly<Record<string, Recipe>> = {
  searchCallbacks: () => ({ query: { state: 'open', order: 'promised' } }),
  createCallback: (house) => ({
    body: { kind: 'agent_promised', queue: 'tax', number: newNumber(), at: inAnHour(house), reason: '환급 확인' },
  }),
  listCallbackTimes: () => ({ query: { queue: 'tax' } }),
  listCallbackSlots: () => ({ query: { queue: 'tax' } }),
  getCallbackFigures: (house) => ({
    query: { from: new Date(house.now() - HOUR).toISOString(), to: inAnHour(house) },
  }),
  getCallback: async (house) => ({ params: { id: (await callback(house)).id } }),
  promiseCallback: async (house) => {
    const { contactId, finish } = await wrapping(house)
    const body = { at: inAnHour(house), reason: '내일 다시', number: newNumber() }
    return { as: 'a01', params: { id: contactId }, body, after: finish }
  },
  reassignCallback: async (house) => {
    const made = await callback(house)
    return { params: { id: made.id }, headers: version(made), body: { ownerAgent: 'a02', reason: 'sick' } }
  },
  rescheduleCallback: async (house) => {
    const made = await callback(house)
    const at = new Date(house.now() + 2 * HOUR).toISOString()
    return { params: { id: made.id }, headers: version(made), body: { at, reason: 'asked for it' } }
  },
  cancelCallback: async (house) => {
    const made = await callback(house)
    return { params: { id: made.id }, headers: version(made), body: { reason: 'solved' } }
  },
  setCallbackOutcome: async (house) => ({ params: { id: (await talked(house)).id }, body: { outcome: 'voicemail' } }),
  answerCallbackChecklist: async (house) => {
    const checklist = [{ id: 'meals', label: '식사는 하셨나요?' }]
    const { id } = await talked(house, { kind: 'welfare', checklist })
    return { params: { id }, body: { answers: { meals: '네' } } }
  },
  exportCallbacks: () => ({}),
  importCallbacks: () => ({
    query: { dryRun: 'true' },
    text: `전화번호,대기열\r\n${newNumber()},tax`,
    headers: { 'content-type': 'text/csv' },
  }),
  openBoard: () => ({ body: {} }),

  searchWelfareSchedules: () => ({ query: { paused: 'false' } }),
  createWelfareSchedule: async (house) => {
    const { id } = await asAdmin(house, 'POST', '/v1/citizens', { name: '이순자' })
    return { body: { citizenId: id, ...WEEKLY, number: newNumber() } }
  },
  getWelfareSchedule: async (house) => ({ params: { id: (await schedule(house)).id } }),
  updateWelfareSchedule: async (house) => {
    const made = await schedule(house)
    return { params: { id: made.id }, headers: version(made), body: { atTime: '11:00', note: null } }
  },
  pauseWelfareSchedule: async (house) => {
    const made = await schedule(house)
    return { params: { id: made.id }, headers: version(made), body: { paused: true, reason: 'in hospital' } }
  },
  deleteWelfareSchedule: async (house) => {
    const made = await schedule(house)
    return { params: { id: made.id }, headers: version(made) }
  },

  getBookingForm: () => ({}),
  book: async (house) => ({ body: (await filledForm(house)).booking }),
  findBooking: async (house) => ({ body: { token: (await booked(house)).token } }),
  cancelBooking: async (house) => ({ body: { token: (await booked(house)).token } }),
  moveBooking: async (house) => {
    const { token, slots } = await booked(house)
    return { body: { token, slotAt: slots[2].at } }
  },
}
