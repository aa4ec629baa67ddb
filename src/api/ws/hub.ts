import type { WebSocket } from 'ws'
import { ActiveClients } from './active-clients.js'
import { Attendance } from './attendance.js'
import type { EventsContext } from './context.js'
import { Moments } from './moments.js'
import type { Position } from './position.js'
import { Readers } from './readers.js'
import { RecentEvents } from './recent.js'
import { EventFrameText } from './rendering.js'
import { EventSession } from './session.js'

export interface HubMetrics {
  readonly opened: () => void
  readonly closed: (code: number) => void
  readonly delivered: (sockets: number) => void
}

/** Close codes by which a client says that it ends: signed out, or its page was left. */
const BYE: ReadonlySet<number> = new Set([1000, 1001])

/**
 * All sockets of this instance. It reads the journal feed once; each event is written to every socket that wants it before the handler returns, so
 * whoever subscribed to the feed after the hub (the one who rings the phone) acts after the screen has its pop.
 */
export class EventHub {
  private readonly sessions = new Set<EventSession>()
  private readonly readers = new Readers(this.sessions)
  /** The last event that was delivered. */
  private at: Position = { epoch: '', seq: 0 }
  private readonly recent = new RecentEvents()
  private readonly timer: NodeJS.Timeout
  private readonly stops: (() => void)[] = []
  private readonly attendance: Attendance
  private readonly active: ActiveClients
  private closing = false
  private readonly context: EventsContext

  constructor(
    shared: Omit<EventsContext, 'active' | 'moments'>,
    private readonly metrics: HubMetrics,
  ) {
    this.active = new ActiveClients(
      shared.routing,
      shared.limits.activeClientMs,
      shared.clock,
      () => this.sessions,
      (err) => shared.logger.warn({ err }, 'it could not be told which clients are active'),
    )
    const moments = new Moments(shared.routing, shared.centre)
    const context: EventsContext = { ...shared, active: this.active, moments }
    this.context = context
    this.active.start()
    this.stops.push(
      context.feed.subscribe('websocket', (event) => {
        context.pops.observe(event)
        if (event.type === 'agent.client_changed') this.active.learn(event.data.agentId, event.data.client, event.seq)
        const frame = new EventFrameText(event)
        const readers = this.readers.of(event)
        for (const session of readers) session.deliver(frame)
        this.at = event
        this.recent.add(frame, performance.now())
        metrics.delivered(readers.length)
      }),
    )
    context.feed.onReset((why) => {
      context.pops.clear()
      moments.forget()
      this.recent.clear()
      this.active.forget()
      // The number reached before is no longer true; heartbeats fall back on each socket's own snapshot.
      this.at = { epoch: '', seq: 0 }
      for (const session of this.sessions) session.restart(why)
    })
    this.stops.push(
      context.centre.onChange(() => {
        moments.forget()
        for (const session of this.sessions) session.refresh()
        this.readers.changed()
      }),
    )
    this.attendance = new Attendance(
      context.routing,
      context.limits.clientGraceMs,
      context.clock,
      () => this.presentAgents(),
      (err) => context.logger.warn({ err }, 'it could not be told which agents are here'),
    )
    this.attendance.start()
    const often = Math.max(20, Math.min(1_000, context.limits.heartbeatMs / 2, context.limits.helloMs / 2))
    this.timer = setInterval(() => {
      const now = context.clock()
      for (const session of this.sessions) session.tick(now)
    }, often)
    this.timer.unref()
  }

  /** Takes over a new socket. */
  add(socket: WebSocket, from: string): void {
    const session: EventSession = new EventSession(socket, this.context, from, {
      at: () => this.at,
      recent: () => this.recent.upTo(this.at),
      onChanged: () => this.readers.changed(),
      onGreeted: () => this.attendance.say(),
      onClosed: (code) => {
        this.sessions.delete(session)
        const { agentId, client, active } = session
        if (BYE.has(code) && !this.closing && active && agentId !== undefined && client !== undefined)
          this.active.leave(agentId, client)
        this.readers.changed()
        this.metrics.closed(code)
      },
    })
    this.sessions.add(session)
    this.readers.changed()
    this.metrics.opened()
  }

  /** Agents with a client here that answered lately. */
  private presentAgents(): string[] {
    const now = this.context.clock()
    const agents = new Set<string>()
    for (const session of this.sessions) {
      if (session.agentId !== undefined && session.isPresent(now)) agents.add(session.agentId)
    }
    return [...agents]
  }

  get size(): number {
    return this.sessions.size
  }

  /** The server goes away: clients reconnect elsewhere and resume. */
  close(): void {
    this.closing = true
    clearInterval(this.timer)
    this.attendance.stop()
    this.active.stop()
    for (const stop of this.stops) stop()
    for (const session of this.sessions) session.close(1001)
  }
}
