import type { EventData, EventEnvelope, EventType, Problem, ServerFrame } from './generated/contracts.js'
import { globals, type WebSocketImpl, type WebSocketLike } from './platform.js'
import { CtiSignedOut } from './problem.js'

export type Snapshot = Extract<ServerFrame, { type: 'snapshot' }>
/** An event with its payload typed by `type`. */
export type CtiEvent = {
  [T in EventType]: Omit<EventEnvelope, 'type' | 'data'> & { readonly type: T; readonly data: EventData[T] }
}[EventType]
/**
 * offline: not connected, trying again; live: everything up to now is here; closed: ended for good. stale: this machine slept, so nothing
 * that is shown can be believed; it stays so until a new snapshot came.
 */
export type StreamState = 'connecting' | 'live' | 'offline' | 'stale' | 'closed'
export interface Position {
  readonly epoch: string
  readonly seq: number
}

export interface EventHandlers {
  /** The moment; what was known before is void. Comes first, and again when events were missed that cannot be replayed. */
  readonly onSnapshot?: (snapshot: Snapshot) => void
  /** Each event once, in order. */
  readonly onEvent?: (event: CtiEvent) => void
  /**
   * Whether this client takes the agent's commands, or only looks on because another tab or device does; `takeOver` changes it. Only with
   * a `clientId`.
   */
  readonly onActive?: (active: boolean) => void
  readonly onState?: (
    state: StreamState,
    why?: { readonly code?: number; readonly problem?: Problem; readonly signedOut?: boolean },
  ) => void
}
export interface EventOptions extends EventHandlers {
  /** Event types: `contact.queued`, `contact.*`; absent: all that one may see. */
  readonly subscribe?: readonly string[]
  /** Position to go on from (kept by the application); absent: begin with a snapshot. */
  readonly resume?: Position
  /** Shortest and longest pause before connecting again, ms. */
  readonly retryMs?: readonly [number, number]
}
export interface EventStreamDeps {
  readonly url: string
  readonly webSocketImpl: WebSocketImpl
  /** Authorization header's value; `renew` asks for a new access token. */
  readonly authorization: (renew: boolean) => Promise<string>
  /** Name of this client among those of the same person. */
  readonly clientId?: string
  /** Epoch ms (default: the machine's). */
  readonly wallClock?: () => number
}

/** Close codes after which trying again cannot help. */
const FINAL = new Set([4400, 4403, 4409])
const SIGNED_OUT = 4401
/** How often it is looked whether the machine slept, ms. */
const LOOK_MS = 5_000

/** The events of the server: connects, resumes where it was, tells each event once. */
export class EventStream {
  private socket: WebSocketLike | undefined
  private at: Position | undefined
  private state: StreamState = 'connecting'
  private attempt = 0
  private retry: unknown
  private silence: unknown
  private silenceMs = 45_000
  private look: unknown
  /** By the wall clock, which goes on while a machine sleeps; timers do not. */
  private heardAt = 0
  /** Slept, and no snapshot since. */
  private stale = false
  private renew = false
  private active: boolean | undefined
  private lastProblem: Problem | undefined

  constructor(
    private readonly deps: EventStreamDeps,
    private readonly options: EventOptions,
  ) {
    this.at = options.resume
    this.heardAt = this.wallClock()
    this.watchSleep()
    void this.connect()
  }

  /** Everything up to here was told. */
  get position(): Position | undefined {
    return this.at
  }

  /** Other event types from now on. */
  subscribe(types: readonly string[]): void {
    this.send({ type: 'subscribe', types: [...types] })
  }

  /** From now on this client takes the agent's commands; `onActive` tells when it is so. */
  takeOver(): void {
    this.send({ type: 'take_over' })
  }

  close(): void {
    this.end()
  }

  private async connect(): Promise<void> {
    if (this.state === 'closed') return
    this.turn('connecting')
    let token: string
    try {
      token = await this.deps.authorization(this.renew)
      this.renew = false
    } catch (error) {
      if (error instanceof CtiSignedOut) this.end({ signedOut: true })
      else this.later()
      return
    }
    if (this.isClosed()) return
    const socket = new this.deps.webSocketImpl(this.deps.url)
    this.socket = socket
    const { clientId: client } = this.deps
    socket.onopen = () =>
      this.send({ type: 'hello', token, resume: this.at, subscribe: this.options.subscribe, client })
    socket.onmessage = (event) => this.receive(socket, (event as { data: unknown }).data)
    socket.onerror = () => undefined // a close follows
    socket.onclose = (event) => this.lost(socket, (event as { code: number }).code)
    this.listen()
  }

