import { type Static, Type } from 'typebox'
import { Agent, Me } from './agents.js'
import { Call, CallTarget, Digits, PARTY_ORDERS, PartyId, SIMPLE_ORDERS, TARGET_ORDERS } from './calls.js'
import { Code, EpochMs, Id, oneOf, Said, strict } from './common.js'
import { LiveContact } from './contacts.js'
import { HELP_ORDERS, Help } from './help.js'
import { Problem } from './problem.js'
import { Queue } from './queues.js'
import { ScreenPop } from './screen-pop.js'
import { SUPERVISION_ORDERS, Supervision, SupervisionMode } from './supervision.js'

/** Frames of the WebSocket /v1/events: JSON text, one object each, told apart by `type` (docs/api/README.md). */

const Token = Type.String({ minLength: 1, maxLength: 4096, description: 'access token, or `ApiKey <key>`' })
const Types = Type.Array(Type.String({ maxLength: 60, pattern: '^([a-z_]+|\\*)(\\.([a-z_]+|\\*))?$' }), {
  maxItems: 50,
  description: 'event types or prefixes: `contact.queued`, `contact.*`, `*`; absent: all that one may see',
})
/** Which of a person's clients this is: made by the client, kept over a reload, different in each tab and device. */
export const ClientId = Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
const Active = Type.Optional(
  Type.Boolean({
    description:
      "this client takes the agent's commands; false: it only looks on until `take_over`; absent: hello named no client",
  }),
)
const Position = Type.Object({ epoch: Type.String({ maxLength: 80 }), seq: Type.Integer({ minimum: 0 }) }, strict)

// client -> server
export const HelloFrame = Type.Object(
  {
    type: oneOf(['hello']),
    token: Token,
    resume: Type.Optional(Position),
    subscribe: Type.Optional(Types),
    client: Type.Optional(ClientId),
  },
  strict,
)
export const TokenFrame = Type.Object({ type: oneOf(['token']), token: Token }, strict)
export const SubscribeFrame = Type.Object({ type: oneOf(['subscribe']), types: Types }, strict)
export const PingFrame = Type.Object({ type: oneOf(['ping']), n: Type.Optional(Type.Integer()) }, strict)
export const TakeOverFrame = Type.Object({ type: oneOf(['take_over']) }, strict)
/** Call control by the socket: the same commands, checks and answers as on /v1/contacts/{id}/…; answered by `command_result`. */
export const CommandFrame = Type.Object(
  {
    type: oneOf(['command']),
    id: Type.String({ minLength: 1, maxLength: 64, description: 'comes back in the answer' }),
    contactId: Type.Optional(Type.String({ ...Id, description: 'the call; only `call` has none yet' })),
    do: oneOf([
      ...SIMPLE_ORDERS,
      ...TARGET_ORDERS,
      ...PARTY_ORDERS,
      ...SUPERVISION_ORDERS,
      ...HELP_ORDERS,
      'dtmf',
      'answer',
      'hang_up',
      'call',
    ]),
    to: Type.Optional(CallTarget),
    queue: Type.Optional(Type.String({ ...Code, description: 'of `call`' })),
    callerId: Type.Optional(Type.String({ maxLength: 15, description: 'of `call`' })),
    party: Type.Optional(PartyId),
    digits: Type.Optional(Digits),
    mode: Type.Optional(SupervisionMode),
    note: Type.Optional(Said(200)),
    ifVersion: Type.Optional(Type.Integer({ minimum: 0, description: 'as If-Match' })),
    idempotencyKey: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{8,120}$' })),
  },
  strict,
)
export type CommandFrame = Static<typeof CommandFrame>
export const ClientFrame = Type.Union([HelloFrame, TokenFrame, SubscribeFrame, PingFrame, TakeOverFrame, CommandFrame])
export type ClientFrame = Static<typeof ClientFrame>

