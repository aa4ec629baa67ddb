import { error, type Path, type Problem, warning } from './problem.js'
import type { CallbacksConfig, CentreFile, HoursConfig } from './schema.js'
import { refuseSenderNumber } from './sender-number.js'

/** Keys that the IVR guideline gives another meaning at every level: an agent, repeat, back (domain.md section 5). */
const TAKEN_KEYS = new Set(['0', '*', '#'])
const KINDS = ['virtualHold', 'agentPromised', 'abandoned', 'booked', 'welfare'] as const

/** PURE. Numbers that outbound calls show: of the centre, and such that a public body may show them. */
export function checkCallerIds(file: CentreFile): Problem[] {
  const known = new Set(file.centre.callerIds)
  const wrong = file.centre.callerIds.flatMap((number, i) => {
    const why = number === undefined ? undefined : refuseSenderNumber(number)
    return why === undefined ? [] : [error(['centre', 'callerIds', i], why)]
  })
  const foreign = file.queues.flatMap(({ callerId }, i) =>
    callerId === undefined || known.has(callerId)
      ? []
      : [error(['queues', i, 'callerId'], `${JSON.stringify(callerId)} is not one of centre.callerIds`)],
  )
  return [...wrong, ...foreign]
}

/** PURE. The call-backs' policies: names that exist, keys that are free, hours that are ever open, tries that are ever made. */
export function checkCallbacks(file: CentreFile): Problem[] {
  const { callbacks } = file
  if (!callbacks) return []
  const at: Path = ['callbacks']
  return [
    ...KINDS.flatMap((kind) => checkPolicy(file, callbacks, kind, [...at, kind])),
    ...checkVirtualHold(callbacks, [...at, 'virtualHold']),
    ...checkBooked(file, callbacks, [...at, 'booked']),
    ...checkWelfare(file, callbacks, [...at, 'welfare']),
    ...(callbacks.nightStop && callbacks.nightStop.from === callbacks.nightStop.to
      ? [warning([...at, 'nightStop'], 'begins when it ends: there is no night stop')]
      : []),
  ]
}

function checkPolicy(file: CentreFile, callbacks: CallbacksConfig, kind: (typeof KINDS)[number], at: Path): Problem[] {
  const policy = callbacks[kind]
  if (!policy) return []
  const problems: Problem[] = []
  if (policy.hours !== undefined) {
    const hours = Object.hasOwn(file.hours, policy.hours) ? file.hours[policy.hours] : undefined
    if (!hours) problems.push(missing([...at, 'hours'], 'hours', policy.hours))
    else if (!isEverOpen(hours, callbacks.nightStop))
      problems.push(error([...at, 'hours'], 'never lets anybody be phoned: closed, or inside the night stop'))
  }
  const { tries, retryMinutes } = policy
  if (tries !== undefined && retryMinutes !== undefined && retryMinutes.length > Math.max(tries - 1, 1))
    problems.push(warning([...at, 'retryMinutes'], `has more than tries ${tries} can use`))
  return problems
}

function checkVirtualHold({ virtualHold }: CallbacksConfig, at: Path): Problem[] {
  const key = virtualHold?.key
  return key !== undefined && TAKEN_KEYS.has(key)
    ? [error([...at, 'key'], `${key} is taken: 0 reaches an agent, * repeats, # goes back`)]
    : []
}

function checkBooked(file: CentreFile, { booked }: CallbacksConfig, at: Path): Problem[] {
  if (!booked) return []
  const known = booked.queue === undefined || file.queues.some(({ id }) => id === booked.queue)
  return known ? [] : [missing([...at, 'queue'], 'queue', booked.queue ?? '')]
}

function checkWelfare(file: CentreFile, { welfare }: CallbacksConfig, at: Path): Problem[] {
  if (!welfare) return []
  const problems: Problem[] = []
  const { department, tries, missesBeforeSecond, whenExhausted } = welfare
  if (department !== undefined && !file.departments.some(({ id }) => id === department))
    problems.push(missing([...at, 'department'], 'department', department))
  if (department === undefined && whenExhausted === 'ticket')
    problems.push(warning([...at, 'department'], 'is missing: visit tickets go to no department'))
  if (tries !== undefined && missesBeforeSecond !== undefined && missesBeforeSecond >= tries)
    problems.push(warning([...at, 'missesBeforeSecond'], `never happens: there are only ${tries} tries`))
  return problems
}

const missing = (path: Path, kind: string, name: string) =>
  error(path, `names the ${kind} ${JSON.stringify(name)}, which does not exist`)

/** Is any minute of any day open and outside the night stop? */
function isEverOpen(hours: HoursConfig, night: CallbacksConfig['nightStop']): boolean {
  const rows = [...hours.weekly, ...(hours.special ?? [])]
  return rows.some((row) => !night || !covers(night, row))
}

/** Does the night stop, which may pass midnight, cover the whole row? Times are HH:MM, so text order is time order. */
function covers(night: { from: string; to: string }, row: { from: string; to: string }): boolean {
  if (night.from <= night.to) return night.from <= row.from && row.to <= night.to
  return row.from >= night.from || row.to <= night.to
}
