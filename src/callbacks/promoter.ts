import { queuePolicies } from '../centre/policies.js'
import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { RoutingCore } from '../routing/core-port.js'
import type { AgentSnapshot } from '../routing/model.js'
import { agentRoutes } from '../routing/rank.js'
import type { DueRows } from './due-rows.js'
import { openNow } from './hours.js'
import type { Callback } from './model.js'
import { chooseTurns, type FreeAgent } from './order.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'

/** Any number that no other program locks: one instance decides at a time. */
const LOCK = 1_200_122
const PER_KIND = 200
const QUEUED = 1_000

export interface PromoterDeps {
  readonly postgres: Postgres
  readonly store: Pick<CallbackStore, 'inStates'>
  readonly rows: DueRows
  readonly routing: Pick<RoutingCore, 'listAgents' | 'getContact'>
  readonly centre: CentrePort
  readonly clock: Clock
  /** Puts one into the routing core. */
  readonly enqueue: EnqueueCallback
  /** Are the live callers of this queue served badly now? */
  readonly isTroubled: (queue: string, now: number) => boolean
}

/** Which queues each agent serves at some step of relaxation. */
type Serving = ReadonlyMap<string, ReadonlySet<string>>

/**
 * One round: the due call-backs whose turn it is enter the routing core. Under one lock of PostgreSQL, so that several instances together
 * never put in more than there are agents; the lock goes with the connection when the process dies.
 * @returns how many were put in; undefined when another instance is at it
 * @throws when PostgreSQL or Redis is away; those that were put in before are in
 */
export function createPromoter(deps: PromoterDeps): () => Promise<number | undefined> {
  const { postgres, store, rows, routing, centre, clock, enqueue, isTroubled } = deps
  let serving: { version: number; map: Serving } | undefined

  const servingNow = (): Serving => {
    const { version, file } = centre.current()
    if (serving?.version === version) return serving.map
    const policies = queuePolicies(file)
    const queuesOf = (skills: Readonly<Record<string, number>>) =>
      new Set(agentRoutes(skills, policies).map(({ route }) => route.slice(0, route.lastIndexOf('/'))))
    const map = new Map(file.agents.map(({ id, skills }) => [id, queuesOf(skills)]))
    serving = { version, map }
    return map
  }

  /** Rows that wait, as far as the core has not found them an agent yet (the row hears of that a moment later). */
  const waitingOnes = async (): Promise<readonly Callback[]> => {
    const queued = await store.inStates(['queued'], QUEUED)
    const contacts = await Promise.all(
      queued.map(({ contactId }) => (contactId === undefined ? undefined : routing.getContact(contactId))),
    )
    return queued.filter((_, i) => (contacts[i]?.state ?? 'queued') === 'queued')
  }

  const round = async (): Promise<number> => {
    const now = clock()
    const { file } = centre.current()
    const due = (await rows.candidates(PER_KIND)).filter(openNow(file, now))
    if (due.length === 0) return 0
    const waiting = await waitingOnes()
    // After those: an agent who got one of them meanwhile is not free, and the call-back counts as waiting, so there is none too many.
    const agents = await routing.listAgents()
    const map = servingNow()
    const queues = new Set(due.map(({ queue }) => queue))
    const chosen = chooseTurns(file, {
      now,
      due,
      waiting,
      free: freeAgents(agents, map),
      atWork: atWork(agents, map),
      troubled: new Set([...queues].filter((queue) => isTroubled(queue, now))),
    })
    let put = 0
    for (const callback of chosen) if (await enqueue(callback, now)) put += 1
    return put
  }

  return () =>
    postgres.transaction(async (client) => {
      const { rows: locks } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS locked',
        [LOCK],
      )
      return locks[0]?.locked === true ? round() : undefined
    })
}

function freeAgents(agents: readonly AgentSnapshot[], serving: Serving): FreeAgent[] {
  return agents
    .filter(({ presence, work, device }) => presence === 'available' && work === 'idle' && device === 'up')
    .map(({ agentId }) => ({ agentId, queues: serving.get(agentId) ?? new Set() }))
}

function atWork(agents: readonly AgentSnapshot[], serving: Serving): ReadonlyMap<string, number> {
  const count = new Map<string, number>()
  for (const { agentId, presence, work, device } of agents) {
    if (presence !== 'available' || work === 'not_responding' || device === 'down') continue
    for (const queue of serving.get(agentId) ?? []) count.set(queue, (count.get(queue) ?? 0) + 1)
  }
  return count
}
