import { type Static, Type } from 'typebox'
import { oneOf, strict } from './common.js'

export const CallbackImportQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ default: false, description: 'only says what would be done' })),
    mode: Type.Optional(
      oneOf(['all', 'valid'], 'all (default): one bad line and nothing is done; valid: the good lines are done'),
    ),
  },
  strict,
)
export type CallbackImportQuery = Static<typeof CallbackImportQuery>

/** A line that cannot be used. It repeats nothing of what stands there. */
export const ImportMistake = Type.Object({
  line: Type.Integer({ description: 'in the file, the first one is 1' }),
  column: Type.Optional(Type.String()),
  code: Type.String(),
  message: Type.String(),
})
export type ImportMistake = Static<typeof ImportMistake>

export const CallbackImportReport = Type.Object({
  applied: Type.Boolean({ description: 'false: nothing has changed' }),
  encoding: oneOf(['utf-8', 'cp949']),
  lines: Type.Integer({ description: 'without the header and empty lines' }),
  valid: Type.Integer(),
  created: Type.Integer(),
  existing: Type.Integer({ description: 'open for the number and queue before, or imported before: unchanged' }),
  moved: Type.Integer({ description: 'wanted in closed hours: at the next opening' }),
  mistakes: Type.Array(ImportMistake, { description: 'the first 500' }),
  moreMistakes: Type.Integer(),
})
export type CallbackImportReport = Static<typeof CallbackImportReport>
