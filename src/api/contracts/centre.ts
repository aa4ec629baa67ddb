import { type Static, Type } from 'typebox'
import { Code, Label } from './common.js'

const labelled = { id: Code, label: Label }

/** What pages need to show names instead of codes. */
export const CentreLabels = Type.Object({
  id: Type.String(),
  label: Label,
  timeZone: Type.String(),
  version: Type.Integer(),
  numbers: Type.Array(Type.Object({ number: Type.String(), label: Label, queue: Code })),
  queues: Type.Array(Type.Object(labelled)),
  skills: Type.Array(Type.Object({ ...labelled, kind: Type.Optional(Type.String()) })),
  teams: Type.Array(Type.Object(labelled)),
  breakReasons: Type.Array(Type.Object({ ...labelled, limitMinutes: Type.Optional(Type.Integer()) })),
  dispositions: Type.Array(Type.Object({ ...labelled, firstContact: Type.Optional(Type.Boolean()) })),
  categories: Type.Array(Type.Object({ ...labelled, department: Type.Optional(Code) })),
  departments: Type.Array(Type.Object({ ...labelled, number: Type.Optional(Type.String()) })),
})
export type CentreLabels = Static<typeof CentreLabels>
