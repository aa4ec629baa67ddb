import { EVENTS } from '../journal/events.js'
import * as contracts from './contracts/index.js'
import { createReferences, type Json, type References } from './http/references.js'
import { API_VERSION } from './http/version.js'

/**
 * The AsyncAPI 3 document: what goes over the WebSocket /v1/events and to webhooks, made from the same contracts and the event catalogue.
 * The document describes the server, so it `receive`s a client's frames and `send`s its own. PURE.
 */
export function buildAsyncApi(): Json {
  const references = createReferences()
  const client = framesOf(references, contracts.ClientFrame)
  const server = framesOf(references, contracts.ServerFrame)
  const events = eventsOf(references)
  const messages = { ...client, ...server, ...events }
  const refs = (names: Json, channel: string) =>
    Object.keys(names).map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` }))
  const inChannel = (names: Json) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, { $ref: `#/components/messages/${name}` }]))
  const webhooks = webhooksOf(events)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'cti120 events',
      version: API_VERSION,
      license: { name: 'Apache-2.0' },
      description:
        'Live events of a municipal 120 centre over one WebSocket, and the same events as webhooks. REST: openapi.json. How a socket is opened, resumed and closed: docs/api/README.md.',
    },
    defaultContentType: 'application/json',
    servers: {
      here: {
        host: '{host}',
        protocol: 'wss',
        description: 'this server; ws on plain loopback',
        variables: { host: { default: '127.0.0.1:8120' } },
      },
    },
    channels: {
      events: {
        address: '/v1/events',
        title: 'The WebSocket',
        description:
          'Text frames, one JSON object each, told apart by `type`. The first one is `hello` with the token.',
        servers: [{ $ref: '#/servers/here' }],
        messages: inChannel(messages),
        'x-close-codes': contracts.CLOSE_CODES,
      },
      webhooks: {
        address: null,
        title: 'Webhooks',
        description: 'POST to the address of a subscription (`/v1/webhooks`), signed as Standard Webhooks has it.',
        messages: inChannel(webhooks),
      },
    },
    operations: {
      receiveFrames: {
        action: 'receive',
        channel: { $ref: '#/channels/events' },
        summary: "A client's frames",
        messages: refs(client, 'events'),
      },
      sendFrames: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: "The server's frames",
        messages: refs({ ...server, ...events }, 'events'),
      },
      sendWebhooks: {
        action: 'send',
        channel: { $ref: '#/channels/webhooks' },
        summary: 'At least once, in order of `subject`',
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
        messages: refs(webhooks, 'webhooks'),
      },
    },
    components: { messages: { ...messages, ...webhooks }, schemas: references.schemas() },
  }
}

/** Each frame of a union as a message, named by its `type`; `event` stands once for each event type instead. */
function framesOf(references: References, union: { anyOf: readonly unknown[] }): Json {
  const from = union === (contracts.ClientFrame as unknown) ? 'client' : 'server'
  const messages: Json = {}
  for (const frame of union.anyOf) {
    const [type] = (frame as { properties: { type: { enum: string[] } } }).properties.type.enum
    if (type === 'event') continue
    messages[`${from}.${type}`] = {
      name: type,
      title: `${type} (${from})`,
      payload: references.refer(frame),
    }
  }
  return messages
}

/** Events that leave the server, each as a frame with its own payload. */
function eventsOf(references: References): Json {
  const messages: Json = {}
  for (const [type, kind] of Object.entries(EVENTS)) {
    if (kind.audience === 'system') continue
    messages[`event.${type}`] = {
      name: type,
      title: type,
      summary: kind.about,
      'x-audience': kind.audience,
      'x-version': kind.version,
      payload: {
        type: 'object',
        required: ['type', 'event'],
        properties: { type: { const: 'event' }, event: envelope(references, type, kind) },
      },
    }
  }
  return messages
}

function envelope(references: References, type: string, kind: { version: number; data: unknown }): Json {
  const { properties, ...rest } = contracts.EventEnvelope
  return {
    ...(references.refer(rest) as Json),
    properties: {
      ...(references.refer(properties) as Json),
      type: { const: type },
      version: { const: kind.version },
      data: withPop(references, kind.data),
    },
  }
}

/** The journal knows a pop only as something; readers get the contract's. */
function withPop(references: References, data: unknown): unknown {
  const schema = references.refer(data) as { properties: Json }
  if (!('pop' in schema.properties)) return schema
  return { ...schema, properties: { ...schema.properties, pop: references.named('ScreenPop') } }
}

const HEADERS = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'the same for every attempt and replay: take each only once' },
    'webhook-timestamp': { type: 'string', description: 'seconds since 1970, of this attempt: refuse what is old' },
    'webhook-signature': {
      type: 'string',
      description: '`v1,<base64 of HMAC-SHA256 over id.timestamp.body>`, several with a blank between',
    },
  },
}

/** The same events, bare, as a webhook's body. */
function webhooksOf(events: Json): Json {
  return Object.fromEntries(
    Object.entries(events).map(([name, message]) => {
      const { payload, ...rest } = message as { payload: { properties: { event: unknown } } }
      return [name.replace(/^event/, 'webhook'), { ...rest, headers: HEADERS, payload: payload.properties.event }]
    }),
  )
}
