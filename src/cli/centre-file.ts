import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseCentre } from '../centre/parse.js'
import { formatProblem } from '../centre/problem.js'
import type { CentreFile } from '../centre/schema.js'
import { CliError, type Io } from './io.js'

/** Reads and checks a centre file; prints every problem. @throws CliError (exit code 2) when it has errors. */
export async function readCentreFile(path: string, io: Io): Promise<CentreFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${path} cannot be read (${error.code ?? 'error'})`)
  })
  const { file, problems } = parseCentre(text)
  for (const problem of problems) io.err(`${formatProblem(problem, basename(path))}\n`)
  const errors = problems.filter((problem) => problem.level === 'error').length
  if (!file) throw new CliError(`CTI_ERR_CENTRE_INVALID: ${errors} error(s), nothing was changed`)
  return file
}
