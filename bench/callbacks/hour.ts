import { performance } from 'node:perf_hooks'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAttempt } from '../../src/callbacks/after-attempt.js'
import { ALARM_QUEUE, alarmId, createAlarmClock } from '../../src/callbacks/alarm-clock.js'
import { isCallbackContact } from '../../src/callbacks/contact-id.js'
import { letFallDue } from '../../src/callbacks/fall-due.js'
import { createCallbackFigures } from '../../src/callbacks/figures-query.js'
import type { AttemptResult, CallbackKind } from '../../src/callbacks/model.js'
import { planCallback } from '../../src/callbacks/plan.js'
import { policyOf } from '../../src/callbacks/policy.js'
import { queuePolicy } from '../../src/centre/policies.js'
import type { AnyJournalEvent, JournalEvent } from '../../src/journal/events.js'
import { keyPrefix } from '../../src/platform/keys.js'
import type { Postgres } from '../../src/platform/postgres/pool.js'
import { queueRoutes } from '../../src/routing/relax.js'
import { Agenda } from './agenda.js'
import { queueName } from './centre.js'
import { OrderWatch } from './order-watch.js'
import { CENTRE, createWorld } from './world.js'

export interface HourResult {
  readonly promises: number
  readonly onTime: number
  readonly inversions: number
  readonly duplicates: number
  readonly createMs: readonly number[]
  readonly dueMs: readonly number[]
  readonly dials: number
  readonly liveCalls: number
  readonly completed: number
  readonly simulatedMs: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Events so close together happen at once. */
const SLICE_MS = 1_000
const LIVE_PER_MINUTE = 10
/** Bookings begin with a slot, so they fall due together; the others when they like. */
const KINDS: readonly [CallbackKind, number][] = [
  ['agent_promised', 0.4],
  ['virtual_hold', 0.25],
  ['booked', 0.15],
  ['welfare', 0.1],
  ['abandoned', 0.1],
]
const RIPENING = new Set(['requested', 'scheduled', 'no_answer', 'busy'])

/** The same numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * One hour of a centre that only keeps promises, with some live callers in between, on the real core, Redis and PostgreSQL. Time is simulated:
 * it stands still while anything is at work. Alarms are real BullMQ jobs, let go when their simulated time has come; one in twenty rings
 * twice, and one in twenty promises of an agent is told twice.
 */
export async function runHour(
  redis: Redis,
  connect: () => Redis,
  postgres: Postgres,
  of: { readonly promises: number; readonly agents: number },
): Promise<HourResult> {
  const random = randomFrom(120)
  const begin = Date.parse('2026-11-26T01:00:00Z')
  let now = begin - HOUR
  const agenda = new Agenda()
  const world = await createWorld(redis, postgres, of.agents, () => now)
  const { routing, store, file } = world
  const watch = new OrderWatch(file)
  world.onLetIn = (callback) => watch.letIn(callback)
  const createMs: number[] = []
  const dueMs: number[] = []
  const result = { duplicates: 0, dials: 0, liveCalls: 0, completed: 0 }
  /** Citizens whose phone rings or who talk, and those who were reached: a second ring is one too many. */
  const onPhone = new Set<string>()
  const reached = new Set<string>()

  const letGo = new Map<string, { at: number; done: () => void }>()
  const ring = async (id: string): Promise<void> => {
    const callback = await store.get(id)
    if (callback && (await letFallDue(store, file, callback, now))) watch.fellDue({ ...callback, state: 'due' })
    const waiting = letGo.get(id)
    if (!waiting) return
    letGo.delete(id)
    dueMs.push(performance.now() - waiting.at)
    waiting.done()
  }
  const silent = { warn: () => {} }
  const alarms = createAlarmClock({ connect, centre: CENTRE, clock: () => now, ring, logger: silent, concurrency: 20 })
  const queueConnection = connect()
  const jobs = new Queue(ALARM_QUEUE, { connection: queueConnection, prefix: `${keyPrefix(CENTRE)}jobs` })
  await alarms.start()

  const alarmRings = async (due: { id: string; version: number }): Promise<void> => {
    const rung = new Promise<void>((done) => letGo.set(due.id, { at: performance.now(), done }))
    const job = await jobs.getJob(alarmId(due))
    if (!job) throw new Error('the alarm is not there')
    await job.promote()
    await rung
    if (random() < 0.05) await Promise.all([ring(due.id), ring(due.id)])
  }
  const arm = async (due: { id: string; version: number; dueAt: number }): Promise<void> => {
    await alarms.arm([due])
    agenda.add(due.dueAt, () => alarmRings(due))
  }

  const kindOf = (share: number): CallbackKind => {
    let sum = 0
    for (const [kind, part] of KINDS) {
      sum += part
      if (share < sum) return kind
    }
    return 'agent_promised'
  }
  const create = async (n: number): Promise<void> => {
    const kind = kindOf(random())
    const slot = begin + (random() < 0.5 ? 0 : 30 * MINUTE)
    const at = kind === 'booked' ? slot : begin + Math.floor(random() * HOUR)
    const lead = kind === 'agent_promised' ? 2 * policyOf(file, kind).teamLeadMs : 0
    const queue = queueName(Math.floor(random() * 8))
    const started = performance.now()
    const planned = planCallback(file, { kind, queue, at: at + lead }, now)
    if (!planned) throw new Error('the hours never open')
    const { moved: _, ...times } = planned
    const number = `010${String(20_000_000 + n)}`
    const { callback } = await store.create(
      { ...times, kind, queue, number, callerId: '0311200120', createdBy: 'bench' },
      now,
    )
    await arm(callback)
    createMs.push(performance.now() - started)
  }

  const finish = async (contactId: string, answered: boolean): Promise<void> => {
    const callback = await store.getByContact(contactId)
    if (!callback) throw new Error('no such attempt')
    const result_: AttemptResult = answered ? 'answered' : random() < 0.2 ? 'busy' : 'no_answer'
    await store.endAttempt(contactId, result_, now)
    if (answered) await routing.endTalk(contactId, 5_000, 'caller', now)
    else await routing.leaveQueue(contactId, result_, now)
    const next = afterAttempt(file, callback, await store.attempts(callback.id), result_, now)
    if (next) await store.move(callback.id, next, now)
    onPhone.delete(callback.id)
    if (!answered) return
    result.completed += 1
    reached.add(callback.id)
    agenda.add(now + 5_000, () => routing.sweep(now))
  }

  const dial = async (
    contactId: string,
    promise: { reservationId: string; token: number; agentId: string },
  ): Promise<void> => {
    const claim = await store.claim(contactId, { agentId: promise.agentId, node: 'bench' }, now)
    if (!claim.claimed) return
    const { id } = claim.callback
    if (onPhone.has(id) || reached.has(id)) result.duplicates += 1
    onPhone.add(id)
    result.dials += 1
    const answered = random() < 0.87
    if (!answered) return agenda.add(now + 20_000, () => finish(contactId, false))
    agenda.add(now + 3_000 + Math.floor(random() * 6_000), async () => {
      await store.answered(contactId, now)
      await routing.connectContact(promise, now)
      await store.move(id, { do: 'connect' }, now)
      agenda.add(now + 5_000 - 25_000 * Math.log(1 - random()), () => finish(contactId, true))
    })
  }

  const take = (event: JournalEvent<'reservation.created'>): void => {
    const { contactId = '' } = event
    const { reservationId, token, agentId } = event.data
    const promise = { reservationId, token, agentId }
    if (!isCallbackContact(contactId)) {
      agenda.add(now + 1_000, () => routing.connectContact(promise, now))
      agenda.add(now + 1_000 + 10_000 + Math.floor(random() * 60_000), async () => {
        await routing.endTalk(contactId, 5_000, 'caller', now)
        agenda.add(now + 5_000, () => routing.sweep(now))
      })
      return
    }
    const accept = async (): Promise<void> => {
      await routing.acceptReservation(promise, agentId, now)
      await dial(contactId, promise)
    }
    agenda.add(now + 2_000, accept)
    if (random() < 0.05) agenda.add(now + 2_000, accept)
  }

  const hear = (event: AnyJournalEvent): void => {
    watch.observe(event)
    if (event.type === 'reservation.created') take(event)
    if ((event.type === 'callback.no_answer' || event.type === 'callback.busy') && RIPENING.has(event.data.state)) {
      const { callbackId, rowVersion, dueAt } = event.data
      agenda.add(now, () => arm({ id: callbackId, version: rowVersion, dueAt }))
    }
  }

  const liveCall = async (): Promise<void> => {
    const queue = file.queues[Math.floor(random() * 8)]!
    const contactId = `live-${result.liveCalls++}`
    const routes = queueRoutes(queuePolicy(queue))
    await routing.queueContact(
      {
        contactId,
        queue: queue.id,
        channel: 'voice',
        priority: 50,
        enqueuedAt: now,
        routes,
        ringMs: 60_000,
        rejectMs: 30_000,
      },
      now,
    )
    const next = now + Math.ceil((-MINUTE / LIVE_PER_MINUTE) * Math.log(1 - random()))
    if (next < begin + HOUR) agenda.add(next, liveCall)
  }

  for (let n = 0; n < of.promises; n += 10)
    await Promise.all(Array.from({ length: Math.min(10, of.promises - n) }, (_, i) => create(n + i)))
  await world.tell.settled()
  now = begin
  await world.signIn()
  agenda.add(begin, liveCall)

  for (let at = agenda.next(); at !== undefined; at = agenda.next()) {
    now = Math.max(now, Math.ceil(at / SLICE_MS) * SLICE_MS)
    await Promise.all(agenda.take(now).map((work) => work()))
    await world.promote()
    await world.tell.settled()
    for (const event of await world.events()) hear(event)
  }

  const figures = await createCallbackFigures(postgres).read({ from: begin - HOUR, to: begin, now })
  const { onTime, counts } = figures.total.figures
  await alarms.stop()
  await jobs.close()
  queueConnection.disconnect()
  return {
    ...result,
    promises: counts.requested,
    onTime: onTime.value ?? 0,
    inversions: watch.inversions,
    createMs,
    dueMs,
    simulatedMs: now - begin,
  }
}
