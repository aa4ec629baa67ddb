import { Type } from 'typebox'
import { Duration, Id, kind, Ms, Requirement, reservationRef } from './kind.js'

/** What becomes of a contact in the queue and of promises to agents; written inside the scripts of the routing core. */
export const QUEUE_EVENTS = {
  'contact.queued': kind(
    'floor',
    'The contact waits (attempts 0) or waits again at its old place (attempts > 0).',
    Type.Object({
      queue: Id,
      priority: Type.Integer(),
      enqueuedAt: Ms,
      attempts: Type.Integer(),
      position: Type.Integer({ description: '0-based' }),
      preferredAgent: Type.Optional(Id),
      transferred: Type.Optional(Type.Boolean({ description: 'it has been with an agent before' })),
      requirement: Type.Optional(Requirement),
      facts: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  'contact.relaxed': kind('floor', 'A wider route counts from now on.', Type.Object({ queue: Id, route: Id })),
  'contact.connected': kind(
    'floor',
    'Caller and agent talk.',
    Type.Object({ ...reservationRef, waitedMs: Duration, enqueuedAt: Ms }),
  ),
  'contact.transferred': kind(
    'floor',
    'The contact left its agent: for another agent, a queue, or a number outside.',
    Type.Object({
      agentId: Type.Optional(Id),
      queue: Id,
      reservationId: Type.Optional(Id),
      kind: Type.String({ description: 'blind, attended, conference, taken_over, picked_up, returned' }),
      toAgent: Type.Optional(Id),
      toReservation: Type.Optional(Id),
      toQueue: Type.Optional(Id),
      toDepartment: Type.Optional(Id),
      outside: Type.Optional(Type.Boolean({ description: 'to a number outside the centre; it is never named' })),
    }),
  ),
  'contact.call_changed': kind(
    'floor',
    'Who is in the call and how: the whole picture, whatever changed. Never with a number.',
    Type.Object({
      contactId: Id,
      state: Type.String(),
      agentId: Type.Optional(Id),
      queue: Type.Optional(Id),
      held: Type.Boolean(),
      heldByPhone: Type.Boolean({ description: 'only the phone can resume' }),
      consultsByPhone: Type.Boolean({ description: 'by a second call of the phone' }),
      muted: Type.Boolean({ description: "the agent's microphone" }),
      parked: Type.Boolean(),
      moving: Type.Boolean({ description: 'on the way to somebody else' }),
      parties: Type.Array(
        Type.Object({
          id: Id,
          kind: Type.Union([Type.Literal('caller'), Type.Literal('agent'), Type.Literal('outside')]),
          agentId: Type.Optional(Id),
          department: Type.Optional(Id),
          state: Type.Union([Type.Literal('ringing'), Type.Literal('talking'), Type.Literal('aside')]),
          joins: Type.Optional(
            Type.Union([Type.Literal('consult'), Type.Literal('conference'), Type.Literal('transfer')]),
          ),
          muted: Type.Boolean(),
        }),
      ),
      version: Type.Integer({ description: 'ETag of call commands' }),
      left: Type.Optional(
        Type.Object({ party: Id, why: Type.String({ description: 'left, busy, declined, no_answer, cancelled …' }) }),
      ),
    }),
  ),
  'contact.forward_ended': kind(
    'floor',
    'The call that went on outside the centre is over.',
    Type.Object({
      queue: Type.Optional(Id),
      agentId: Type.Optional(Type.String({ description: 'who had sent it outside' })),
    }),
  ),
  'contact.held': kind('floor', 'The caller is on hold.', Type.Object({ agentId: Id, queue: Id })),
  'contact.resumed': kind(
    'floor',
    'The caller is off hold, and not parked any more.',
    Type.Object({ agentId: Id, queue: Id }),
  ),
  'contact.parked': kind(
    'floor',
    'The agent has put the caller aside for whoever picks the call up; over with contact.resumed, contact.transferred or the end of the talk.',
    Type.Object({ agentId: Id, queue: Id, parkedAt: Ms }),
  ),
  'contact.abandoned': kind(
    'floor',
    'The caller left while waiting or while an agent rang.',
    Type.Object({
      queue: Id,
      waitedMs: Duration,
      enqueuedAt: Ms,
      reason: Type.String({
        description: 'caller_hangup, or an end state such as timed_out, overflowed, callback_requested, no_agents',
      }),
    }),
  ),
  'contact.wrapping': kind(
    'floor',
    'Talk ended; the agent finishes the work.',
    Type.Object({ ...reservationRef, endedBy: Type.String(), wrapUntil: Ms }),
  ),
  'contact.completed': kind(
    'floor',
    'The contact is finished.',
    Type.Object({
      agentId: Type.Optional(Id),
      queue: Id,
      how: Type.String({ description: 'finished, wrap_timeout, no_wrap' }),
    }),
  ),

  'reservation.created': kind(
    'agent',
    'A contact is promised to this agent until the deadline.',
    Type.Object({
      ...reservationRef,
      route: Id,
      createdAt: Ms,
      deadline: Ms,
      enqueuedAt: Ms,
      attempts: Type.Integer(),
      node: Type.Optional(Type.String({ description: "PBX node at which the agent's phone is up" })),
      popped: Type.Optional(Type.Boolean({ description: 'true: the screen pop is in the journal right behind it' })),
    }),
  ),
  'reservation.accepted': kind(
    'agent',
    'The agent took it (by client or by answering).',
    Type.Object({ ...reservationRef, by: Type.String({ description: 'client | device' }) }),
  ),
  'reservation.rejected': kind('agent', 'The agent declined it.', Type.Object(reservationRef)),
  'reservation.timed_out': kind('agent', 'The agent did not answer in time.', Type.Object(reservationRef)),
  'reservation.cancelled': kind(
    'agent',
    'The caller left before the answer.',
    Type.Object({ ...reservationRef, reason: Type.Optional(Type.String()) }),
  ),
  'reservation.rescinded': kind(
    'agent',
    'The system took the promise back.',
    Type.Object({ ...reservationRef, reason: Type.String() }),
  ),
  'reservation.failed': kind(
    'agent',
    "The agent's device could not be rung.",
    Type.Object({ ...reservationRef, reason: Type.String() }),
  ),
  'reservation.completed': kind('agent', 'The work under this promise is finished.', Type.Object(reservationRef)),
} as const
