/**
 * A choice of event types as a test: `contact.queued`, `contact.*`, `contact`, `*`; undefined: everything. PURE.
 */
export function selectTypes(types: readonly string[] | undefined): (type: string) => boolean {
  if (types === undefined || types.some((type) => type === '*' || type === '*.*')) return () => true
  const exact = new Set(types.filter((type) => type.includes('.') && !type.endsWith('.*')))
  const nouns = new Set(
    types.filter((type) => !type.includes('.') || type.endsWith('.*')).map((type) => type.split('.')[0]),
  )
  // Asked for every event and socket: the answer for each of the few types is kept.
  const known = new Map<string, boolean>()
  return (type) => {
    const before = known.get(type)
    if (before !== undefined) return before
    const wanted = exact.has(type) || nouns.has(type.split('.')[0])
    known.set(type, wanted)
    return wanted
  }
}
