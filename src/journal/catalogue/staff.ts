import { Type } from 'typebox'
import { Id, kind, Ms } from './kind.js'

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

/** Supervision, help and messages. */
export const STAFF_EVENTS = {
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
} as const
