/** PURE. What is wrong with a centre file. */

export type Path = readonly (string | number)[]

export interface Problem {
  /** An error stops the file from being applied; a warning is only shown. */
  readonly level: 'error' | 'warning'
  readonly path: Path
  readonly message: string
  /** 1-based line in the file, where known. */
  readonly line?: number
}

export const error = (path: Path, message: string): Problem => ({ level: 'error', path, message })
export const warning = (path: Path, message: string): Problem => ({ level: 'warning', path, message })

/** `queues[2].requirement.tax`; the top is `(file)`. */
export function formatPath(path: Path): string {
  if (path.length === 0) return '(file)'
  return path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`
      const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(part)
      if (!plain) return `[${JSON.stringify(part)}]`
      return at === 0 ? part : `.${part}`
    })
    .join('')
}

/** `gaon.yaml:12: queues[0].id: error text`, as compilers print it. */
export function formatProblem(problem: Problem, file: string): string {
  const line = problem.line === undefined ? '' : `:${problem.line}`
  return `${file}${line}: ${problem.level}: ${formatPath(problem.path)}: ${problem.message}`
}
