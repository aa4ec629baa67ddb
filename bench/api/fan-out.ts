import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { percentile } from '../route/measure.js'
import type { Heard } from './listeners.js'
import { AGENTS, type ApiWorld, VIEWER } from './world.js'

export interface FanOutRow {
  readonly sockets: number
  readonly eventsPerSecond: number
  /** ms from before the append to the socket of the other process. */
  readonly p50: number
  readonly p99: number
  /** Events that should have come to a socket and did not. */
  readonly missed: number
  readonly kbPerSocket: number
  /** Until all of them had their snapshot. */
  readonly connectSeconds: number
  /** Share of one core that the server took. */
  readonly serverCpu: number
}

const WALLBOARDS = 20
const PER_SECOND = 50
const WARM_UP_SECONDS = 5
/** Of ten events eight are of the floor: everybody gets them. Two are for one agent alone. */
const ROUND = 10
const FOR_ALL = 8

/** 600 agents and 20 wallboards with everything that they may see; 50 events a second are appended to the journal. */
export async function measureFanOut(world: ApiWorld, seconds: number): Promise<FanOutRow> {
  const listeners = fork(fileURLToPath(new URL('./listeners.js', import.meta.url)), { serialization: 'advanced' })
  const gone = once(listeners, 'exit').then(() => Promise.reject(new Error('the listeners have ended')))
  gone.catch(() => undefined)
  const answer = async () => (await Promise.race([once(listeners, 'message'), gone]))[0] as unknown
  try {
    const before = await world.usage()
    const tokens = [
      ...AGENTS.map((id) => world.token(id)),
      ...Array.from({ length: WALLBOARDS }, () => world.token(VIEWER)),
    ]
    listeners.send({ url: world.url, tokens })
    const opened = performance.now()
    if ((await answer()) !== 'connected') throw new Error('the sockets could not be opened')
    const connectSeconds = (performance.now() - opened) / 1000
    await delay(1_000)
    const open = await world.usage()
    await appendFor(world, WARM_UP_SECONDS)
    listeners.send('count')
    await delay(200)
    const cpuBefore = (await world.usage()).cpu
    const began = performance.now()
    const { toAll, toOne } = await appendFor(world, seconds)
    const took = (performance.now() - began) * 1000
    const expected = toAll * tokens.length + toOne
    const cpu = (await world.usage()).cpu
    const { waits } = await heardAll(listeners, answer, expected)
    return {
      sockets: tokens.length,
      eventsPerSecond: PER_SECOND,
      p50: round(percentile(waits, 0.5)),
      p99: round(percentile(waits, 0.99)),
      missed: expected - waits.length,
      kbPerSocket: round((open.bytes - before.bytes) / tokens.length / 1024),
      connectSeconds: round(connectSeconds),
      serverCpu: round((cpu.user + cpu.system - cpuBefore.user - cpuBefore.system) / took),
    }
  } finally {
    listeners.disconnect()
  }
}

/** What was heard, once it is everything or nothing more has come for a while. */
async function heardAll(
  listeners: ReturnType<typeof fork>,
  answer: () => Promise<unknown>,
  expected: number,
): Promise<Heard> {
  let before = -1
  for (;;) {
    listeners.send('tell')
    const heard = (await answer()) as Heard
    if (heard.waits.length >= expected || heard.waits.length === before) return heard
    before = heard.waits.length
    await delay(2_000)
  }
}

/** Appends at a steady rate, whatever the answers take. */
async function appendFor(world: ApiWorld, seconds: number): Promise<{ toAll: number; toOne: number }> {
  const count = seconds * PER_SECOND
  const began = performance.now()
  const appended: Promise<unknown>[] = []
  for (let n = 0; n < count; n++) {
    const wait = began + (n * 1000) / PER_SECOND - performance.now()
    if (wait > 0) await delay(wait)
    appended.push(append(world, n))
  }
  await Promise.all(appended)
  const toAll = Math.floor(count / ROUND) * FOR_ALL + Math.min(count % ROUND, FOR_ALL)
  return { toAll, toOne: count - toAll }
}

function append(world: ApiWorld, n: number): Promise<unknown> {
  const agentId = AGENTS[(n * 7) % AGENTS.length]!
  const contactId = `fan-${n}`
  const mark = Math.round((performance.timeOrigin + performance.now()) * 1000)
  const time = Date.now()
  if (n % ROUND < FOR_ALL)
    return world.journal.append('agent.work_changed', {
      subject: `agent:${agentId}`,
      contactId,
      time,
      data: { agentId, work: 'talking', previous: 'ringing', since: mark, contactId, reservationId: `r-${n}` },
    })
  return world.journal.append('reservation.created', {
    subject: `reservation:r-${n}`,
    contactId,
    time,
    data: {
      reservationId: `r-${n}`,
      agentId,
      queue: 'bench',
      token: n,
      route: 'bench/0',
      createdAt: mark,
      deadline: time,
      enqueuedAt: time,
      attempts: 0,
    },
  })
}

const round = (value: number): number => Math.round(value * 100) / 100