  private receive(socket: WebSocketLike, data: unknown): void {
    if (socket !== this.socket || typeof data !== 'string') return
    if (this.slept()) {
      this.wake()
      return
    }
    this.listen()
    const frame = JSON.parse(data) as ServerFrame
    switch (frame.type) {
      case 'hello':
        this.silenceMs = frame.heartbeatMs * 2.5
        return
      case 'snapshot':
        this.at = { epoch: frame.epoch, seq: frame.seq }
        this.options.onSnapshot?.(frame)
        this.tellActive(frame.active)
        this.lives()
        return
      case 'resumed':
        this.tellActive(frame.active)
        this.lives()
        return
      case 'activated':
        this.tellActive(true)
        return
      case 'taken_over':
        this.tellActive(false)
        return
      case 'event':
        this.tell(frame.event)
        return
      case 'heartbeat':
        if (this.at?.epoch === frame.epoch && frame.seq > this.at.seq) this.at = { epoch: frame.epoch, seq: frame.seq }
        return
      case 'token_expiring':
        void this.renewToken()
        return
      case 'error':
        this.lastProblem = frame.problem
        return
      default:
        return // resync_required: a snapshot follows; frames of newer servers
    }
  }

  private tell(event: EventEnvelope): void {
    if (this.at?.epoch === event.epoch && event.seq <= this.at.seq) return
    this.at = { epoch: event.epoch, seq: event.seq }
    this.options.onEvent?.(event as unknown as CtiEvent)
  }

  private tellActive(active: boolean | undefined): void {
    if (active === undefined || active === this.active) return
    this.active = active
    this.options.onActive?.(active)
  }

  private async renewToken(): Promise<void> {
    try {
      this.send({ type: 'token', token: await this.deps.authorization(true) })
    } catch {
      // the server closes when the token runs out; then it is tried again
    }
  }

  private lives(): void {
    this.attempt = 0
    this.lastProblem = undefined
    this.stale = false
    this.turn('live')
  }

  /**
   * A laptop that slept: timers stood still, and the connection may look open although the server gave it up long ago. A page in the
   * background has slow timers too, but frames reach it, so only silence counts.
   */
  private slept(): boolean {
    return this.socket !== undefined && this.wallClock() - this.heardAt > this.silenceMs + LOOK_MS
  }

  private wallClock(): number {
    return (this.deps.wallClock ?? globals.Date.now)()
  }

  private watchSleep(): void {
    this.look = globals.setTimeout(() => {
      if (this.state === 'closed') return
      this.watchSleep()
      if (this.slept()) this.wake()
    }, LOOK_MS)
  }

  /** The truth first: begin with a snapshot, at once, instead of playing hours of events one after the other. */
  private wake(): void {
    const { socket } = this
    this.socket = undefined
    this.at = undefined
    this.stale = true
    this.attempt = 0
    globals.clearTimeout(this.silence)
    globals.clearTimeout(this.retry)
    this.turn('stale')
    socket?.close()
    void this.connect()
  }

  /** Without a word for two and a half heartbeats the connection is dead, whatever the socket says. */
  private listen(): void {
    globals.clearTimeout(this.silence)
    this.heardAt = this.wallClock()
    const { socket } = this
    this.silence = globals.setTimeout(() => {
      if (socket === undefined || socket !== this.socket) return
      // The timer itself comes too late: it stood still while the machine slept.
      if (this.slept()) this.wake()
      else {
        socket.close()
        this.lost(socket, 1006)
      }
    }, this.silenceMs)
  }

  private lost(socket: WebSocketLike, code: number): void {
    if (socket !== this.socket) return
    this.socket = undefined
    globals.clearTimeout(this.silence)
    if (this.state === 'closed') return
    const problem = this.lastProblem
    // Once a fresh token was refused too, signing in is up to the person.
    const signedOut = code === SIGNED_OUT && this.attempt > 1
    this.renew = code === SIGNED_OUT
    if (FINAL.has(code) || signedOut) this.end({ code, problem, ...(signedOut ? { signedOut } : {}) })
    else this.later(code)
  }

  private later(code?: number): void {
    if (this.state === 'closed') return
    this.turn('offline', { code, problem: this.lastProblem })
    const [shortest, longest] = this.options.retryMs ?? [250, 10_000]
    const pause = Math.min(shortest * 2 ** this.attempt++, longest)
    this.retry = globals.setTimeout(() => void this.connect(), pause * (0.5 + Math.random() / 2))
  }

  private end(why?: { code?: number; problem?: Problem; signedOut?: boolean }): void {
    if (this.state === 'closed') return
    globals.clearTimeout(this.retry)
    globals.clearTimeout(this.silence)
    globals.clearTimeout(this.look)
    const { socket } = this
    this.socket = undefined
    this.turn('closed', why)
    socket?.close(1000)
  }

  private isClosed(): boolean {
    return this.state === 'closed'
  }

  private turn(state: StreamState, why?: { code?: number; problem?: Problem; signedOut?: boolean }): void {
    // Until the snapshot came, trying to connect does not make what is shown any better.
    if (this.stale && (state === 'connecting' || state === 'offline')) return
    if (this.state === state && state !== 'connecting') return
    this.state = state
    this.options.onState?.(state, why)
  }

  private send(frame: unknown): void {
    try {
      this.socket?.send(JSON.stringify(frame))
    } catch {
      // not open (any more): the close follows
    }
  }
}
