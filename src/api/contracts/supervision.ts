import { type Static, Type } from 'typebox'
import { Id, oneOf, strict, Version } from './common.js'

/** A supervisor listens to an agent's part of a live call: /v1/contacts/{id}/supervision; the record of it: /v1/supervisions. */

export const SupervisionMode = oneOf(
  ['listen', 'whisper', 'barge'],
  'listen: nobody hears the supervisor; whisper: the agent does; barge: everybody does',
)
export const SupervisionRequest = Type.Object({ mode: SupervisionMode }, strict)
export type SupervisionRequest = Static<typeof SupervisionRequest>

export const Supervision = Type.Object({
  id: Id,
  contactId: Id,
  supervisorId: Id,
  agentId: Type.String({ description: 'who is listened to' }),
  mode: SupervisionMode,
  state: oneOf(['ringing', 'active'], "ringing: the supervisor's phone has not answered yet"),
  shown: Type.Boolean({ description: 'the agent is told' }),
  version: Version,
})
export type Supervision = Static<typeof Supervision>
export const SupervisionList = Type.Object({ items: Type.Array(Supervision) })
export type SupervisionList = Static<typeof SupervisionList>

/** Commands on a supervision of one's own by `command` frames; `take_over`: the contact becomes the supervisor's. */
export const SUPERVISION_ORDERS = ['supervise', 'switch_supervision', 'end_supervision', 'take_over'] as const
