import type { OpenCallback } from './context-port.js'

/** What the open call-backs of somebody who rings in mean for this call. PURE. */
export interface CallersTurn {
  /** Kept by this call: nobody is phoned for them any more. */
  readonly superseded: readonly OpenCallback[]
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
 * A citizen who rings in supersedes what waits in the same queue, and in any queue what is due or was tried: phoning somebody who is on the
 * line helps nobody. What is for later and about something else stays (the agent sees it), and so does a welfare call that is not due.
 * Only what had its turn gives a place: a booking for tomorrow is no way to the head of the queue.
 * @param contactId the call; the call-back that it is itself is none of these
 */
export function callersTurn(
  open: readonly OpenCallback[],
  contactId: string,
  queue: string,
  now: number,
): CallersTurn | undefined {
  const superseded = open.filter(
    (c) =>
      c.contactId !== contactId &&
      c.state !== 'connected' &&
      (hasTurn(c, now) || (c.queue === queue && c.kind !== 'welfare')),
  )
  if (superseded.length === 0) return undefined
  const waiting = superseded.filter((c) => hasTurn(c, now))
  const places = waiting.flatMap(({ enqueuedAt }) => enqueuedAt ?? [])
  const crossing = superseded.find(({ state, agentId }) => agentId !== undefined && CROSSING.has(state))
  const agentId = crossing?.agentId ?? superseded.find(({ ownerAgent }) => ownerAgent !== undefined)?.ownerAgent
  return {
    superseded,
    ...(places.length === 0 ? {} : { since: Math.min(now, ...places) }),
    ...(waiting.length === 0 ? {} : { priority: Math.min(...waiting.map(turnPriority)) }),
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
