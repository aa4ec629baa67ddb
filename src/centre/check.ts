import { checkCallbacks, checkCallerIds } from './check-callbacks.js'
import { checkHours } from './check-hours.js'
import { checkDuplicates, checkReferences } from './check-lists.js'
import { checkPopTarget, checkRequirements } from './check-requirements.js'
import { checkSchema } from './check-schema.js'
import { toLenient } from './lenient.js'
import type { Path, Problem } from './problem.js'
import type { CentreFile } from './schema.js'

export interface Checked {
  /** Present when there is no error; warnings may remain. */
  readonly file?: CentreFile
  readonly problems: readonly Problem[]
}

/**
 * PURE. Checks a parsed centre file: its form by the schema, and what its parts say about each other.
 * @returns all problems at once, errors before warnings; the file when none of them is an error
 */
export function checkCentre(value: unknown): Checked {
  const form = checkSchema(value)
  if (form.length > 0) return { problems: [...form, ...checkDamaged(value, form)] }
  const file = value as CentreFile
  const problems = checkMeaning(file).sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'))
  return problems.some((problem) => problem.level === 'error') ? { problems } : { file, problems }
}

function checkMeaning(file: CentreFile): Problem[] {
  return [
    ...checkDuplicates(file),
    ...checkReferences(file),
    ...checkRequirements(file),
    ...checkHours(file),
    ...checkPopTarget(file),
    ...checkCallerIds(file),
    ...checkCallbacks(file),
  ]
}

/** The second look at a file with errors of form: errors only, and none about a part that was called broken already. */
function checkDamaged(value: unknown, form: readonly Problem[]): Problem[] {
  return checkMeaning(toLenient(value)).filter(
    (problem) =>
      problem.level === 'error' &&
      !form.some(({ path }) => isPrefix(path, problem.path) || isPrefix(problem.path, path)),
  )
}

function isPrefix(short: Path, long: Path): boolean {
  return short.length <= long.length && short.every((part, i) => part === long[i])
}
