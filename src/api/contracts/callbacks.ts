import { type Static, Type } from 'typebox'
import { ATTEMPT_RESULTS, CALLBACK_KINDS, END_STATES, OPEN_STATES } from '../../callbacks/model.js'
import { Code, Id, Instant, Line, oneOf, PhoneInput, pageOf, pageQuery, strict, Text, Version } from './common.js'

export const CallbackKind = oneOf(CALLBACK_KINDS)
export const CallbackState = oneOf([...OPEN_STATES, ...END_STATES])
export const CallbackRisk = oneOf(
  ['none', 'at_risk', 'overdue'],
  'overdue: not tried although the promised time is over; at_risk: not tried and promised within 15 minutes',
)

/** A question of a welfare call and its answer. */
export const ChecklistItem = Type.Object({ id: Code, label: Line(200), answer: Type.Optional(Text(500)) }, strict)

/** A promise to phone a citizen. */
export const Callback = Type.Object({
  id: Id,
  kind: CallbackKind,
  state: CallbackState,
  risk: CallbackRisk,
  queue: Code,
  number: Type.String({ description: 'masked by role' }),
  secondNumber: Type.Optional(Type.String({ description: 'masked by role' })),
  callerId: Type.String({ description: 'number of the centre that the citizen sees' }),
  citizenId: Type.Optional(Id),
  ticketId: Type.Optional(Id),
  sourceContactId: Type.Optional(Id),
  reason: Type.Optional(Type.String()),
  ownerAgent: Type.Optional(Id),
  ownerUntil: Type.Optional(Instant),
  requestedAt: Instant,
  promisedAt: Instant,
  firstPromisedAt: Instant,
  dueAt: Instant,
  expiresAt: Type.Optional(Instant),
  attempts: Type.Integer(),
  maxAttempts: Type.Integer(),
  firstAttemptAt: Type.Optional(Instant),
  contactId: Type.Optional(Id),
  agentId: Type.Optional(Id),
  outcome: Type.Optional(Type.String()),
  endedAt: Type.Optional(Instant),
  endedReason: Type.Optional(Type.String()),
  supersededBy: Type.Optional(Id),
  slotAt: Type.Optional(Instant),
  scheduleId: Type.Optional(Id),
  checklist: Type.Optional(Type.Array(ChecklistItem)),
  createdBy: Type.String(),
  version: Version,
})
export type Callback = Static<typeof Callback>
export const CallbackPage = pageOf(Callback)
export type CallbackPage = Static<typeof CallbackPage>

/** One attempt; what was on the screen is its contact (GET /v1/contacts/{contactId}). */
export const CallbackAttempt = Type.Object({
  ordinal: Type.Integer(),
  contactId: Id,
  agentId: Type.Optional(Id),
  node: Type.Optional(Type.String()),
  second: Type.Boolean({ description: 'the second number was dialled' }),
  claimedAt: Instant,
  answeredAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  result: Type.Optional(oneOf(ATTEMPT_RESULTS)),
})
export type CallbackAttempt = Static<typeof CallbackAttempt>

/** What a change may touch, as it was before or after. */
export const CallbackFacts = Type.Object({
  state: CallbackState,
  dueAt: Instant,
  promisedAt: Instant,
  ownerAgent: Type.Optional(Id),
  slotAt: Type.Optional(Instant),
})
export type CallbackFacts = Static<typeof CallbackFacts>
export const CallbackChange = Type.Object({
  at: Instant,
  by: Type.String(),
  change: Type.String(),
  reason: Type.Optional(Type.String()),
  before: Type.Optional(CallbackFacts),
  after: Type.Optional(CallbackFacts),
})
export type CallbackChange = Static<typeof CallbackChange>

export const CallbackDetail = Type.Object({
  ...Callback.properties,
  attemptList: Type.Array(CallbackAttempt),
  changes: Type.Array(CallbackChange),
})
export type CallbackDetail = Static<typeof CallbackDetail>

