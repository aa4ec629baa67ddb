import { type Dispatcher, errors, Pool } from 'undici'
import { AriError } from './errors.js'
import {
  type AriRequest,
  type AriResponse,
  type AriTransport,
  buildTarget,
  defaultTimeoutMs,
  parseBody,
} from './request.js'

export interface AriHttpOptions {
  /** `http://127.0.0.1:8121` */
  readonly url: string
  readonly user: string
  readonly password: string
  /** Kept below http.conf's sessionlimit, which also counts the WebSocket. */
  readonly connections?: number
  /** Requests under way or waiting for a connection; more are refused at once. */
  readonly queueLimit?: number
}

/** ARI requests over a pool of kept-alive HTTP connections, one request at a time on each. */
export class AriHttp implements AriTransport {
  readonly via = 'http' as const
  private readonly pool: Pool
  private readonly authorization: string
  private readonly queueLimit: number
  private underWay = 0

  constructor(options: AriHttpOptions) {
    this.pool = new Pool(new URL(options.url).origin, {
      connections: options.connections ?? 24,
      pipelining: 1,
      connect: { timeout: 3000 },
      keepAliveTimeout: 10_000,
    })
    this.authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`
    this.queueLimit = options.queueLimit ?? 2000
  }

  async send(request: AriRequest): Promise<AriResponse> {
    const target = buildTarget(request)
    if (this.underWay >= this.queueLimit) throw new AriError('overloaded', request.method, request.path)
    const timeoutMs = request.timeoutMs ?? defaultTimeoutMs
    const headers: Record<string, string> = { authorization: this.authorization }
    if (request.body !== undefined) headers['content-type'] = 'application/json'
    const options: Dispatcher.RequestOptions = {
      method: request.method,
      path: `/ari${target}`,
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      // undici's own timers are shared by all requests; a signal of its own for each costs more than the request.
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    }
    this.underWay += 1
    try {
      const response = await this.pool.request(options)
      return { status: response.statusCode, body: parseBody(await response.body.text()) }
    } catch (error) {
      const late = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
      throw new AriError(late ? 'timeout' : 'disconnected', request.method, request.path)
    } finally {
      this.underWay -= 1
    }
  }

  /** Breaks what is under way. */
  async close(): Promise<void> {
    await this.pool.destroy()
  }
}
