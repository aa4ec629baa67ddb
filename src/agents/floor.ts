import type { AnyJournalEvent } from '../journal/events.js'
import type { AgentSnapshot, Presence } from '../routing/model.js'

/**
 * What this instance knows of the floor from the journal: who is signed in, who serves which queue, how long handling takes.
 * A read model for estimates and limits only; decisions about agents are made in the routing core.
 */
export interface Floor {
  seed(agents: readonly AgentSnapshot[]): void
  /** Agent -> queues it can serve at any relaxation step. */
  setServing(serving: ReadonlyMap<string, readonly string[]>): void
  observe(event: AnyJournalEvent): void
  /** Agents signed in (available or on a break) who serve the queue. */
  signedIn(queue: string): number
  /** Agents available for work (free or busy) who serve the queue. */
  working(queue: string): number
  isAvailable(agentId: string): boolean
  /** Recent average handle time of the queue in ms. */
  handleTimeMs(queue: string): number
}

/** Until a queue has its own figure: the mean handle time of the centres in domain.md section 1, rounded. */
const FIRST_GUESS_MS = 180_000
/** Weight of the newest call in the running average. */
const NEWEST = 0.05

export function createFloor(): Floor {
  const presence = new Map<string, Presence>()
  let serving: ReadonlyMap<string, readonly string[]> = new Map()
  const handleTime = new Map<string, number>()
  const connectedAt = new Map<string, number>()

  const count = (queue: string, counts: (p: Presence) => boolean): number => {
    let n = 0
    for (const [agent, queues] of serving) {
      if (queues.includes(queue) && counts(presence.get(agent) ?? 'offline')) n++
    }
    return n
  }

  return {
    seed(agents) {
      presence.clear()
      for (const a of agents) presence.set(a.agentId, a.presence)
    },
    setServing(next) {
      serving = next
    },
    observe(event) {
      if (event.type === 'agent.presence_changed') {
        presence.set(event.data.agentId, event.data.presence as Presence)
      } else if (event.type === 'contact.connected' && event.contactId) connectedAt.set(event.contactId, event.time)
      else if (event.type === 'contact.completed' && event.contactId) {
        const began = connectedAt.get(event.contactId)
        connectedAt.delete(event.contactId)
        if (began === undefined) return
        const before = handleTime.get(event.data.queue) ?? FIRST_GUESS_MS
        handleTime.set(event.data.queue, before + NEWEST * (event.time - began - before))
      }
    },
    signedIn: (queue) => count(queue, (p) => p !== 'offline'),
    working: (queue) => count(queue, (p) => p === 'available'),
    isAvailable: (agentId) => presence.get(agentId) === 'available',
    handleTimeMs: (queue) => handleTime.get(queue) ?? FIRST_GUESS_MS,
  }
}
