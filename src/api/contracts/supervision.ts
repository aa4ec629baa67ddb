import { type Static, Type } from 'typebox'
import { Id, Instant, oneOf, pageOf, pageQuery, strict, Version } from './common.js'

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

/** One row of the record: one way of being heard. */
export const SupervisionRecord = Type.Object({
  supervisionId: Type.String({ description: 'the same for all modes of one supervisor in one call' }),
  contactId: Type.String(),
  supervisorId: Type.String(),
  agentId: Type.String({ description: 'who was listened to' }),
  queue: Type.Optional(Type.String()),
  mode: SupervisionMode,
  shown: Type.Boolean({ description: 'the agent was told' }),
  startedAt: Instant,
  endedAt: Type.Optional(Instant),
  endReason: Type.Optional(
    Type.String({
      description: 'mode_changed, ended, left, agent_gone, taken_over, failed; released: not told by itself',
    }),
  ),
})
export type SupervisionRecord = Static<typeof SupervisionRecord>
export const SupervisionQuery = Type.Object(
  {
    agent: Type.Optional(Id),
    supervisor: Type.Optional(Id),
    contact: Type.Optional(Id),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    ...pageQuery,
  },
  strict,
)
export type SupervisionQuery = Static<typeof SupervisionQuery>
export const SupervisionPage = pageOf(SupervisionRecord)
export type SupervisionPage = Static<typeof SupervisionPage>

/** Commands on a supervision of one's own by `command` frames; `take_over`: the contact becomes the supervisor's. */
export const SUPERVISION_ORDERS = ['supervise', 'switch_supervision', 'end_supervision', 'take_over'] as const
