import { Type } from 'typebox'
import { Id, kind, Ms } from './kind.js'

/** Agents' states; written inside the scripts of the routing core. */
export const AGENT_EVENTS = {
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
} as const
