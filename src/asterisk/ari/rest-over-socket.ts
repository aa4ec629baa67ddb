import { AriError } from './errors.js'
import {
  type AriRequest,
  type AriResponse,
  type AriTransport,
  buildTarget,
  defaultTimeoutMs,
  parseBody,
} from './request.js'
import type { RestResponseFrame } from './types.js'

interface Waiting {
  readonly request: AriRequest
  readonly timer: NodeJS.Timeout
  /** performance.now() */
  readonly sentAt: number
  resolve(response: AriResponse): void
  reject(error: AriError): void
}

/** Quick requests are answered within a few milliseconds, some tens on a busy machine. */
const STALLED_MS = 250

/**
 * ARI requests in frames of the event socket (Asterisk 22.5 and later). Asterisk handles them strictly one after the other, so
 * requests that may block behind a playback belong to HTTP.
 */
export class RestOverSocket implements AriTransport {
  readonly via = 'ws' as const
  private readonly waiting = new Map<string, Waiting>()
  private lastId = 0
  private closed = false

  constructor(
    private readonly write: (text: string) => void,
    private readonly queueLimit = 2000,
  ) {}

  send(request: AriRequest): Promise<AriResponse> {
    return new Promise((resolve, reject) => {
      const target = buildTarget(request)
      if (this.closed) throw new AriError('disconnected', request.method, request.path)
      if (this.waiting.size >= this.queueLimit) throw new AriError('overloaded', request.method, request.path)
      this.lastId += 1
      const id = `r${this.lastId}`
      const timer = setTimeout(() => {
        this.waiting.delete(id)
        reject(new AriError('timeout', request.method, request.path))
      }, request.timeoutMs ?? defaultTimeoutMs)
      this.waiting.set(id, { request, timer, sentAt: performance.now(), resolve, reject })
      const frame: Record<string, string> = {
        type: 'RESTRequest',
        request_id: id,
        transaction_id: id,
        method: request.method,
        uri: target.slice(1),
      }
      if (request.body !== undefined) {
        frame.content_type = 'application/json'
        // A string: Asterisk ignores a body that is an object, without a word.
        frame.message_body = JSON.stringify(request.body)
      }
      this.write(JSON.stringify(frame))
    })
  }

  /** The oldest request waits longer than quick ones ever should. */
  isStalled(): boolean {
    for (const { sentAt } of this.waiting.values()) return performance.now() - sentAt > STALLED_MS
    return false
  }

  /** An answer from the socket; one that nobody waits for any more (timed out) is dropped. */
  settle(frame: RestResponseFrame): void {
    const waiting = this.waiting.get(frame.request_id)
    if (!waiting) return
    this.waiting.delete(frame.request_id)
    clearTimeout(waiting.timer)
    waiting.resolve({ status: frame.status_code, body: parseBody(frame.message_body) })
  }

  /** The socket is gone: nothing that was sent will be answered. */
  close(): void {
    this.closed = true
    for (const { request, timer, reject } of this.waiting.values()) {
      clearTimeout(timer)
      reject(new AriError('disconnected', request.method, request.path))
    }
    this.waiting.clear()
  }
}
