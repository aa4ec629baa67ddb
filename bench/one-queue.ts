import type { CentreFile } from '../src/centre/schema.js'

/** A centre of one queue that every agent serves, without wrap-up and announcements: nothing but the routing takes time. Agent `b3001` has the phone 3001. */
export function oneQueueCentre(of: {
  readonly id: string
  readonly label: { readonly ko: string; readonly en: string }
  readonly number: string
  readonly queue: string
  readonly phones: readonly string[]
}): CentreFile {
  const { id, label, number, queue, phones } = of
  return {
    centre: { id, label, timeZone: 'Asia/Seoul', callerIds: ['0311200120'] },
    numbers: [{ number, label, queue }],
    hours: {},
    holidays: [],
    skills: [{ id: 'general', label }],
    queues: [{ id: queue, label, requirement: { general: 1 }, wrapUpSeconds: 0, announceFirstSeconds: 0, limit: 1000 }],
    teams: [{ id: 'team', label }],
    agents: phones.map((device) => ({
      id: `b${device}`,
      name: `상담사${device}`,
      team: 'team',
      role: 'agent' as const,
      device,
      skills: { general: 3 },
    })),
    breakReasons: [{ id: 'rest', label }],
    dispositions: [{ id: 'done', label }],
    categories: [],
    departments: [],
  }
}
