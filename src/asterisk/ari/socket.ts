import WebSocket from 'ws'
import { type AriEvent, parseFrame, type RestResponseFrame } from './types.js'

export interface EventSocketOptions {
  /** `http://127.0.0.1:8121` */
  readonly url: string
  readonly app: string
  readonly user: string
  readonly password: string
  /** How often to ping. */
  readonly pingMs: number
  /** Silence (no frame, no pong) after which the connection counts as dead. */
  readonly silenceMs: number
}

/** Why a socket ended. `refused`: the HTTP status of the handshake. */
export type SocketEnd =
  | { readonly why: 'refused'; readonly status: number }
  | { readonly why: 'unreachable'; readonly detail: string }
  | { readonly why: 'cut'; readonly detail: string }
  | { readonly why: 'silent' }
  | { readonly why: 'closed' }

export interface EventSocketHandlers {
  onOpen(): void
  onEvent(event: AriEvent): void
  onRestResponse(frame: RestResponseFrame): void
  onMalformed(): void
  /** Exactly once, also when it never opened. */
  onEnd(end: SocketEnd): void
}

const handshakeMs = 5000
const largestFrame = 4 * 1024 * 1024

/** One WebSocket to Asterisk's event stream, from the handshake to its end. Handlers run in order of arrival. */
export class EventSocket {
  private readonly socket: WebSocket
  private heartbeat: NodeJS.Timeout | undefined
  private end: SocketEnd | undefined
  private heard = true
  private silentFor = 0

  constructor(
    private readonly options: EventSocketOptions,
    private readonly handlers: EventSocketHandlers,
  ) {
    const address = new URL('/ari/events', options.url)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    address.searchParams.set('app', options.app)
    address.searchParams.set('subscribeAll', 'false')
    // The password goes in a header: a query would stand in Asterisk's and any proxy's log.
    const credentials = Buffer.from(`${options.user}:${options.password}`).toString('base64')
    this.socket = new WebSocket(address, {
      headers: { authorization: `Basic ${credentials}` },
      handshakeTimeout: handshakeMs,
      perMessageDeflate: false,
      maxPayload: largestFrame,
      followRedirects: false,
    })
    this.listen()
  }

  send(text: string): void {
    this.socket.send(text, () => {})
  }

  /** Ends it at once; `onEnd` follows with this reason. */
  stop(end: SocketEnd): void {
    this.end ??= end
    if (end.why === 'closed' && this.socket.readyState === WebSocket.OPEN) {
      // A clean close makes Asterisk drop the application, so that Stasis() fails at once and callers go to the fallback.
      this.socket.close(1000)
      const impatience = setTimeout(() => this.socket.terminate(), 1000)
      this.socket.once('close', () => clearTimeout(impatience))
    } else {
      this.socket.terminate()
    }
  }

  private listen(): void {
    this.socket.on('open', () => {
      this.socket.on('pong', () => this.hear())
      this.heartbeat = setInterval(() => this.beat(), this.options.pingMs)
      this.handlers.onOpen()
    })
    this.socket.on('message', (data) => this.receive(String(data)))
    this.socket.on('unexpected-response', (_request, response) => {
      this.end ??= { why: 'refused', status: response.statusCode ?? 0 }
      response.resume()
      this.socket.terminate()
    })
    this.socket.on('error', (error: Error & { code?: string }) => {
      const opened = this.heartbeat !== undefined
      this.end ??= { why: opened ? 'cut' : 'unreachable', detail: error.code ?? error.name }
    })
    this.socket.once('close', (code) => {
      clearInterval(this.heartbeat)
      this.handlers.onEnd(this.end ?? { why: 'cut', detail: `code ${code}` })
    })
  }

  private hear(): void {
    this.heard = true
  }

  private beat(): void {
    this.silentFor = this.heard ? 0 : this.silentFor + this.options.pingMs
    this.heard = false
    if (this.silentFor >= this.options.silenceMs) this.stop({ why: 'silent' })
    else this.socket.ping()
  }

  private receive(text: string): void {
    this.hear()
    const frame = parseFrame(text)
    if (!frame) this.handlers.onMalformed()
    else if (frame.type === 'RESTResponse') this.handlers.onRestResponse(frame as RestResponseFrame)
    else this.handlers.onEvent(frame)
  }
}
