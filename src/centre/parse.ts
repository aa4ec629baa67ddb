import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { type Checked, checkCentre } from './check.js'
import type { Path, Problem } from './problem.js'

/**
 * PURE. Reads the text of a centre file (YAML 1.2; JSON is YAML too) and checks it.
 * @returns the file when it has no error, and all problems with their lines, in the order of the file
 */
export function parseCentre(text: string): Checked {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true })
  const broken = [...document.errors, ...document.warnings].map(
    (issue): Problem => ({ level: 'error', path: [], message: issue.message, line: lines.linePos(issue.pos[0]).line }),
  )
  if (broken.length > 0) return { problems: broken }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return {
      problems: [
        { level: 'error', path: [], message: error instanceof Error ? error.message : String(error), line: 1 },
      ],
    }
  }
  const checked = checkCentre(value)
  const problems = checked.problems
    .map((problem) => ({ ...problem, line: lineOf(document.contents, problem.path, lines) }))
    .sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning') || a.line - b.line)
  return { ...checked, problems }
}

/** Line of the key (or list element) at a path; of the nearest part above when the path itself is missing in the text. */
function lineOf(root: Node | null, path: Path, lines: LineCounter): number {
  let at: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const part of path) {
    let next: unknown
    if (isMap(at)) {
      const pair = at.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      )
      const key = pair?.key as Node | undefined
      if (!pair || !key?.range) break
      offset = key.range[0]
      next = pair.value
    } else if (isSeq(at) && typeof part === 'number') {
      next = at.items[part]
      const range = (next as Node | undefined)?.range
      if (!range) break
      offset = range[0]
    } else break
    at = next
  }
  return lines.linePos(offset).line
}
