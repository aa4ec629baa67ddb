import { type Static, Type } from 'typebox'
import { CallbackKind } from './callbacks.js'
import { Code, Instant, strict } from './common.js'

/** A rate or a mean with what it was taken from; without `value` there was nothing to take it from. */
export const Figure = Type.Object({
  value: Type.Optional(Type.Number()),
  n: Type.Number(),
  base: Type.Integer(),
})
export type Figure = Static<typeof Figure>

export const CallbackFigureLine = Type.Object({
  kind: Type.Optional(CallbackKind),
  queue: Type.Optional(Code),
  figures: Type.Object({
    counts: Type.Object({
      requested: Type.Integer(),
      superseded: Type.Integer(),
      cancelled: Type.Integer(),
      completed: Type.Integer(),
      exhausted: Type.Integer(),
      expired: Type.Integer(),
      reached: Type.Integer({ description: 'the citizen answered at least once' }),
      attempts: Type.Integer(),
      attempted: Type.Integer(),
      fallen: Type.Integer({ description: 'the time of the promise has come' }),
      onTime: Type.Integer(),
      onTimeByFirstPromise: Type.Integer(),
      timeToFirstMs: Type.Integer(),
    }),
    success: Figure,
    onTime: Figure,
    onTimeByFirstPromise: Figure,
    reached: Figure,
    attemptsEach: Figure,
    timeToFirstMs: Figure,
    superseded: Figure,
  }),
})
export type CallbackFigureLine = Static<typeof CallbackFigureLine>

/** Of the call-backs that were requested in the period: one line for each kind and queue, and all together. */
export const CallbackFigures = Type.Object({
  from: Instant,
  to: Instant,
  total: CallbackFigureLine,
  lines: Type.Array(CallbackFigureLine),
})
export type CallbackFigures = Static<typeof CallbackFigures>

export const CallbackFiguresQuery = Type.Object(
  { from: Instant, to: Instant, queue: Type.Optional(Code) },
  { ...strict, description: 'at most 366 days' },
)
export type CallbackFiguresQuery = Static<typeof CallbackFiguresQuery>
