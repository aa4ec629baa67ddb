import type { AgentSnapshot, ContactSnapshot, QueueContact, QueuePolicy, QueueSnapshot, Reservation } from './model.js'
import { meetsRequirement } from './rank.js'
import { ReferenceMoves, refuse } from './reference-moves.js'
import {
  agentSnapshot,
  compareIds,
  contactSnapshot,
  isFree,
  type RefAgent,
  type RefContact,
  type RefPromise,
  type Stage,
} from './reference-state.js'

export interface Ref {
  readonly reservationId: string
  readonly token: number
}
export interface Result {
  reservations: Reservation[]
}
export interface AgentResult extends Result {
  agent: AgentSnapshot
}

/** What the reference's commands look up, and the pictures it gives of its state. */
export class ReferenceLookup extends ReferenceMoves {
  readonly #policies: ReadonlyMap<string, QueuePolicy>

  constructor(policies: readonly QueuePolicy[]) {
    super()
    this.#policies = new Map(policies.map((policy) => [policy.id, policy]))
  }

  snapshot(queues: readonly string[]): {
    seq: number
    agents: AgentSnapshot[]
    contacts: ContactSnapshot[]
    queues: QueueSnapshot[]
  } {
    const agents = [...this.agents.values()].sort((x, y) => compareIds(x.id, y.id))
    const contacts = [...this.contacts.values()].sort((x, y) => compareIds(x.id, y.id))
    return {
      seq: this.journal.length,
      agents: agents.map(agentSnapshot),
      contacts: contacts.map(contactSnapshot),
      queues: queues.map((queue) => this.queueState(queue)),
    }
  }

  protected stagesOf(q: Omit<QueueContact, 'routes'>): Stage[] {
    const delay = q.preferredAgent === undefined ? 0 : (q.preferMs ?? 0)
    const general = (this.#policies.get(q.queue)?.steps ?? []).map((step, i) => ({
      route: `${q.queue}/${i}`,
      afterMs: step.afterMs + delay,
      requirement: step.requirement,
    }))
    if (q.preferredAgent === undefined) return general
    return [{ route: `@${q.preferredAgent}`, afterMs: 0, agent: q.preferredAgent }, ...general]
  }

  protected contactOf(id: string): RefContact {
    return this.contacts.get(id) ?? refuse('CTI_ERR_CONTACT_NOT_FOUND')
  }

  protected agentOf(id: string, ifVersion?: number): RefAgent {
    const a = this.agents.get(id) ?? refuse('CTI_ERR_AGENT_NOT_FOUND')
    if (ifVersion !== undefined && ifVersion !== a.version) refuse('CTI_ERR_VERSION_MISMATCH')
    return a
  }

  protected isKnown(reservationId: string): boolean {
    return (
      this.ended.has(reservationId) ||
      [...this.contacts.values()].some((c) => c.promise?.id === reservationId) ||
      [...this.agents.values()].some((a) => a.side?.id === reservationId)
    )
  }

  /** The agent whose part in a contact this names; undefined when it names none. */
  protected sideOf(p: Ref, agentId?: string): RefAgent | undefined {
    const a = [...this.agents.values()].find((agent) => agent.side?.id === p.reservationId)
    if (a === undefined) return undefined
    if (a.side!.token !== p.token) refuse('CTI_ERR_RESERVATION_STALE')
    if (agentId !== undefined && a.id !== agentId) refuse('CTI_ERR_RESERVATION_OTHER_AGENT')
    return a
  }

  /** @throws RoutingError as `live`, or because it is a contact's own promise */
  protected requireSide(p: Ref): RefAgent {
    const a = this.sideOf(p)
    if (a !== undefined) return a
    this.live(p)
    return refuse('CTI_ERR_CONTACT_WRONG_STATE')
  }

  protected live(p: Ref, agentId?: string): { c: RefContact; promise: RefPromise } {
    if ([...this.agents.values()].some((a) => a.side?.id === p.reservationId)) refuse('CTI_ERR_CONTACT_WRONG_STATE')
    const c = [...this.contacts.values()].find((contact) => contact.promise?.id === p.reservationId)
    const found = c?.promise ?? this.ended.get(p.reservationId) ?? refuse('CTI_ERR_RESERVATION_NOT_FOUND')
    if (found.token !== p.token) refuse('CTI_ERR_RESERVATION_STALE')
    const owner = 'agent' in found ? found.agent.id : found.agentId
    if (agentId !== undefined && owner !== agentId) refuse('CTI_ERR_RESERVATION_OTHER_AGENT')
    return c === undefined ? refuse('CTI_ERR_RESERVATION_EXPIRED') : { c, promise: c.promise! }
  }

  protected endedAs(p: Ref, state: string, agentId?: string): boolean {
    const t = this.ended.get(p.reservationId)
    return t?.state === state && t.token === p.token && (agentId === undefined || t.agentId === agentId)
  }

  protected waitingIn(queue: string): RefContact[] {
    return [...this.contacts.values()].filter((c) => c.queue === queue && c.state === 'queued')
  }

  protected queueState(queue: string): QueueSnapshot {
    const waiting = this.waitingIn(queue)
    const steps = this.#policies.get(queue)?.steps ?? []
    const serves = (a: RefAgent): boolean => steps.some((step) => meetsRequirement(a.skills, step.requirement))
    return {
      queue,
      waiting: waiting.length,
      ...(waiting.length === 0 ? {} : { oldest: Math.min(...waiting.map((c) => c.enqueuedAt)) }),
      free: [...this.agents.values()].filter((a) => isFree(a) && serves(a)).length,
    }
  }

  protected agentResult(agentId: string): AgentResult {
    const a = this.agents.get(agentId)
    const gone = {
      agentId,
      presence: 'offline',
      work: 'idle',
      device: 'down',
      presenceSince: 0,
      workSince: 0,
      version: 0,
    } as const
    return { reservations: this.made, agent: a === undefined ? gone : agentSnapshot(a) }
  }
}
