import type { OpenCallback } from './context-port.js'

/** What the open call-backs of somebody who rings in mean for this call. PURE. */
export interface CallersTurn {
  /** Nobody is phoned for these any more, from now on. */
  readonly superseded: readonly OpenCallback[]
  /** For later and about the same: kept by this call once an agent has it, not by one that is hung up before. */
  readonly whenServed: readonly OpenCallback[]
  /** The place in the queue that goes on, epoch ms; absent: none was waiting. */
  readonly since?: number
  readonly priority?: number
  /** Who is wanted: whoever phones them right now, else who promised it. */
  readonly agentId?: string
  /** An agent has it already, perhaps the citizen's phone rings: this call and ours have crossed. */
  readonly crossed: boolean
}

/** domain.md section 4: priorities of a virtual hold's turn and a dropped caller, and of a welfare call's return. */
const TURN_PRIORITY = 20
const WELFARE_PRIORITY = 10
const UNDER_WAY: ReadonlySet<string> = new Set(['due', 'queued', 'offered', 'dialing'])

/**
 * A citizen who rings in supersedes what is due, under way, tried, or was asked for in the queue: phoning somebody who is on the line helps
 * nobody. What is for later in the same queue is superseded when an agent has the call. What is for later and about something else stays
 * (the agent sees it), and so does a welfare call that is not due.
 * Only what had its turn gives a place: a booking for tomorrow is no way to the head of the queue.
 * @param contactId the call; the call-back that it is itself is none of these
 */
export function callersTurn(
  open: readonly OpenCallback[],
  contactId: string,
  queue: string,
  now: number,
): CallersTurn | undefined {
  const others = open.filter((c) => c.contactId !== contactId && c.state !== 'connected')
  const superseded = others.filter((c) => hasTurn(c, now))
  const whenServed = others.filter((c) => !hasTurn(c, now) && c.queue === queue && c.kind !== 'welfare')
  if (superseded.length + whenServed.length === 0) return undefined
  const places = superseded.flatMap(({ enqueuedAt }) => enqueuedAt ?? [])
  const crossing = superseded.find(({ state, agentId }) => agentId !== undefined && CROSSING.has(state))
  const owner = [...superseded, ...whenServed].find(({ ownerAgent }) => ownerAgent !== undefined)?.ownerAgent
  const agentId = crossing?.agentId ?? owner
  return {
    superseded,
    whenServed,
    ...(places.length === 0 ? {} : { since: Math.min(now, ...places) }),
    ...(superseded.length === 0 ? {} : { priority: Math.min(...superseded.map(turnPriority)) }),
    ...(agentId === undefined ? {} : { agentId }),
    crossed: crossing !== undefined,
  }
}

const CROSSING: ReadonlySet<string> = new Set(['offered', 'dialing'])

function hasTurn(c: OpenCallback, now: number): boolean {
  return (
    c.kind === 'virtual_hold' || c.kind === 'abandoned' || UNDER_WAY.has(c.state) || c.attempts > 0 || c.dueAt <= now
  )
}

function turnPriority({ kind }: OpenCallback): number {
  return kind === 'welfare' ? WELFARE_PRIORITY : TURN_PRIORITY
}

/** The promise that this very call has asked for: it stands, whatever became of the process that wrote it. PURE. */
export function heldBy(open: readonly OpenCallback[], contactId: string): OpenCallback | undefined {
  return open.find((c) => c.kind === 'virtual_hold' && c.sourceContactId === contactId)
}
