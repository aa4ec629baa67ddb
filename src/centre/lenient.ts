import type { CentreFile } from './schema.js'

/**
 * PURE. A view of a damaged centre file that has the right form, so that names and duplicates can be checked although
 * something else is wrong. Nothing moves: every list keeps its indexes, so paths stay true. Only for looking, never applied.
 */
export function toLenient(value: unknown): CentreFile {
  const file = object(value)
  const centre = object(file.centre)
  const view = {
    centre: {
      ...centre,
      timeZone: text(centre.timeZone),
      popTarget: text(centre.popTarget),
      callerIds: array(centre.callerIds).map(text),
    },
    numbers: objects(file.numbers).map((n) => ({ ...n, number: text(n.number), queue: text(n.queue) })),
    hours: Object.fromEntries(
      Object.entries(object(file.hours)).map(([name, hours]) => [name, lenientHours(object(hours))]),
    ),
    holidays: objects(file.holidays).map((h) => ({ date: text(h.date) })),
    skills: named(file.skills),
    queues: objects(file.queues).map((q) => ({
      ...q,
      id: text(q.id),
      requirement: levels(q.requirement),
      relaxation: objects(q.relaxation).map((step) => ({
        afterSeconds: step.afterSeconds,
        requirement: levels(step.requirement),
      })),
      overflowTo: text(q.overflowTo),
      afterHoursTo: text(q.afterHoursTo),
      hours: text(q.hours),
      category: text(q.category),
      callerId: text(q.callerId),
    })),
    callbacks: lenientCallbacks(object(file.callbacks)),
    teams: named(file.teams),
    agents: objects(file.agents).map((a) => ({
      ...a,
      id: text(a.id),
      team: text(a.team),
      device: text(a.device),
      skills: levels(a.skills),
    })),
    breakReasons: named(file.breakReasons),
    dispositions: named(file.dispositions),
    categories: objects(file.categories).map((c) => ({ id: text(c.id), department: text(c.department) })),
    departments: named(file.departments),
  }
  return view as unknown as CentreFile
}

type Bag = Record<string, unknown>

const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const object = (value: unknown): Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {}
const objects = (value: unknown): Bag[] => array(value).map(object)
const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
const named = (value: unknown) => objects(value).map((item) => ({ id: text(item.id) }))
const levels = (value: unknown) =>
  Object.fromEntries(
    Object.entries(object(value)).map(([skill, level]) => [skill, typeof level === 'number' ? level : 1]),
  )

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/
const isTime = (value: unknown) => typeof value === 'string' && TIME.test(value)

/** Names only; what decides nothing alone (times, limits) was looked at by the schema. */
function lenientCallbacks(callbacks: Bag): unknown {
  const kinds = ['virtualHold', 'agentPromised', 'abandoned', 'booked', 'welfare'].filter((kind) => kind in callbacks)
  return Object.fromEntries(
    kinds.map((kind) => {
      const policy = object(callbacks[kind])
      const { hours, queue, department, key } = policy
      return [kind, { hours: text(hours), queue: text(queue), department: text(department), key: text(key) }]
    }),
  )
}

/** Rows whose times cannot be read are made to say nothing. */
function lenientHours(hours: Bag): unknown {
  const readable = (row: Bag) => isTime(row.from) && isTime(row.to)
  return {
    weekly: objects(hours.weekly).map((row) =>
      readable(row) ? { days: array(row.days), from: row.from, to: row.to } : { days: [], from: '00:00', to: '24:00' },
    ),
    special: objects(hours.special).map((row) =>
      readable(row)
        ? { date: text(row.date), from: row.from, to: row.to }
        : { date: '2000-01-01', from: '00:00', to: '24:00' },
    ),
  }
}
