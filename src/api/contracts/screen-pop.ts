import { type Static, Type } from 'typebox'
import { CallbackKind, ChecklistItem } from './callbacks.js'
import { Code, EpochMs, Id, Label, oneOf, SkillLevels } from './common.js'

const optional = Type.Optional(Type.String())

/** Who calls and what is known: masked by role. */
export const CallerContext = Type.Object({
  citizen: Type.Optional(
    Type.Object({ id: Id, name: Type.String(), phone: Type.String(), language: optional, notes: optional }),
  ),
  tickets: Type.Array(
    Type.Object({
      id: Id,
      number: Type.String(),
      subject: Type.String(),
      status: Type.String(),
      category: optional,
      department: optional,
      dueAt: optional,
    }),
  ),
  contacts: Type.Array(
    Type.Object({
      id: Id,
      startedAt: Type.String(),
      queue: optional,
      agentId: optional,
      disposition: optional,
      notes: optional,
    }),
  ),
  flags: Type.Array(Type.Object({ kind: Type.String(), note: optional, until: optional })),
})
export type CallerContext = Static<typeof CallerContext>

/** Why the citizen is to be phoned, on the screen of the agent who does it. */
export const CallbackAbout = Type.Object({
  callbackId: Id,
  kind: CallbackKind,
  reason: optional,
  requestedAt: EpochMs,
  promisedAt: EpochMs,
  attempts: Type.Integer(),
  maxAttempts: Type.Integer(),
  ownerAgent: Type.Optional(Id),
  createdBy: Type.String(),
  sourceContactId: Type.Optional(Id),
  checklist: Type.Optional(Type.Array(ChecklistItem)),
})
export type CallbackAbout = Static<typeof CallbackAbout>

/** What the agent's screen shows before the phone rings. */
export const ScreenPop = Type.Object({
  contactId: Id,
  reservationId: Id,
  token: Type.Integer(),
  agentId: Id,
  deadline: EpochMs,
  queue: Code,
  queueLabel: Label,
  dialled: Type.String(),
  caller: Type.Optional(Type.String({ description: 'masked by role; absent when withheld' })),
  callerName: optional,
  requirement: SkillLevels,
  waitMs: Type.Integer(),
  complete: Type.Boolean({ description: 'false: the look-up was late or down; screenpop.updated follows' }),
  context: Type.Optional(CallerContext),
  from: Type.Optional(
    Type.Object({
      agentId: Id,
      part: oneOf(['consult', 'conference', 'transfer'], 'what the colleague wants'),
    }),
  ),
  popTarget: Type.Optional(Type.String({ description: 'URL that a foreign CRM opens' })),
  callbacks: Type.Optional(
    Type.Array(
      Type.Object({
        id: Id,
        kind: Type.String(),
        queue: Code,
        superseded: Type.Boolean({ description: 'this call is instead of it; false: it stays, for later' }),
        requestedAt: EpochMs,
        promisedAt: EpochMs,
        attempts: Type.Integer(),
        reason: optional,
        ownerAgent: optional,
      }),
      { description: 'open call-backs of a citizen who has rung in' },
    ),
  ),
  callback: Type.Optional(CallbackAbout),
})
export type ScreenPop = Static<typeof ScreenPop>