// server -> client
export const EventEnvelope = Type.Object({
  id: Type.String({ description: '<epoch>:<seq>' }),
  epoch: Type.String(),
  seq: Type.Integer(),
  type: Type.String(),
  time: EpochMs,
  subject: Type.String(),
  version: Type.Integer(),
  contactId: Type.Optional(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type EventEnvelope = Static<typeof EventEnvelope>

export const ServerHello = Type.Object({
  type: oneOf(['hello']),
  socketId: Type.String(),
  apiVersion: Type.String(),
  heartbeatMs: Type.Integer(),
  tokenExpiresAt: Type.Optional(EpochMs),
  serverTime: EpochMs,
})
export const Snapshot = Type.Object({
  type: oneOf(['snapshot']),
  epoch: Type.String(),
  seq: Type.Integer(),
  serverTime: EpochMs,
  me: Me,
  agents: Type.Array(Agent),
  queues: Type.Array(Queue),
  contacts: Type.Array(LiveContact),
  pop: Type.Optional(ScreenPop),
  active: Active,
})
export const Resumed = Type.Object({
  type: oneOf(['resumed']),
  epoch: Type.String(),
  seq: Type.Integer({ description: 'position resumed from; the events after it follow' }),
  active: Active,
})
export const ResyncRequired = Type.Object({
  type: oneOf(['resync_required']),
  reason: oneOf(['other_epoch', 'too_old', 'ahead']),
})
export const EventFrame = Type.Object({ type: oneOf(['event']), event: EventEnvelope })
export const Heartbeat = Type.Object({
  type: oneOf(['heartbeat']),
  serverTime: EpochMs,
  epoch: Type.String(),
  seq: Type.Integer({ description: 'everything up to here was sent or was not for this reader' }),
})
export const TokenAccepted = Type.Object({ type: oneOf(['token_accepted']), tokenExpiresAt: Type.Optional(EpochMs) })
export const TokenExpiring = Type.Object({ type: oneOf(['token_expiring']), tokenExpiresAt: EpochMs })
export const Subscribed = Type.Object({ type: oneOf(['subscribed']), types: Type.Array(Type.String()) })
export const Pong = Type.Object({ type: oneOf(['pong']), n: Type.Optional(Type.Integer()) })
/** This client is the active one now: it took over, or the one that was is gone. */
export const Activated = Type.Object({ type: oneOf(['activated']) })
/** Another client of the same person took over; this one only looks on. */
export const TakenOver = Type.Object({ type: oneOf(['taken_over']) })
/** Answer to a command: `call` as the answer of HTTP; status 204 without it: it was like that already. */
export const CommandResult = Type.Object({
  type: oneOf(['command_result']),
  id: Type.String(),
  status: Type.Integer(),
  contactId: Type.Optional(Type.String({ description: 'of `call` and `answer`' })),
  call: Type.Optional(Call),
  supervision: Type.Optional(Supervision),
  help: Type.Optional(Help),
  problem: Type.Optional(Problem),
})
export const ErrorFrame = Type.Object({ type: oneOf(['error']), problem: Problem })
export const ServerFrame = Type.Union([
  ServerHello,
  Snapshot,
  Resumed,
  ResyncRequired,
  EventFrame,
  Heartbeat,
  TokenAccepted,
  TokenExpiring,
  Subscribed,
  Pong,
  Activated,
  TakenOver,
  CommandResult,
  ErrorFrame,
])
export type ServerFrame = Static<typeof ServerFrame>
export type SnapshotFrame = Static<typeof Snapshot>

/** Why the server closes a socket. */
export const CLOSE_CODES = {
  1001: 'server going away: reconnect and resume',
  1013: 'try again later: a dependency is away',
  4400: 'bad frame: not JSON, wrong shape, binary, or too large',
  4401: 'not authenticated: token missing, invalid or expired',
  4403: 'not allowed to read events',
  4408: 'slow reader: reconnect and resume',
  4409: 'out of order: hello sent twice',
  4410: 'no hello within the time allowed',
  4429: 'too many frames',
} as const
export type CloseCode = keyof typeof CLOSE_CODES
