import { type Static, Type } from 'typebox'
import { oneOf } from './common.js'

export const Live = Type.Object({ status: oneOf(['ok']) })
export type Live = Static<typeof Live>
export const Ready = Type.Object({
  status: oneOf(
    ['ready', 'degraded', 'not_ready'],
    'degraded: calls flow, something that is not needed for them is away',
  ),
  version: Type.String(),
  dependencies: Type.Array(
    Type.Object({
      name: Type.String(),
      ok: Type.Boolean(),
      required: Type.Boolean(),
      detail: Type.Optional(Type.String()),
      ms: Type.Number(),
    }),
  ),
})
export type Ready = Static<typeof Ready>
