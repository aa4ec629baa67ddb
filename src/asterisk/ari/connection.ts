import type { Logger } from 'pino'
import { type Backoff, defaultBackoff, nextDelay } from '../backoff.js'
import type { PartHealth } from '../health.js'
import type { LinkMetrics } from '../metrics-port.js'
import { adviceFor } from './advice.js'
import { AriError } from './errors.js'
import { AriHttp } from './http.js'
import { AriRest, type RestWay } from './rest.js'
import { RestOverSocket } from './rest-over-socket.js'
import { EventSocket, type SocketEnd } from './socket.js'
import type { AriEvent, AriInfo } from './types.js'

export interface AriConnectionOptions {
  readonly url: string
  readonly app: string
  readonly user: string
  readonly password: string
  readonly rest: RestWay
  readonly pingMs?: number
  readonly silenceMs?: number
  readonly backoff?: Backoff
}

export interface AriConnectionHandlers {
  /** Called with the link ready and before any event of this connection; `restarted` tells a new run of Asterisk from a cut. */
  onUp(facts: { readonly restarted: boolean }): void
  onDown(): void
  onEvent(event: AriEvent): void
  /** Work that belongs to every connect, before `onUp`; events wait meanwhile. A rejection starts the connection anew. */
  prepare?(): Promise<void>
  /** Another process took the application; this one will try to get it back after a pause. */
  onReplaced?(): void
  /** Whether requests may go out. */
  mayAct?(): boolean
}

/**
 * Pauses after losing the application, the last one for ever. The first is short: it may have been an earlier connection of our own, whose
 * handshake lay in a network that stood still and reached Asterisk after the new one's.
 */
const replacedPausesMs = [1_000, 5_000, 30_000] as const
/** Losses further apart (ms) have nothing to do with each other. */
const replacedMemoryMs = 120_000
/** Events that may wait while the application is made ready, a few milliseconds. */
const earlyLimit = 10_000
/** Events that nobody here reads: half of all, each made, sent and parsed for nothing. */
const unread = `ChannelVarset ChannelDialplan ChannelConnectedLine ChannelCallerId ChannelEnteredBridge ChannelLeftBridge
  BridgeCreated BridgeDestroyed PlaybackStarted PlaybackContinuing DeviceStateChanged EndpointStateChange`
const eventFilter = { disallowed: unread.split(/\s+/).map((type) => ({ type })) }

/**
 * Keeps one event socket to Asterisk open for ever: connects, readies the application, watches, and connects again.
 *
 *   idle -> connecting -> readying -> up -> (cut, silence, replaced) -> waiting -> connecting …      any -> closed
 */
export class AriConnection {
  readonly rest: AriRest
  private readonly http: AriHttp
  private socket: EventSocket | undefined
  private overSocket: RestOverSocket | undefined
  private socketSpeaksRest = false
  private state: 'idle' | 'connecting' | 'readying' | 'up' | 'waiting' | 'closed' = 'idle'
  private early: AriEvent[] = []
  private attempt = 0
  private replacements = 0
  private replacedAt = Number.NEGATIVE_INFINITY
  private timer: NodeJS.Timeout | undefined
  private startupTime: string | undefined
  private reason: string | undefined = 'not started'
  private gone = false
  private ended: (() => void) | undefined

  constructor(
    private readonly options: AriConnectionOptions,
    private readonly handlers: AriConnectionHandlers,
    private readonly logger: Logger,
    private readonly metrics: LinkMetrics,
  ) {
    this.http = new AriHttp(options)
    const way = () => (this.socketSpeaksRest ? this.overSocket : undefined)
    this.rest = new AriRest(options.rest, this.http, way, metrics, () => handlers.mayAct?.() ?? true)
  }

  start(): void {
    if (this.state === 'idle') this.connect()
  }

  get up(): boolean {
    return this.state === 'up'
  }

  health(): PartHealth {
    if (this.up) return { ok: true }
    return { ok: false, detail: this.reason ?? 'connecting', ...(this.gone ? { gone: true } : {}) }
  }

  /** Closes the socket cleanly; nothing is called after it. */
  async close(): Promise<void> {
    const open = this.socket
    this.state = 'closed'
    this.reason = 'closed'
    clearTimeout(this.timer)
    if (open) {
      await new Promise<void>((resolve) => {
        this.ended = resolve
        open.stop({ why: 'closed' })
      })
    }
    await this.http.close()
  }

