import type { Redis } from 'ioredis'
import type { Clock } from '../../platform/clock.js'
import { keyOf } from '../../platform/keys.js'

/** How often an instance hears of sessions that others ended, ms. */
const EVERY_MS = 2_000
/** Clocks of instances differ by less. */
const OVERLAP_MS = 10_000

/**
 * Sessions that were ended before their access tokens have run out, known in every instance within 2 s. Asked for every request and
 * socket, so the answer is in memory.
 */
export class EndedSessions {
  private readonly ended = new Map<string, number>()
  private readonly key: string
  private timer: NodeJS.Timeout | undefined
  private since = 0

  constructor(
    private readonly redis: Redis,
    centreId: string,
    private readonly clock: Clock,
    /** Longer than any access token lives, ms. */
    private readonly keepMs: number,
  ) {
    this.key = keyOf(centreId, 'endedSessions')
  }

  has(sessionId: string): boolean {
    return this.ended.has(sessionId)
  }

  /** Here at once; @throws what Redis throws, when the others could not be told */
  async add(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return
    const now = this.clock()
    for (const id of sessionIds) this.ended.set(id, now)
    await this.redis.zadd(this.key, ...sessionIds.flatMap((id) => [now, id]))
    await this.redis.zremrangebyscore(this.key, '-inf', now - this.keepMs)
    await this.redis.pexpire(this.key, this.keepMs)
  }

  start(): void {
    this.timer ??= setInterval(() => void this.look().catch(() => undefined), EVERY_MS)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** Takes over what others ended since the last look. */
  async look(): Promise<void> {
    const now = this.clock()
    const found = await this.redis.zrangebyscore(this.key, Math.max(this.since, now - this.keepMs), '+inf')
    for (const id of found) if (!this.ended.has(id)) this.ended.set(id, now)
    this.since = now - OVERLAP_MS
    for (const [id, at] of this.ended) if (at < now - this.keepMs) this.ended.delete(id)
  }
}
