import { hasResidentNumber } from '../context/mask.js'

/** A whole value that is an international phone number: 13 digits of one may look like a resident registration number. */
const INTERNATIONAL = /^\+[0-9() .-]+$/
const MOST_FOUND = 20

/** JSON pointers of the texts anywhere in a value that hold a resident registration number (domain.md section 5). PURE. */
export function findResidentNumbers(value: unknown, pointer = ''): string[] {
  if (typeof value === 'string') return hasResidentNumber(value) && !INTERNATIONAL.test(value) ? [pointer] : []
  // A file has its own look at its lines.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.entries(value)
    .flatMap(([key, each]) =>
      findResidentNumbers(each, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    )
    .slice(0, MOST_FOUND)
}
