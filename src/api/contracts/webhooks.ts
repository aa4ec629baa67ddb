import { type Static, Type } from 'typebox'
import { Code, Id, Instant, Line, oneOf, pageOf, pageQuery, strict, Version } from './common.js'

/** Event types or prefixes, as in the WebSocket's `subscribe`. */
const Types = Type.Array(Type.String({ maxLength: 60, pattern: '^([a-z_]+|\\*)(\\.([a-z_]+|\\*))?$' }), {
  minItems: 1,
  maxItems: 50,
  description: 'event types or prefixes: `contact.queued`, `contact.*`, `*`',
})
const Url = Type.String({ minLength: 1, maxLength: 2000, description: 'https, without a user in it' })
const Codes = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 100, description })
const filter = {
  queues: Type.Optional(Codes('only what names one of these queues or belongs to a contact in one; empty: all')),
  teams: Type.Optional(Codes('only what names an agent of one of these teams; empty: all')),
}
const flags = {
  unmasked: Type.Optional(
    Type.Boolean({ description: 'numbers and names in full (default false); needs `pii:read` of who sets it' }),
  ),
  enabled: Type.Optional(
    Type.Boolean({ description: 'false: nothing is sent, and what happens meanwhile is not kept for it' }),
  ),
}

export const WebhookCreate = Type.Object(
  { name: Line(80), url: Url, types: Type.Optional(Types), ...filter, ...flags },
  strict,
)
export type WebhookCreate = Static<typeof WebhookCreate>

/** Only what is given changes. */
export const WebhookUpdate = Type.Object(
  { name: Type.Optional(Line(80)), url: Type.Optional(Url), types: Type.Optional(Types), ...filter, ...flags },
  { ...strict, minProperties: 1 },
)
export type WebhookUpdate = Static<typeof WebhookUpdate>

const webhook = {
  id: Id,
  name: Type.String(),
  url: Type.String(),
  types: Type.Array(Type.String()),
  queues: Type.Array(Code),
  teams: Type.Array(Code),
  unmasked: Type.Boolean(),
  enabled: Type.Boolean(),
  pending: Type.Integer({ description: 'messages that are still to be sent' }),
  dead: Type.Integer({ description: 'messages that were given up' }),
  version: Version,
  createdBy: Id,
  createdAt: Instant,
  updatedAt: Instant,
}
export const Webhook = Type.Object(webhook)
export type Webhook = Static<typeof Webhook>
export const WebhookList = Type.Object({ items: Type.Array(Webhook) })
export type WebhookList = Static<typeof WebhookList>

const secret = Type.String({ description: 'shown this once: `whsec_<base64>`, as Standard Webhooks has it' })
export const WebhookCreated = Type.Object({ ...webhook, secret })
export type WebhookCreated = Static<typeof WebhookCreated>
export const WebhookSecret = Type.Object({ secret })
export type WebhookSecret = Static<typeof WebhookSecret>

export const WebhookMessageState = oneOf(
  ['pending', 'delivered', 'dead'],
  'dead: given up after a day of attempts; can be replayed for 30 days',
)
/** One event on its way to one subscription, without what it says. `id` is the header `webhook-id`, also when it is sent again. */
export const WebhookMessage = Type.Object({
  id: Id,
  eventId: Type.String(),
  eventTime: Instant,
  type: Type.String(),
  subject: Type.String(),
  state: WebhookMessageState,
  attempts: Type.Integer(),
  dueAt: Type.Optional(Instant),
  lastStatus: Type.Optional(Type.Integer({ description: 'HTTP status of the last attempt' })),
  lastError: Type.Optional(
    Type.String({
      description:
        'refused, redirect, timeout, connection_refused, connection_broken, unknown_host, tls, private_address, not_https, unreadable',
    }),
  ),
  endedAt: Type.Optional(Instant),
})
export type WebhookMessage = Static<typeof WebhookMessage>
export const WebhookMessagePage = pageOf(WebhookMessage)
export type WebhookMessagePage = Static<typeof WebhookMessagePage>
export const WebhookMessageQuery = Type.Object({ ...pageQuery, state: Type.Optional(WebhookMessageState) }, strict)
export type WebhookMessageQuery = Static<typeof WebhookMessageQuery>

export const WebhookReplay = Type.Object(
  {
    from: Instant,
    to: Instant,
    which: Type.Optional(oneOf(['dead', 'all'], 'dead (default): what was given up; all: what was delivered, too')),
  },
  strict,
)
export type WebhookReplay = Static<typeof WebhookReplay>
export const WebhookReplayed = Type.Object({
  count: Type.Integer({ description: 'messages that are sent again; 10,000: there may be more, ask again' }),
})
export type WebhookReplayed = Static<typeof WebhookReplayed>
