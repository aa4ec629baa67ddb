import type { CentreFile } from '../../src/centre/schema.js'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const label = { ko: '측정', en: 'Bench' }
const QUEUES = 8

export const queueName = (n: number): string => `q${n % QUEUES}`

/** A centre of eight queues, each agent in two of them, whose citizens may be phoned at any hour. */
export function benchCentre(agents: number): CentreFile {
  const skill = (n: number): string => `s${n % QUEUES}`
  return {
    centre: { id: 'bench', label, timeZone: 'Asia/Seoul', callerIds: ['0311200120'] },
    numbers: [{ number: '120', label, queue: 'q0' }],
    hours: { always: { weekly: [{ days: [...DAYS], from: '00:00', to: '24:00' }] } },
    holidays: [],
    callbacks: {
      nightStop: { from: '00:00', to: '00:00' },
      virtualHold: { hours: 'always' },
      agentPromised: { hours: 'always' },
      abandoned: { hours: 'always' },
      booked: { hours: 'always', slotMinutes: 30, capacity: 1000 },
      welfare: { hours: 'always', priority: 10 },
    },
    skills: Array.from({ length: QUEUES }, (_, n) => ({ id: skill(n), label })),
    // An agent has accepted and the citizen's phone rings meanwhile.
    queues: Array.from({ length: QUEUES }, (_, n) => ({
      id: queueName(n),
      label,
      requirement: { [skill(n)]: 1 },
      ringSeconds: 60,
    })),
    teams: [{ id: 'team', label }],
    agents: Array.from({ length: agents }, (_, n) => ({
      id: `a${n}`,
      name: `상담사${n}`,
      team: 'team',
      role: 'agent' as const,
      device: `d${n}`,
      skills: { [skill(n)]: 3, [skill(n + 1)]: 3 },
    })),
    breakReasons: [{ id: 'rest', label }],
    dispositions: [{ id: 'done', label }],
    categories: [],
    departments: [],
  }
}
