import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'
import { error, type Path, type Problem } from './problem.js'
import { CentreSchema } from './schema.js'

/**
 * PURE. Compares a parsed file with the schema. @returns every difference, in plain words: unknown keys, missing keys,
 * wrong types, values outside their limits.
 */
export function checkSchema(value: unknown): Problem[] {
  const found = withAllErrors(() => Value.Errors(CentreSchema, value))
  const problems: Problem[] = []
  for (const item of found) {
    const path = toPath(item.instancePath, value)
    switch (item.keyword) {
      case 'boolean':
        problems.push(error(path, 'unknown key'))
        break
      case 'additionalProperties':
      case 'const':
        break // said by 'boolean' for each key, and by 'anyOf'
      case 'required':
        for (const key of item.params.requiredProperties) problems.push(error([...path, key], 'is missing'))
        break
      case 'anyOf': {
        const allowed = found.flatMap((other) =>
          other.keyword === 'const' && other.instancePath === item.instancePath
            ? [String(other.params.allowedValue)]
            : [],
        )
        problems.push(error(path, `must be one of ${[...new Set(allowed)].join(', ')}`))
        break
      }
      case 'enum':
        problems.push(error(path, `must be one of ${item.params.allowedValues.join(', ')}`))
        break
      case 'type':
        problems.push(error(path, `must be ${describeType(item.params.type, valueAt(path, value))}`))
        break
      case 'pattern':
        problems.push(error(path, `has the wrong form (must match ${item.params.pattern})`))
        break
      default:
        problems.push(error(path, item.message))
    }
  }
  return problems
}

/** The library stops at 8 errors by default; a file is reported whole. */
function withAllErrors<T>(work: () => T): T {
  const before = Settings.Get().maxErrors
  Settings.Set({ maxErrors: 10_000 })
  try {
    return work()
  } finally {
    Settings.Set({ maxErrors: before })
  }
}

/** JSON pointer -> path; numbers where the value has an array. */
function toPath(pointer: string, root: unknown): Path {
  const path: (string | number)[] = []
  let at = root
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    const key = Array.isArray(at) ? Number(part) : part
    path.push(key)
    at = (at as Record<string | number, unknown> | undefined)?.[key]
  }
  return path
}

function valueAt(path: Path, root: unknown): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], root)
}

function describeType(type: string | readonly string[], value: unknown): string {
  const wanted = typeof type === 'string' ? type : type.join(' or ')
  // 120 and 0311200120 are the classic: YAML reads them as numbers and drops the zero.
  return wanted === 'string' && typeof value === 'number' ? 'text: put it in quotes' : `of type ${wanted}`
}
