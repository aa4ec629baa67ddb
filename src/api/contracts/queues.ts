import { type Static, Type } from 'typebox'
import { Code, EpochMs, Label, SkillLevels } from './common.js'

export const QueueLive = Type.Object({
  waiting: Type.Integer(),
  oldest: Type.Optional(EpochMs),
  free: Type.Integer({ description: 'agents free for this queue now' }),
  talking: Type.Integer(),
  agents: Type.Integer({ description: 'agents with presence available that could serve it' }),
})
export type QueueLive = Static<typeof QueueLive>

export const Queue = Type.Object({
  id: Code,
  label: Label,
  requirement: SkillLevels,
  priority: Type.Integer(),
  relaxation: Type.Array(Type.Object({ afterSeconds: Type.Integer(), requirement: SkillLevels })),
  serviceLevel: Type.Optional(Type.Object({ seconds: Type.Integer(), target: Type.Number() })),
  live: QueueLive,
})
export type Queue = Static<typeof Queue>
export const QueueList = Type.Object({ items: Type.Array(Queue), epoch: Type.String(), seq: Type.Integer() })
export type QueueList = Static<typeof QueueList>
