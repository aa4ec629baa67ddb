import { type Static, Type } from 'typebox'
import { EpochMs, Id, oneOf, Said, strict } from './common.js'

/** An agent in a talk asks for a supervisor: /v1/contacts/{id}/help. */
export const HelpRequest = Type.Object({ note: Type.Optional(Said(200)) }, strict)
export type HelpRequest = Static<typeof HelpRequest>

export const Help = Type.Object({
  contactId: Id,
  agentId: Id,
  at: EpochMs,
  note: Type.Optional(Type.String()),
  answeredBy: Type.Optional(Type.String({ description: 'the supervisor who comes' })),
})
export type Help = Static<typeof Help>

/** Whether somebody asks for help in a talk: with `none` there is nothing more. */
export const HelpState = Type.Object({
  state: oneOf(['none', 'asked', 'answered']),
  ...Help.properties,
  agentId: Type.Optional(Id),
  at: Type.Optional(EpochMs),
})
export type HelpState = Static<typeof HelpState>

export const HELP_ORDERS = ['ask_help', 'withdraw_help', 'answer_help'] as const
