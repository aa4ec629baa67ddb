import type { LinkMetrics } from '../metrics-port.js'
import { AriError } from './errors.js'
import type { AriRequest, AriResponse, AriTransport } from './request.js'

/**
 * Which way a request takes: `ws` all over the event socket, `http` all over the pool, `mixed` only what a caller waits for
 * (claiming a call, ringing an agent) over the socket, so that nothing slow stands before it.
 */
export type RestWay = 'ws' | 'http' | 'mixed'

/** `urgent` requests are those that never block inside Asterisk and are on the path from the caller's to the agent's INVITE. */
export type RequestClass = 'urgent' | 'normal'

/** Chooses the way, measures, and turns every answer but a good one into a typed error. */
export class AriRest {
  constructor(
    private readonly way: RestWay,
    private readonly http: AriTransport,
    /** The event socket's way while there is one. */
    private readonly socket: () => AriTransport | undefined,
    private readonly metrics: LinkMetrics,
  ) {}

  /** @throws AriError unless the status is 2xx or listed in `alsoOk` */
  async request(request: AriRequest, kind: RequestClass = 'normal'): Promise<AriResponse> {
    return this.requestBy(this.choose(kind), request)
  }

  async requestBy(transport: AriTransport, request: AriRequest): Promise<AriResponse> {
    const labels = { via: transport.via, method: request.method, path: request.path }
    const start = performance.now()
    try {
      const response = await transport.send(request)
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
    const wanted = this.way === 'ws' || (this.way === 'mixed' && kind === 'urgent')
    return (wanted ? this.socket() : undefined) ?? this.http
  }
}
