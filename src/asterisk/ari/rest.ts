import { around } from '../../platform/fault.js'
import type { LinkMetrics } from '../metrics-port.js'
import { AriError } from './errors.js'
import type { AriRequest, AriResponse, AriTransport } from './request.js'

/**
 * Which way a request takes: `ws` all over the event socket, `http` all over the pool, `mixed` over the socket what Asterisk does at
 * once and over the pool what may take long, because on the socket everything waits for what was asked before.
 */
export type RestWay = 'ws' | 'http' | 'mixed'

/** `blocking` requests are those that a playback on the channel may hold up for seconds, and those with long answers. */
export type RequestClass = 'quick' | 'blocking'

/** Chooses the way, measures, and turns every answer but a good one into a typed error. */
export class AriRest {
  constructor(
    private readonly way: RestWay,
    private readonly http: AriTransport,
    /** The event socket's way while there is one. */
    private readonly socket: () => (AriTransport & { isStalled(): boolean }) | undefined,
    private readonly metrics: LinkMetrics,
    /** Asked right before a request goes out; false: it does not. */
    private readonly mayAct: () => boolean = () => true,
  ) {}

  /** @throws AriError unless the status is 2xx or listed in `alsoOk` */
  async request(request: AriRequest, kind: RequestClass = 'blocking'): Promise<AriResponse> {
    return this.requestBy(this.choose(kind), request)
  }

  async requestBy(transport: AriTransport, request: AriRequest): Promise<AriResponse> {
    if (!this.mayAct()) throw new AriError('not_owner', request.method, request.path)
    const labels = { via: transport.via, method: request.method, path: request.path }
    const start = performance.now()
    try {
      const response = await around('ari', request.method, () => transport.send(request), request.path)
      this.metrics.restLatency(labels, performance.now() - start)
      const good = (response.status >= 200 && response.status < 300) || request.alsoOk?.includes(response.status)
      if (!good) throw new AriError('refused', request.method, request.path, response.status)
      return response
    } catch (error) {
      if (error instanceof AriError) this.metrics.restErrors(labels, String(error.status ?? error.kind))
      throw error
    }
  }

  private choose(kind: RequestClass): AriTransport {
    const socket = this.way === 'http' ? undefined : this.socket()
    if (!socket) return this.http
    if (this.way === 'ws') return socket
    // Something asked over the socket takes longer than it should: nothing else is put behind it.
    return kind === 'quick' && !socket.isStalled() ? socket : this.http
  }
}
