import { type Static, Type } from 'typebox'
import { Code, EpochMs, Id, Said, strict } from './common.js'

/** A word from a supervisor to an agent or a team: delivered to the screens that are open now, not kept. */
export const MessageRequest = Type.Object(
  {
    to: Type.Union([Type.Object({ agent: Id }, strict), Type.Object({ team: Code }, strict)]),
    text: Said(500),
  },
  strict,
)
export type MessageRequest = Static<typeof MessageRequest>

export const Message = Type.Object({
  messageId: Id,
  at: EpochMs,
  to: Type.Array(Id, { description: 'agents whose screens show it' }),
})
export type Message = Static<typeof Message>
