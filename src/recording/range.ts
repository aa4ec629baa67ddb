/** A part of a file, both ends included. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/**
 * PURE. The Range header of a request (RFC 9110, 14.1.2) for a file of this length. One range of bytes is answered; several at once, or
 * words that are no range, are answered by the whole file, as the RFC allows.
 * @returns undefined: the whole file
 */
export function parseRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? '')
  const [, first = '', last = ''] = match ?? []
  if (!match || (first === '' && last === '')) return undefined
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 || length === 0 ? 'unsatisfiable' : { from: Math.max(0, length - suffix), to: length - 1 }
  }
  const from = Number(first)
  if (last !== '' && Number(last) < from) return undefined
  if (from >= length) return 'unsatisfiable'
  return { from, to: last === '' ? length - 1 : Math.min(Number(last), length - 1) }
}
