import type { WebSocket } from 'ws'
import type { EventsContext } from './context.js'
import { EventFrameText } from './rendering.js'
import { EventSession } from './session.js'

export interface HubMetrics {
  readonly opened: () => void
  readonly closed: (code: number) => void
  readonly delivered: (sockets: number) => void
}

/**
 * All sockets of this instance. It reads the journal feed once; each event is written to every socket before the handler returns, so
 * whoever subscribed to the feed after the hub (the one who rings the phone) acts after the screen has its pop.
 */
export class EventHub {
  private readonly sessions = new Set<EventSession>()
  private readonly timer: NodeJS.Timeout
  private readonly stops: (() => void)[] = []

  constructor(
    private readonly context: EventsContext,
    private readonly metrics: HubMetrics,
  ) {
    this.stops.push(
      context.feed.subscribe('websocket', (event) => {
        context.pops.observe(event)
        const frame = new EventFrameText(event)
        for (const session of this.sessions) session.deliver(frame)
        metrics.delivered(this.sessions.size)
      }),
    )
    context.feed.onReset(() => {
      context.pops.clear()
      for (const session of this.sessions) session.restart()
    })
    this.stops.push(
      context.centre.onChange(() => {
        for (const session of this.sessions) session.refresh()
      }),
    )
    const often = Math.max(20, Math.min(1_000, context.limits.heartbeatMs / 2, context.limits.helloMs / 2))
    this.timer = setInterval(() => {
      const now = context.clock()
      for (const session of this.sessions) session.tick(now)
    }, often)
    this.timer.unref()
  }

  /** Takes over a new socket. */
  add(socket: WebSocket): void {
    const session: EventSession = new EventSession(socket, this.context, (code) => {
      this.sessions.delete(session)
      this.metrics.closed(code)
    })
    this.sessions.add(session)
    this.metrics.opened()
  }

  get size(): number {
    return this.sessions.size
  }

  /** The server goes away: clients reconnect elsewhere and resume. */
  close(): void {
    clearInterval(this.timer)
    for (const stop of this.stops) stop()
    for (const session of this.sessions) session.close(1001)
  }
}