/** What became of a wish. */
export const CallbackAnswer = Type.Object({
  callback: Callback,
  created: Type.Boolean({ description: 'false: one is open for this number and queue already; it is unchanged' }),
  moved: Type.Boolean({ description: 'the wanted time lies in closed hours: it is the next opening now' }),
})
export type CallbackAnswer = Static<typeof CallbackAnswer>

export const CallbackCreate = Type.Object(
  {
    kind: oneOf(['agent_promised', 'booked', 'welfare']),
    queue: Code,
    number: Type.Optional(PhoneInput),
    secondNumber: Type.Optional(PhoneInput),
    citizenId: Type.Optional(Id),
    ticketId: Type.Optional(Id),
    at: Type.Optional(Instant),
    slotAt: Type.Optional(Instant),
    ownerAgent: Type.Optional(Id),
    reason: Type.Optional(Line(500)),
    checklist: Type.Optional(Type.Array(ChecklistItem, { maxItems: 30 })),
  },
  {
    ...strict,
    description:
      'without `number` it is the citizen’s; `at` is when the citizen was told to be phoned (absent: now); booked needs `slotAt`',
  },
)
export type CallbackCreate = Static<typeof CallbackCreate>

/** Promised in a call: citizen, number and queue are the call's. */
export const CallbackPromise = Type.Object(
  {
    at: Instant,
    reason: Line(500),
    number: Type.Optional(PhoneInput),
    queue: Type.Optional(Code),
    ticketId: Type.Optional(Id),
    mine: Type.Optional(Type.Boolean({ default: true, description: 'false: anybody of the queue phones' })),
  },
  strict,
)
export type CallbackPromise = Static<typeof CallbackPromise>

export const CallbackReassign = Type.Object(
  { ownerAgent: Type.Union([Id, Type.Null()], { description: 'null: nobody, the queue' }), reason: Line(500) },
  strict,
)
export type CallbackReassign = Static<typeof CallbackReassign>
export const CallbackReschedule = Type.Object({ at: Instant, reason: Line(500) }, strict)
export type CallbackReschedule = Static<typeof CallbackReschedule>
export const CallbackCancel = Type.Object({ reason: Line(500) }, strict)
export type CallbackCancel = Static<typeof CallbackCancel>
export const CallbackOutcome = Type.Object(
  {
    outcome: oneOf(
      ['reached', 'no_answer', 'busy', 'voicemail', 'wrong_number'],
      'what became of the attempt; each has its own rule for the next try',
    ),
  },
  strict,
)
export type CallbackOutcome = Static<typeof CallbackOutcome>
export const ChecklistAnswers = Type.Object(
  { answers: Type.Record(Type.String({ minLength: 1, maxLength: 40 }), Text(500)) },
  strict,
)
export type ChecklistAnswers = Static<typeof ChecklistAnswers>

export const CallbackQuery = Type.Object(
  {
    ...pageQuery,
    kind: Type.Optional(CallbackKind),
    state: Type.Optional(oneOf(['open', 'ended', ...OPEN_STATES, ...END_STATES])),
    queue: Type.Optional(Code),
    owner: Type.Optional(Type.String({ maxLength: 80, description: 'agent id; `me`: who asks' })),
    team: Type.Optional(Code),
    citizen: Type.Optional(Id),
    number: Type.Optional(PhoneInput),
    contact: Type.Optional(Id),
    risk: Type.Optional(oneOf(['at_risk', 'overdue'], 'at_risk holds the overdue ones, too')),
    requestedFrom: Type.Optional(Instant),
    requestedTo: Type.Optional(Instant),
    order: Type.Optional(oneOf(['requested', 'promised'], 'newest request first (default), or earliest promise first')),
  },
  strict,
)
export type CallbackQuery = Static<typeof CallbackQuery>

export const TimeChoices = Type.Object({
  items: Type.Array(Instant, { description: 'times in open hours, half an hour apart' }),
})
export const CallbackSlot = Type.Object({ at: Instant, until: Instant, free: Type.Integer() })
export type CallbackSlot = Static<typeof CallbackSlot>
export const CallbackSlots = Type.Object({ items: Type.Array(CallbackSlot) })
export type CallbackSlots = Static<typeof CallbackSlots>
