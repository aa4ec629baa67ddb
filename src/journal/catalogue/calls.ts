import { Type } from 'typebox'
import { Duration, Id, kind, Ms } from './kind.js'

/** What the PBX's own notes tell of a call that the server did not carry to its end. */
const notedByPbx = {
  dialled: Type.String(),
  caller: Type.Optional(Type.String({ description: 'E.164 or as received; absent when withheld' })),
  node: Type.String({ description: 'PBX node' }),
  channelId: Id,
  queue: Type.Optional(Id),
}

/** Calls: written by calls/ through journal/writer. */
export const CALL_EVENTS = {
  'contact.created': kind(
    'floor',
    'A call reached the centre.',
    Type.Object({
      channel: Type.Literal('voice'),
      direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
      dialled: Type.String({ description: 'the centre number that was dialled' }),
      caller: Type.Optional(
        Type.String({
          description: 'E.164 or as received; masked for every reader without pii:read; absent when withheld',
        }),
      ),
      node: Type.String({ description: 'PBX node' }),
      channelId: Id,
    }),
  ),
  'contact.ivr_entered': kind(
    'floor',
    'Prompts (greeting, legal notice) began.',
    Type.Object({ prompts: Type.Array(Type.String()) }),
  ),
  'contact.position_changed': kind(
    'floor',
    'The place and expected wait that the caller was told.',
    Type.Object({
      queue: Id,
      position: Type.Integer({ minimum: 1 }),
      expectedWaitMs: Type.Optional(Duration),
    }),
  ),
  'contact.disposed': kind(
    'floor',
    'The agent gave (or changed) the disposition.',
    Type.Object({
      agentId: Id,
      queue: Type.Optional(Type.String({ description: 'while the contact is live; absent in a later correction' })),
      disposition: Id,
      category: Type.Optional(Id),
      notes: Type.Optional(Type.String()),
    }),
  ),
  // ends without an agent: blocked, closed_hours, no_agents, queue_full, timed_out, overflowed, abandoned before the queue, failed
  'contact.ended': kind(
    'floor',
    'The contact ended before any agent had it.',
    Type.Object({
      end: Type.String(),
      reason: Type.Optional(Type.String()),
      queue: Type.Optional(Id),
      waitedMs: Type.Optional(Duration),
    }),
  ),
  // What the plain queue of the dialplan did while no server was there, read back afterwards: the whole rest of the contact in one event.
  'contact.served_by_fallback': kind(
    'system',
    'The PBX served the call by itself; told once it is over.',
    Type.Object({
      ...notedByPbx,
      agentId: Type.Optional(Id),
      device: Type.Optional(Type.String({ description: 'endpoint that answered' })),
      enteredAt: Ms,
      waitsSince: Ms,
      fallbackAt: Ms,
      answeredAt: Type.Optional(Ms),
      endedAt: Ms,
      end: Type.Union([Type.Literal('completed'), Type.Literal('abandoned'), Type.Literal('failed')]),
    }),
  ),

  'contact.left_unseen': kind(
    'system',
    'The caller hung up before the server or the fallback queue had the call; noted by the PBX, told afterwards.',
    Type.Object({
      ...notedByPbx,
      enteredAt: Ms,
      endedAt: Ms,
    }),
  ),
} as const
