import websocket from '@fastify/websocket'
import { Counter, Gauge } from 'prom-client'
import type { Api, Edge } from '../http/edge.js'
import { createRunCommand } from './command.js'
import { EventHub } from './hub.js'
import { DEFAULT_LIMITS, MAX_FRAME_BYTES } from './limits.js'
import { Pops } from './pops.js'

/** GET /v1/events: the WebSocket. Who reads is said in the first frame, never in the address (addresses end up in logs). */
export async function registerEvents(app: Api, edge: Edge): Promise<void> {
  const { feed, routing, centre, identify, clock, registry, accessLog, endedSessions } = edge
  const open = new Gauge({ name: 'cti_websocket_open_sockets', help: 'Sockets of /v1/events', registers: [registry] })
  const closed = new Counter({
    name: 'cti_websocket_closed_total',
    help: 'Closed sockets by close code',
    labelNames: ['code'],
    registers: [registry],
  })
  const delivered = new Counter({
    name: 'cti_websocket_events_total',
    help: 'Journal events offered to sockets (events times sockets)',
    registers: [registry],
  })
  const hub = new EventHub(
    {
      feed,
      routing,
      centre,
      identify,
      clock,
      pops: new Pops(feed),
      accessLog,
      isEnded: (sessionId) => endedSessions.has(sessionId),
      command: createRunCommand(app),
      logger: app.log,
      limits: { ...DEFAULT_LIMITS, ...edge.options.events },
    },
    {
      opened: () => open.inc(),
      closed: (code) => {
        open.dec()
        closed.inc({ code: String(code) })
      },
      delivered: (sockets) => delivered.inc(sockets),
    },
  )
  await app.register(websocket, {
    options: { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false, clientTracking: true },
    preClose: (done) => {
      hub.close()
      app.websocketServer.close()
      // Clients that do not answer the close do not hold up the server.
      const late = setTimeout(() => {
        for (const client of app.websocketServer.clients) client.terminate()
      }, 1_000)
      late.unref()
      done()
    },
  })
  app.get('/v1/events', { websocket: true, config: { access: 'public' }, schema: { hide: true } }, (socket, request) =>
    hub.add(socket, request.ip),
  )
}
