import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { chooseCallerId } from './caller-id.js'
import type { ChecklistItem } from './model.js'
import { planCallback } from './plan.js'
import { policyOf } from './policy.js'
import type { CallbackStore } from './ports.js'
import { callsOf, type WelfareSchedule } from './welfare-plan.js'

/** $1 yesterday's date or earlier, $2 tomorrow's or later: a rough cut, the dates of the centre decide. */
const ACTIVE = `
SELECT id, citizen_id, queue, number, second_number, days, at_time, owner_agent, checklist, starts_on::text, ends_on::text
  FROM welfare_schedules
 WHERE NOT paused AND starts_on <= $2::date AND (ends_on IS NULL OR ends_on >= $1::date) ORDER BY id`

const KNOWN = 'SELECT request_key FROM callbacks WHERE request_key = ANY($1)'

interface Row {
  readonly id: string
  readonly citizen_id: string
  readonly queue: string
  readonly number: string
  readonly second_number: string | null
  readonly days: string[]
  readonly at_time: string
  readonly owner_agent: string | null
  readonly checklist: ChecklistItem[]
  readonly starts_on: string
  readonly ends_on: string | null
}

export interface WelfareDeps {
  readonly postgres: Postgres
  readonly centre: CentrePort
  readonly store: CallbackStore
  readonly clock: Clock
  readonly sealing: Pick<Sealing, 'open'>
}

const DAY_MS = 86_400_000

/**
 * Makes today's call-backs of the welfare schedules, and those that a pause of the servers has left out while they can still be made. The key
 * of the request makes one promise of a schedule and date, so it may run as often as it likes.
 * @returns one round: how many promises were made
 */
export function createWelfarePlanner(deps: WelfareDeps): () => Promise<number> {
  const { postgres, centre, store, clock, sealing } = deps
  return async () => {
    const now = clock()
    const { file } = centre.current()
    const policy = policyOf(file, 'welfare')
    if (!policy.on) return 0
    const range = [new Date(now - 2 * DAY_MS), new Date(now + DAY_MS)].map((at) => at.toISOString().slice(0, 10))
    const { rows } = await postgres.query<Row>({ name: 'callbacks-welfare', text: ACTIVE }, range)
    const calls = rows
      .filter(({ queue }) => file.queues.some(({ id }) => id === queue))
      .flatMap((row) =>
        callsOf(scheduleOf(row), file.centre.timeZone, now, policy.expireMs).map((call) => ({ row, call })),
      )
    const keys = calls.map(({ call }) => call.requestKey)
    const { rows: known } = await postgres.query<{ request_key: string }>(KNOWN, [keys])
    const made = new Set(known.map(({ request_key }) => request_key))
    let created = 0
    for (const { row, call } of calls) {
      if (made.has(call.requestKey)) continue
      const planned = planCallback(file, { kind: 'welfare', queue: row.queue, at: call.at }, now)
      if (!planned) continue
      const { moved: _, ...times } = planned
      const answer = await store.create(
        {
          ...times,
          kind: 'welfare',
          queue: row.queue,
          number: sealing.open(row.number),
          secondNumber: row.second_number === null ? undefined : sealing.open(row.second_number),
          callerId: chooseCallerId(file, row.queue),
          citizenId: row.citizen_id,
          ownerAgent: row.owner_agent ?? undefined,
          // Half of the room is the known voice's, the rest anybody's.
          ownerUntil: row.owner_agent === null ? undefined : times.dueAt + Math.floor(policy.promiseMs / 2),
          scheduleId: row.id,
          checklist: row.checklist,
          requestKey: call.requestKey,
          createdBy: 'system',
        },
        now,
      )
      if (answer.created) created += 1
    }
    return created
  }
}

function scheduleOf(row: Row): WelfareSchedule {
  return {
    id: row.id,
    days: row.days,
    atTime: row.at_time,
    startsOn: row.starts_on,
    endsOn: row.ends_on ?? undefined,
  }
}
