import { type Static, Type } from 'typebox'
import { Permission, Role } from './auth.js'
import { Code, EpochMs, Id, Label, oneOf, SkillLevels, strict, Text, Version } from './common.js'

export const Presence = oneOf(['offline', 'available', 'break'], 'what the agent chose')
export const Work = oneOf(
  ['idle', 'reserved', 'ringing', 'talking', 'holding', 'wrapping', 'not_responding'],
  'what is happening',
)
export const DeviceState = oneOf(['up', 'busy', 'down'])

/** Live state of an agent. `version` is the ETag of agent commands. */
export const AgentState = Type.Object({
  agentId: Id,
  presence: Presence,
  breakReason: Type.Optional(Code),
  presenceReason: Type.Optional(
    Type.String({ description: 'why the presence is not what the agent chose: client_lost' }),
  ),
  work: Work,
  part: Type.Optional(
    oneOf(
      ['consult', 'conference', 'supervision', 'after'],
      "the contact is another agent's; after: wrapping up what went on",
    ),
  ),
  workReason: Type.Optional(
    Type.String({ description: 'why not_responding: no_answer, busy, unreachable, unregistered, error' }),
  ),
  device: DeviceState,
  idleSince: Type.Optional(EpochMs),
  presenceSince: EpochMs,
  workSince: EpochMs,
  reservationId: Type.Optional(Id),
  contactId: Type.Optional(Id),
  token: Type.Optional(Type.Integer()),
  deadline: Type.Optional(EpochMs),
  wrapUntil: Type.Optional(EpochMs),
  nextPresence: Type.Optional(Presence),
  nextBreakReason: Type.Optional(Code),
  version: Version,
})
export type AgentState = Static<typeof AgentState>

/** A person of the centre file with the live state; `state` is absent for people without work (viewers). */
export const Agent = Type.Object({
  id: Id,
  name: Type.String(),
  team: Code,
  role: Role,
  skills: SkillLevels,
  device: Type.Optional(Type.String({ description: 'PJSIP endpoint of the phone' })),
  queues: Type.Array(Code, { description: 'queues the agent can serve (at any relaxation step)' }),
  state: Type.Optional(AgentState),
})
export type Agent = Static<typeof Agent>
export const AgentList = Type.Object({ items: Type.Array(Agent), epoch: Type.String(), seq: Type.Integer() })
export type AgentList = Static<typeof AgentList>

export const Me = Type.Object({
  id: Id,
  name: Type.String(),
  kind: oneOf(['user', 'apiKey']),
  role: Type.Optional(Role),
  permissions: Type.Array(Permission),
  team: Type.Optional(Code),
  device: Type.Optional(Type.String()),
  autoAnswer: Type.Optional(
    oneOf(
      ['accept', 'always'],
      'the phone answers by itself: when the offer is accepted, or each call; absent: pick it up',
    ),
  ),
  queues: Type.Array(Code),
  skills: Type.Optional(SkillLevels),
  unmasked: Type.Boolean({ description: 'sees phone numbers and names in full' }),
  state: Type.Optional(AgentState),
})
export type Me = Static<typeof Me>

export const PresenceRequest = Type.Object(
  {
    presence: Presence,
    breakReason: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'needed with break: a code of the centre' }),
    ),
  },
  strict,
)
export type PresenceRequest = Static<typeof PresenceRequest>

/** Answer of agent commands. A notice tells what keeps the agent from being offered work. */
export const AgentAnswer = Type.Object({
  state: AgentState,
  notice: Type.Optional(
    Type.Object({
      code: oneOf(
        ['device_down', 'presence_pending'],
        'device_down: the phone is not registered, no offers until it is; presence_pending: takes effect when the work ends',
      ),
      message: Label,
    }),
  ),
})
export type AgentAnswer = Static<typeof AgentAnswer>

export const DispositionRequest = Type.Object(
  {
    disposition: Type.String({ minLength: 1, maxLength: 40 }),
    category: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    notes: Type.Optional(Text(4000)),
  },
  strict,
)
export type DispositionRequest = Static<typeof DispositionRequest>

/** Finishing needs a disposition: given here, or before by PUT /v1/contacts/{id}/disposition. */
export const FinishWrapUpRequest = Type.Partial(DispositionRequest, strict)
export type FinishWrapUpRequest = Static<typeof FinishWrapUpRequest>
export const ExtendWrapUpRequest = Type.Object({ seconds: Type.Integer({ minimum: 1, maximum: 3600 }) }, strict)
export type ExtendWrapUpRequest = Static<typeof ExtendWrapUpRequest>
