/** One difference between two centre files. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed'
  /** `queues.tax.ringSeconds`: elements of lists are named by their id, number or date. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * PURE. What changes from one centre file to another, in the order of the files. The order of named elements counts for
 * nothing; the order of plain values (prompts, days, relaxation steps) does.
 * @param before undefined: there was none
 */
export function diffCentres(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = []
  compare(before, after, '', found)
  return found
}

/** PURE. Lines like `~ queues.tax.ringSeconds: 15 -> 20`, `+ agents.a31: {...}`. */
export function formatDifference(difference: Difference): string {
  const { kind, path, before, after } = difference
  if (kind === 'added') return `+ ${path}: ${short(after)}`
  if (kind === 'removed') return `- ${path}: ${short(before)}`
  return `~ ${path}: ${short(before)} -> ${short(after)}`
}

function compare(before: unknown, after: unknown, path: string, found: Difference[]): void {
  const left = toMap(before)
  const right = toMap(after)
  if (left && right) {
    for (const [key, value] of left) {
      if (!right.has(key)) found.push({ kind: 'removed', path: join(path, key), before: value })
    }
    for (const [key, value] of right) {
      if (left.has(key)) compare(left.get(key), value, join(path, key), found)
      else found.push({ kind: 'added', path: join(path, key), after: value })
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    if (before === undefined) found.push({ kind: 'added', path: path || 'centre file', after })
    else found.push({ kind: 'changed', path, before, after })
  }
}

/** Objects by key; lists of named things by name, other lists by index; undefined for plain values and lists of them. */
function toMap(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0 || value.some((item) => typeof item !== 'object' || item === null))
      return value.length === 0 ? new Map() : undefined
    const names = value.map(nameOf)
    const unique = names.every((name) => name !== undefined) && new Set(names).size === names.length
    return new Map(value.map((item, i) => [unique ? String(names[i]) : String(i), item]))
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
}

function nameOf(item: unknown): string | undefined {
  const { id, number, date } = item as { id?: unknown; number?: unknown; date?: unknown }
  const name = id ?? number ?? date
  return typeof name === 'string' ? name : undefined
}

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 100 ? `${text.slice(0, 97)}...` : text
}
