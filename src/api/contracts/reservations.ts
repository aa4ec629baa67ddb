import { type Static, Type } from 'typebox'
import { AgentState } from './agents.js'
import { Code, EpochMs, Id, oneOf, strict } from './common.js'

export const ReservationState = oneOf([
  'pending',
  'accepted',
  'rejected',
  'timed_out',
  'cancelled',
  'rescinded',
  'failed',
  'wrapping',
  'completed',
])

/** The exclusive, timed promise of one contact to one agent. */
export const Reservation = Type.Object({
  id: Id,
  contactId: Id,
  agentId: Id,
  queue: Type.Optional(Code),
  state: ReservationState,
  token: Type.Optional(Type.Integer({ description: 'fencing token, while live' })),
  createdAt: Type.Optional(EpochMs),
  deadline: Type.Optional(EpochMs),
  endedAt: Type.Optional(EpochMs),
  reason: Type.Optional(Type.String()),
})
export type Reservation = Static<typeof Reservation>

/** Without a token the present one is meant. */
export const ReservationCommand = Type.Object({ token: Type.Optional(Type.Integer({ minimum: 0 })) }, strict)
export type ReservationCommand = Static<typeof ReservationCommand>
export const ReservationAnswer = Type.Object({ state: AgentState })
export type ReservationAnswer = Static<typeof ReservationAnswer>
