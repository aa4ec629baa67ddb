import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Redis } from 'ioredis'
import { CALM, type Judgement, judge, type Limits } from './hysteresis.js'

/** Why this process takes no new calls. */
export type LoadCause = 'event_loop' | 'redis'

export interface LoadWatch {
  start(): void
  stop(): void
  readonly overloaded: boolean
  /** For people: what is slow and by how much; undefined while nothing is. */
  detail(): string | undefined
}

const SAMPLE_MS = 500
const RESOLUTION_MS = 10
/** From which delay on this process takes no new calls, ms. It takes them again at half of it. */
export interface LoadLimits {
  /** 99th percentile of the event loop's delay. */
  readonly loopMs: number
  /** Round trip of a PING to Redis: every transition of a call waits as long. */
  readonly redisMs: number
}

/** 3 s of it turn on, 5 calm seconds turn off. */
const loopLimits = (ms: number): Limits => ({ high: ms, low: ms / 2, bad: 6, good: 10 })
/** 1 s of it turns on; 1.5 calm seconds turn off: back is back. */
const redisLimits = (ms: number): Limits => ({ high: ms, low: ms / 2, bad: 2, good: 3 })

/**
 * Watches whether this process still keeps up. A server that is late with everything must not claim calls: the dialplan's fallback
 * queue serves them better than silence does.
 * @param onChange one call at each change, with the measure in ms
 */
export function createLoadWatch(
  redis: Redis,
  limits: LoadLimits,
  onChange: (cause: LoadCause, on: boolean, ms: number) => void,
): LoadWatch {
  const [loop, pings] = [loopLimits(limits.loopMs), redisLimits(limits.redisMs)]
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const judged: Record<LoadCause, Judgement> = { event_loop: CALM, redis: CALM }
  const measured: Record<LoadCause, number> = { event_loop: 0, redis: 0 }
  let timer: NodeJS.Timeout | undefined
  let lastTurn = 0
  let askedAt: number | undefined
  let answered = 0

  const ask = (): void => {
    // Away is known at once by its status; a command would wait there and be measured as slow long after it is back.
    if (redis.status !== 'ready' || askedAt !== undefined) return
    const began = performance.now()
    askedAt = began
    const settle = (): void => {
      if (askedAt !== began) return
      askedAt = undefined
      answered = performance.now() - began
    }
    redis.ping().then(settle, settle)
  }

  const loopDelay = (now: number): number => {
    // A process that was stopped has few samples, but its own timer is late.
    const late = now - lastTurn - SAMPLE_MS
    const p99 = histogram.count > 0 ? histogram.percentile(99) / 1e6 - RESOLUTION_MS : 0
    histogram.reset()
    return Math.max(0, late, p99)
  }

  const redisDelay = (now: number): number => {
    if (redis.status !== 'ready') {
      askedAt = undefined
      return 0
    }
    return askedAt === undefined ? answered : now - askedAt
  }

  const take = (cause: LoadCause, ms: number, by: Limits): void => {
    const before = judged[cause]
    measured[cause] = ms
    judged[cause] = judge(before, ms, by)
    if (judged[cause].on !== before.on) onChange(cause, judged[cause].on, Math.round(ms))
  }

  const turn = (): void => {
    const now = performance.now()
    take('event_loop', loopDelay(now), loop)
    take('redis', redisDelay(now), pings)
    lastTurn = now
    ask()
  }

  return {
    start() {
      if (timer) return
      lastTurn = performance.now()
      histogram.enable()
      timer = setInterval(turn, SAMPLE_MS)
      ask()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      histogram.disable()
    },
    get overloaded() {
      return judged.event_loop.on || judged.redis.on
    },
    detail() {
      const words = { event_loop: 'event loop', redis: 'Redis' }
      const slow = (['event_loop', 'redis'] as const).filter((cause) => judged[cause].on)
      if (slow.length === 0) return undefined
      return `overloaded: ${slow.map((cause) => `${words[cause]} late by ${Math.round(measured[cause])} ms`).join(', ')}`
    },
  }
}
