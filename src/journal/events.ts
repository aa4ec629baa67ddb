import { type Static, type TObject, Type } from 'typebox'

/**
 * The event catalogue: every event the journal may carry, who may see it, and its payload. One source for the scripts' names,
 * the recorder, the WebSocket's filter and the documents. An event is `noun.past_verb`; a payload change that a reader could
 * trip over raises `version`.
 */

/** Who may see an event: `addressed` = the agents in data.to and the sender (data.from), nobody else; `supervision` = who supervises the floor, and the agent in data.agentId when data.shown; `agent` = the agent in the subject or data.agentId (and the roles of `floor`), `floor` = everybody signed in who may see the live state, `system` = only inside the server. */
export type Audience = 'agent' | 'supervision' | 'addressed' | 'floor' | 'system'

export interface EventKind<T extends TObject = TObject> {
  readonly version: number
  readonly audience: Audience
  /** What it tells, one sentence, for the documents. */
  readonly about: string
  readonly data: T
}

const Ms = Type.Integer({ description: 'epoch milliseconds' })
const Duration = Type.Integer({ minimum: 0, description: 'milliseconds' })
const Id = Type.String()
const Requirement = Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 5 }))

const reservationRef = {
  reservationId: Id,
  agentId: Id,
  queue: Id,
  token: Type.Integer(),
  part: Type.Optional(
    Type.String({
      description:
        "beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own",
    }),
  ),
}

/** What the PBX's own notes tell of a call that the server did not carry to its end. */
const notedByPbx = {
  dialled: Type.String(),
  caller: Type.Optional(Type.String({ description: 'E.164 or as received; absent when withheld' })),
  node: Type.String({ description: 'PBX node' }),
  channelId: Id,
  queue: Type.Optional(Id),
}

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

/** Which recording a fact is about, and where it stands: `rev` rises with each change, so a late fact is recognised. */
const recordingRef = {
  recordingId: Id,
  node: Type.String({ description: 'PBX node that records' }),
  queue: Id,
  agentId: Type.Optional(Id),
  rev: Type.Integer({ minimum: 1 }),
}
/** A recording that is a file: what the record knows of its talk. */
const recordedAt = {
  recordingId: Id,
  queue: Type.Optional(Type.String({ description: 'absent: only the file was left of it' })),
  agentId: Type.Optional(Id),
}
const Pause = Type.Object({
  from: Ms,
  to: Type.Optional(Ms),
  by: Id,
  automatic: Type.Optional(Type.Boolean({ description: 'true: went on by itself after the time of the centre file' })),
})
/** Somebody listens to an agent. Which call it is tells the envelope, too. */
const supervision = {
  supervisionId: Id,
  contactId: Id,
  supervisorId: Id,
  agentId: Type.String({ description: 'who is listened to' }),
  mode: Type.String({
    description: 'listen (nobody hears the supervisor), whisper (the agent does), barge (everybody does)',
  }),
  shown: Type.Boolean({ description: 'the agent is told' }),
  queue: Type.Optional(Id),
}

/** An agent in a talk asks for a supervisor. */
const HelpFacts = Type.Object({
  contactId: Id,
  from: Type.String({ description: 'the agent' }),
  to: Type.Array(Id, { description: "who leads the agent's team" }),
  at: Ms,
  queue: Type.Optional(Id),
  note: Type.Optional(Type.String({ description: 'masked for every reader without pii:read' })),
  answeredBy: Type.Optional(Id),
})

const kind = <T extends TObject>(audience: Audience, about: string, data: T, version = 1): EventKind<T> => ({
  version,
  audience,
  about,
  data,
})

