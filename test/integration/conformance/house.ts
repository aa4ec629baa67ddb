import { type ApiHouse, openApiHouse } from '../../helpers/api.js'

/** A Tuesday, 10:00 in Seoul: call-backs know opening hours. */
const TEN = Date.parse('2027-03-02T10:00:00+09:00')

/** The house with everything switched on that an operation may need, and a clock that can be put forward. */
export interface ConformanceHouse extends ApiHouse {
  now(): number
  /** Time goes by (ms). */
  pass(ms: number): void
}

export async function openConformanceHouse(): Promise<ConformanceHouse> {
  const began = Date.now()
  let passed = 0
  const now = () => TEN + passed + Date.now() - began
  const house = await openApiHouse({ clock: now })
  house.setCentre((file) => {
    file.centre.callerIds = ['0311200120']
    file.agents.find(({ id }) => id === 'a01')!.autoAnswer = 'accept'
    file.hours.callback = { weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '20:00' }] }
    file.callbacks = {
      agentPromised: { hours: 'callback', teamLeadMinutes: 10 },
      booked: { queue: 'tax', hours: 'callback', slotMinutes: 30, capacity: 50, daysAhead: 2 },
      welfare: { hours: 'callback', missesBeforeSecond: 2 },
    }
  })
  return {
    ...house,
    now,
    pass: (ms) => {
      passed += ms
    },
  }
}
