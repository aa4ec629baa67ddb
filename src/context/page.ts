import { StoreError } from '../platform/postgres/errors.js'

/** One page of a search; `nextCursor` is absent on the last one. */
export interface Page<T> {
  readonly items: T[]
  readonly nextCursor?: string
}

export const DEFAULT_LIMIT = 30
const MOST = 100

/** How many rows a search may return: within 1 and 100. */
export function pageLimit(limit: number | undefined): number {
  return Math.min(Math.max(Math.trunc(limit ?? DEFAULT_LIMIT), 1), MOST)
}

/** Makes an opaque cursor of the sort key of the last row. */
export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url')
}

/**
 * Reads a cursor back.
 * @param length how many parts the sort key has
 * @throws StoreError CTI_ERR_CURSOR_INVALID
 */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    const fits =
      Array.isArray(key) &&
      key.length === length &&
      key.every((part) => typeof part === 'string' && !part.includes('\0'))
    if (fits) return key as string[]
  } catch {
    // told below
  }
  throw new StoreError('CTI_ERR_CURSOR_INVALID', 'The cursor is not one of ours.')
}

/** Cuts the one row too many that a search asked for, and points at the next page. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  map: (row: R) => T,
  keyOf: (row: R) => readonly string[],
): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const page = { items: items.map(map) }
  return rows.length > limit && last !== undefined ? { ...page, nextCursor: encodeCursor(keyOf(last)) } : page
}
