/** Who waited in the core when the fault began. */
export interface Waiting {
  readonly contactId: string
  readonly queue: string
  readonly priority: number
  /** epoch ms */
  readonly enqueuedAt: number
}

/** How a wait went on; both undefined: it neither came to an agent nor ended. */
export interface WaitEnd {
  /** epoch ms: the ring that an agent answered. */
  readonly servedAt: number | undefined
  /** epoch ms: the caller left. */
  readonly leftAt: number | undefined
  /** Carried to the fallback queue, where places are others. */
  readonly moved: boolean
}

/** Two phones that ring within this time (ms) ring at once: several agents became free together. */
const TOGETHER_MS = 1_000

/**
 * Of those who waited, who kept the place: in the same queue with the same priority nobody who stood behind was served earlier. PURE.
 */
export function countKept(
  waiting: readonly Waiting[],
  endOf: (contactId: string) => WaitEnd,
  onOvertaken: (contactId: string) => void = () => undefined,
): number {
  const groups = new Map<string, Waiting[]>()
  for (const one of waiting) {
    const group = `${one.queue} ${one.priority}`
    groups.set(group, [...(groups.get(group) ?? []), one])
  }
  let kept = 0
  for (const group of groups.values()) {
    for (const { contactId, enqueuedAt } of group) {
      const { servedAt, leftAt, moved } = endOf(contactId)
      const at = servedAt ?? leftAt
      if (moved || at === undefined) continue
      const overtaken = group.some((other) => {
        const end = endOf(other.contactId)
        const earlier = !end.moved && end.servedAt !== undefined && end.servedAt < at - TOGETHER_MS
        return other.enqueuedAt > enqueuedAt && earlier
      })
      if (overtaken) onOvertaken(contactId)
      else kept += 1
    }
  }
  return kept
}