export const EVENTS = {
  // calls: written by calls/ through journal/writer
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

  // routing: written inside the scripts
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

  'agent.presence_changed': kind(
    'floor',
    'What the agent chose, or what was chosen for it.',
    Type.Object({
      agentId: Id,
      presence: Type.String(),
      previous: Type.String(),
      breakReason: Type.Optional(Type.String()),
      reason: Type.Optional(
        Type.String({ description: 'client_lost: not chosen, the clients of the agent were gone for too long' }),
      ),
      by: Type.Optional(Type.String({ description: 'who chose it for the agent: a supervisor, or `key:<id>`' })),
      since: Ms,
    }),
  ),
  'agent.work_changed': kind(
    'floor',
    'What the agent is doing.',
    Type.Object({
      agentId: Id,
      work: Type.String(),
      previous: Type.String(),
      since: Ms,
      reason: Type.Optional(Type.String()),
      contactId: Type.Optional(Id),
      reservationId: Type.Optional(Id),
      wrapUntil: Type.Optional(Ms),
    }),
  ),
  'agent.device_changed': kind(
    'floor',
    "The agent's device can be rung (up), is in a call that is not this server's (busy), or cannot be rung (down).",
    Type.Object({
      agentId: Id,
      device: Type.String(),
      node: Type.Optional(Type.String({ description: 'PBX node at which it is up now' })),
      since: Ms,
    }),
  ),
  'agent.client_changed': kind(
    'system',
    'Another client of the agent takes the commands now; sockets are told by frames.',
    Type.Object({
      agentId: Id,
      client: Id,
      why: Type.Union([Type.Literal('taken_over'), Type.Literal('free')]),
    }),
  ),

  // supervision: written by calls/supervision/
  'supervision.started': kind('supervision', 'A supervisor listens to an agent from now on.', Type.Object(supervision)),
  'supervision.mode_changed': kind(
    'supervision',
    'The supervisor is heard by nobody, by the agent, or by everybody from now on.',
    Type.Object(supervision),
  ),
  'supervision.ended': kind(
    'supervision',
    'The supervisor does not listen any more.',
    Type.Object({
      ...supervision,
      why: Type.String({ description: 'ended, left, agent_gone, taken_over, failed' }),
    }),
  ),

  // help: written by calls/help/
  'help.requested': kind('addressed', 'An agent in a talk asks for a supervisor.', HelpFacts),
  'help.answered': kind('addressed', 'A supervisor comes.', HelpFacts),
  'help.withdrawn': kind('addressed', 'The agent needs nobody any more.', HelpFacts),
  'help.ended': kind('addressed', "The talk is over, or another agent's.", HelpFacts),

  // messages: written by the edge
  'message.sent': kind(
    'addressed',
    'A word for an agent or a team; shown on the screens that are open.',
    Type.Object({
      messageId: Id,
      from: Type.String({ description: 'agent, or `key:<id>`' }),
      to: Type.Array(Id, { description: 'agents it is for' }),
      team: Type.Optional(Id),
      text: Type.String({ description: 'masked for every reader without pii:read' }),
    }),
  ),

  // screen pop: composed by calls/ from context/, see context/pop.ts for the payload
  'screenpop.created': kind(
    'agent',
    "What the agent's screen shows, before the phone rings.",
    Type.Object({
      ...reservationRef,
      pop: Type.Unknown({ description: 'ScreenPop of the API contracts; masked for each reader' }),
    }),
  ),
  'screenpop.updated': kind(
    'agent',
    'Context that came after the pop.',
    Type.Object({ ...reservationRef, pop: Type.Unknown() }),
  ),

  // call-backs: told by callbacks/ after the row in PostgreSQL; never with a number or a name
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

  // recordings: the first four by the owner of the PBX node, the others by the worker that finishes the file
  'recording.started': kind(
    'floor',
    'The talk is being recorded from now on.',
    Type.Object({
      ...recordingRef,
      mode: Type.Union([Type.Literal('whole'), Type.Literal('on_demand')]),
      startedAt: Ms,
      by: Type.Optional(Id),
    }),
  ),
  'recording.paused': kind(
    'floor',
    'Nothing is recorded until it goes on (a resident number is said).',
    Type.Object({ ...recordingRef, by: Id, resumeAt: Ms, pauses: Type.Array(Pause) }),
  ),
  'recording.resumed': kind(
    'floor',
    'The recording goes on after a pause.',
    Type.Object({ ...recordingRef, by: Id, automatic: Type.Boolean(), pauses: Type.Array(Pause) }),
  ),
  'recording.stopped': kind(
    'floor',
    'The recording is over; its file is being finished.',
    Type.Object({
      ...recordingRef,
      why: Type.String({ description: 'ended, no_staff, command, lost' }),
      startedAt: Ms,
      pauses: Type.Array(Pause),
    }),
  ),
  'recording.stored': kind(
    'floor',
    'The file is encrypted and in the store; may be told twice.',
    Type.Object({
      ...recordedAt,
      durationMs: Duration,
      missingMs: Duration,
      bytes: Type.Integer(),
      sha256: Type.String(),
    }),
  ),
  'recording.failed': kind(
    'floor',
    'Something keeps calls from being recorded or files from being kept, whatever their queue; calls go on, and it is tried again.',
    Type.Object({
      recordingId: Type.Optional(Id),
      step: Type.String({ description: 'start, spool, space, finish, store, key' }),
      reason: Type.String({ description: 'stable word or error code' }),
    }),
  ),
  'recording.deleted': kind(
    'floor',
    'Its time is over: sound and key are gone.',
    Type.Object({ ...recordedAt, why: Type.String({ description: 'retention' }) }),
  ),
  'recording.asked': kind(
    'system',
    'Somebody wants a recording changed; for the owner of the PBX node.',
    Type.Object({
      requestId: Id,
      action: Type.Union([Type.Literal('start'), Type.Literal('stop'), Type.Literal('pause'), Type.Literal('resume')]),
      by: Id,
      supervises: Type.Boolean(),
      rev: Type.Optional(Type.Integer({ description: 'only when the recording stands there' })),
    }),
  ),
  'recording.answered': kind(
    'system',
    'What became of the wish.',
    Type.Object({
      requestId: Id,
      code: Type.Optional(Type.String({ description: 'error code; absent: done' })),
      state: Type.Optional(Type.Unknown()),
    }),
  ),

  'config.applied': kind(
    'floor',
    'A version of the centre file is in force: labels may have changed. May be told twice.',
    Type.Object({ version: Type.Integer() }),
  ),
} as const satisfies Record<string, EventKind>

export type EventType = keyof typeof EVENTS
export type EventData<T extends EventType> = Static<(typeof EVENTS)[T]['data']>

/** One event as readers get it. `seq` rises by one within an epoch; a new epoch means Redis started from nothing. */
export interface JournalEvent<T extends EventType = EventType> {
  /** `<epoch>:<seq>` */
  readonly id: string
  readonly epoch: string
  readonly seq: number
  readonly type: T
  /** epoch ms */
  readonly time: number
  /** What it is about: `contact:<id>`, `agent:<id>`, `reservation:<id>`, `queue:<id>`, `centre`. */
  readonly subject: string
  readonly version: number
  readonly contactId?: string
  readonly data: EventData<T>
}

/** Union that narrows `data` by `type`. */
export type AnyJournalEvent = { [T in EventType]: JournalEvent<T> }[EventType]
