import type { CentreFile } from '../centre/schema.js'
import type { Callback } from './model.js'
import { policyOf, queuePriority } from './policy.js'

/** An agent who is free now, with the queues whose contacts the agent may get at some step of relaxation. */
export interface FreeAgent {
  readonly agentId: string
  readonly queues: ReadonlySet<string>
}

/** The moment in which is decided whose turn it is. */
export interface Turn {
  readonly now: number
  /** In state `due`, at an hour at which they may be phoned. */
  readonly due: readonly Callback[]
  /** Call-backs that wait in the routing core and have no agent yet. */
  readonly waiting: readonly Pick<Callback, 'queue' | 'ownerAgent' | 'ownerUntil'>[]
  readonly free: readonly FreeAgent[]
  /** Agents at work (free or busy) for each queue. */
  readonly atWork: ReadonlyMap<string, number>
  /** Queues whose live callers are served badly at present (queue-trouble.ts). */
  readonly troubled: ReadonlySet<string>
}

/** So shortly before its promise is over a call-back takes its place in the queue even when nobody is free. */
export const AT_RISK_MS = 10 * 60_000

/**
 * Which due call-backs enter the routing core now, in this order. PURE (domain.md section 4).
 *
 * - Virtual hold: all of them; they have had their place there from the beginning.
 * - The others: as many as there are free agents for them, each with an agent of its own, those that wait in the core already counted. So
 *   there are never more call-backs under way than agents free for them, and an agent who serves several queues counts once.
 * - A promise whose time is nearly over waits in the core like a caller who came when it fell due, free agents or not: else a centre that
 *   is never idle would never keep it. No more of them than agents at work for the queue; nothing is dialled before an agent has it.
 * - Kinds that hold back (abandoned, booked) stand aside while live callers of their queue are served badly.
 * - Until `ownerUntil` a call-back is its owner's alone.
 */
export function chooseTurns(file: CentreFile, turn: Turn): readonly Callback[] {
  const agents = new Map(turn.free.map((agent) => [agent.agentId, agent]))
  const waiting = new Map<string, number>()
  for (const one of turn.waiting) {
    takeAgent(agents, one, turn.now)
    waiting.set(one.queue, (waiting.get(one.queue) ?? 0) + 1)
  }
  const chosen: Callback[] = []
  const due = inOrder(file, turn.due)
  const urgent = urgentOnes(due, turn.now)
  for (const callback of due) {
    if (!mayGo(file, callback, turn, agents, waiting, urgent)) continue
    chosen.push(callback)
    waiting.set(callback.queue, (waiting.get(callback.queue) ?? 0) + 1)
  }
  return chosen
}

function mayGo(
  file: CentreFile,
  callback: Callback,
  turn: Turn,
  agents: Map<string, FreeAgent>,
  waiting: ReadonlyMap<string, number>,
  urgent: ReadonlySet<Callback>,
): boolean {
  if (callback.kind === 'virtual_hold') {
    takeAgent(agents, callback, turn.now)
    return true
  }
  if (policyOf(file, callback.kind).holdBack) {
    return !turn.troubled.has(callback.queue) && takeAgent(agents, callback, turn.now)
  }
  if (takeAgent(agents, callback, turn.now)) return true
  if (!urgent.has(callback) || isOwnersAlone(callback, turn.now)) return false
  return (waiting.get(callback.queue) ?? 0) < (turn.atWork.get(callback.queue) ?? 0)
}

/** Those whose promise is nearly over, and those ahead of them, whom they must not overtake. */
function urgentOnes(due: readonly Callback[], now: number): ReadonlySet<Callback> {
  const queues = new Set<string>()
  const urgent = new Set<Callback>()
  for (const callback of [...due].reverse()) {
    const group = `${callback.kind} ${callback.queue}`
    if (now >= callback.promisedAt - AT_RISK_MS) queues.add(group)
    if (queues.has(group)) urgent.add(callback)
  }
  return urgent
}

/** By priority band, then by due time; abandoned ones newest first. */
export function inOrder(file: CentreFile, due: readonly Callback[]): readonly Callback[] {
  const band = (callback: Callback) => policyOf(file, callback.kind).priority ?? queuePriority(file, callback.queue)
  const place = (callback: Callback) => (callback.kind === 'abandoned' ? -callback.requestedAt : callback.dueAt)
  // Ids rise with time: of those found in one go the newest is the last.
  const byId = (a: Callback, b: Callback) => (a.id < b.id ? -1 : 1) * (a.kind === 'abandoned' ? -1 : 1)
  return [...due].sort((a, b) => band(a) - band(b) || place(a) - place(b) || byId(a, b))
}

type Wish = Pick<Callback, 'queue' | 'ownerAgent' | 'ownerUntil'>

function isOwnersAlone(wish: Wish, now: number): boolean {
  return wish.ownerAgent !== undefined && wish.ownerUntil !== undefined && now < wish.ownerUntil
}

/** Takes an agent for it off the list: the owner first, else the one who serves the fewest queues. */
function takeAgent(agents: Map<string, FreeAgent>, wish: Wish, now: number): boolean {
  const owner = wish.ownerAgent === undefined ? undefined : agents.get(wish.ownerAgent)
  let best = owner?.queues.has(wish.queue) === true ? owner : undefined
  if (!best && !isOwnersAlone(wish, now)) {
    for (const agent of agents.values())
      if (agent.queues.has(wish.queue) && (!best || agent.queues.size < best.queues.size)) best = agent
  }
  return best !== undefined && agents.delete(best.agentId)
}
