import { Type } from 'typebox'
import { Id, kind, Ms } from './kind.js'

/** A call-back as it stands after the change; `version` of the row: an event that comes twice or late is recognised. */
const CallbackFacts = Type.Object({
  callbackId: Id,
  kind: Type.String(),
  state: Type.String(),
  queue: Id,
  rowVersion: Type.Integer(),
  dueAt: Ms,
  promisedAt: Ms,
  attempts: Type.Integer(),
  ownerAgent: Type.Optional(Id),
  agentId: Type.Optional(Id),
  contactId: Type.Optional(Id),
  reason: Type.Optional(Type.String({ description: 'stable word, never free text' })),
  outcome: Type.Optional(Id),
})

/** Call-backs: told by callbacks/ after the row in PostgreSQL; never with a number or a name. */
export const CALLBACK_EVENTS = {
  'callback.requested': kind('floor', 'Somebody is to be phoned.', CallbackFacts),
  'callback.scheduled': kind('floor', 'It waits for its time.', CallbackFacts),
  'callback.due': kind('floor', 'Its time has come; it waits for its turn to be queued.', CallbackFacts),
  'callback.queued': kind('floor', 'It waits for an agent, at its place.', CallbackFacts),
  'callback.offered': kind('floor', 'It is promised to an agent, who sees why and to whom.', CallbackFacts),
  'callback.dialing': kind('floor', 'The attempt is claimed and the citizen is being phoned.', CallbackFacts),
  'callback.connected': kind('floor', 'Citizen and agent talk.', CallbackFacts),
  'callback.completed': kind('floor', 'The promise is kept.', CallbackFacts),
  'callback.no_answer': kind(
    'floor',
    'The citizen did not answer (or was not reached); tried again at dueAt.',
    CallbackFacts,
  ),
  'callback.busy': kind('floor', 'The number was busy; tried again at dueAt.', CallbackFacts),
  'callback.exhausted': kind('floor', 'All tries were made.', CallbackFacts),
  'callback.expired': kind('floor', 'Its time is over without a try that could still be made.', CallbackFacts),
  'callback.cancelled': kind('floor', 'Somebody took it back.', CallbackFacts),
  'callback.superseded': kind('floor', 'The citizen rang in again before.', CallbackFacts),
  'callback.rescheduled': kind('floor', 'The time was changed, with a reason.', CallbackFacts),
  'callback.reassigned': kind('floor', 'Another agent owns it now, or nobody.', CallbackFacts),
} as const