  private connect(): void {
    this.state = 'connecting'
    this.early = []
    this.socketSpeaksRest = false
    const socket = new EventSocket(
      { pingMs: 5000, silenceMs: 15_000, ...definedOnly(this.options) },
      {
        onOpen: () => void this.ready(socket),
        onEvent: (event) => this.receive(event),
        onRestResponse: (frame) => this.overSocket?.settle(frame),
        onMalformed: () => this.metrics.malformed('ari'),
        onEnd: (end) => this.onEnd(end),
      },
    )
    this.socket = socket
    this.overSocket = new RestOverSocket((text) => socket.send(text))
  }

  /** Readies the application. Any failure ends the socket, and the way back in is the usual one. */
  private async ready(socket: EventSocket): Promise<void> {
    if (this.state !== 'connecting') return
    this.state = 'readying'
    try {
      await this.probeSocket()
      const filter = this.rest.request({
        method: 'PUT',
        path: '/applications/{app}/eventFilter',
        params: { app: this.options.app },
        body: eventFilter,
      })
      const [info] = await Promise.all([this.rest.request(infoRequest), filter, this.handlers.prepare?.()])
      if (this.state !== 'readying' || socket !== this.socket) return
      this.goUp(info.body as AriInfo)
    } catch (error) {
      if (socket !== this.socket || this.state !== 'readying') return
      const code = error instanceof AriError ? error.message : String(error)
      socket.stop({ why: 'cut', detail: `not ready: ${code}` })
    }
  }

  /** Asks one question over the socket: a server before 22.5 never answers it, and then all requests go by HTTP. */
  private async probeSocket(): Promise<void> {
    if (this.options.rest === 'http' || !this.overSocket) return
    try {
      await this.overSocket.send({ ...infoRequest, timeoutMs: 1500 })
      this.socketSpeaksRest = true
    } catch (error) {
      if (!(error instanceof AriError) || error.kind !== 'timeout') throw error
      this.logger.warn('Asterisk takes no requests over the WebSocket (older than 22.5): using HTTP for all of them')
    }
  }

  private goUp(info: AriInfo): void {
    const startupTime = info.status?.startup_time
    const restarted = this.startupTime !== undefined && startupTime !== this.startupTime
    this.startupTime = startupTime
    this.state = 'up'
    this.attempt = 0
    this.reason = undefined
    this.logger.info({ app: this.options.app, asterisk: info.system?.version, restarted }, 'PBX link is up')
    this.handlers.onUp({ restarted })
    const early = this.early
    this.early = []
    for (const event of early) this.handlers.onEvent(event)
  }

  private receive(event: AriEvent): void {
    if (event.type === 'ApplicationReplaced') {
      this.handlers.onReplaced?.()
      this.socket?.stop({ why: 'cut', detail: 'replaced' })
    } else if (this.state === 'up') {
      this.handlers.onEvent(event)
    } else if (this.early.length < earlyLimit) {
      this.early.push(event)
    } else {
      this.socket?.stop({ why: 'cut', detail: 'too many events before the application was ready' })
    }
  }

  private onEnd(end: SocketEnd): void {
    const was = this.state
    this.overSocket?.close()
    this.overSocket = undefined
    this.socket = undefined
    this.early = []
    if (was === 'up') this.handlers.onDown()
    if (was === 'closed') {
      this.ended?.()
      return
    }
    this.state = 'waiting'
    this.gone = end.why === 'unreachable' && end.detail === 'ECONNREFUSED'
    this.report(end)
    this.attempt += 1
    this.metrics.reconnects('ari')
    const backoff = this.options.backoff ?? defaultBackoff
    const replaced = end.why === 'cut' && end.detail === 'replaced'
    this.timer = setTimeout(
      () => this.connect(),
      replaced ? this.replacedPause(performance.now()) : nextDelay(backoff, this.attempt, Math.random()),
    )
  }

  private replacedPause(now: number): number {
    this.replacements = now - this.replacedAt < replacedMemoryMs ? this.replacements + 1 : 0
    this.replacedAt = now
    return replacedPausesMs[Math.min(this.replacements, replacedPausesMs.length - 1)]!
  }

  /** Says why, once for each new reason: an endless reconnect must not fill the log. */
  private report(end: SocketEnd): void {
    const reason = adviceFor(end, this.options.app)
    if (reason !== this.reason) this.logger[end.why === 'refused' ? 'error' : 'warn']({ app: this.options.app }, reason)
    this.reason = reason
  }
}

const infoRequest = { method: 'GET', path: '/asterisk/info' } as const

/** Without the keys whose value is undefined, so that they do not hide a default. */
function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
