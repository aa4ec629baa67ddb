import type { AnyJournalEvent } from '../journal/events.js'
import type { AgentSnapshot, ContactSnapshot, Presence } from '../routing/model.js'

/** What an agent chose last. `since`: epoch ms */
export interface RememberedPresence {
  readonly presence: Presence
  readonly breakReason?: string
  readonly since: number
}

/** Work that only the routing core knows: no channel of the PBX tells of it. */
export type RememberedWork =
  | {
      readonly work: 'wrapping'
      readonly contactId: string
      readonly reservationId: string
      readonly token: number
      readonly queue: string
      readonly enqueuedAt: number
      readonly endedBy: string
      readonly wrapUntil: number
    }
  | { readonly work: 'not_responding'; readonly reason: string }

export interface Remembered {
  readonly presence?: RememberedPresence
  readonly work?: RememberedWork
}

/**
 * What this instance last heard of each agent, so that it can be told to a Redis that has lost it. Talks are not remembered: their
 * channels stand in the PBX.
 */
export class AgentMemory {
  readonly #agents = new Map<string, Remembered>()
  /** When the caller of the agent's present talk had begun to wait. */
  readonly #enqueuedAt = new Map<string, number>()

  get(agentId: string): Remembered {
    return this.#agents.get(agentId) ?? {}
  }

  /** The moment as it is in Redis; what was remembered before is void. */
  seed(agents: readonly AgentSnapshot[], contacts: readonly ContactSnapshot[]): void {
    this.#agents.clear()
    this.#enqueuedAt.clear()
    const byId = new Map(contacts.map((contact) => [contact.contactId, contact]))
    for (const a of agents) {
      const contact = byId.get(a.contactId ?? '')
      if (contact) this.#enqueuedAt.set(a.agentId, contact.enqueuedAt)
      const presence = { presence: a.presence, breakReason: a.breakReason, since: a.presenceSince }
      this.#agents.set(a.agentId, { presence, work: workOf(a, contact) })
    }
  }

  observe(event: AnyJournalEvent): void {
    if (event.type === 'agent.presence_changed') {
      const { agentId, presence, breakReason, since } = event.data
      this.#set(agentId, { presence: { presence: presence as Presence, breakReason, since } })
    } else if (event.type === 'contact.connected') this.#enqueuedAt.set(event.data.agentId, event.data.enqueuedAt)
    else if (event.type === 'contact.wrapping' && event.contactId !== undefined) {
      const { agentId, reservationId, token, queue, endedBy, wrapUntil } = event.data
      const enqueuedAt = this.#enqueuedAt.get(agentId) ?? event.time
      const talk = { contactId: event.contactId, reservationId, token, queue, enqueuedAt }
      this.#set(agentId, { work: { work: 'wrapping', ...talk, endedBy, wrapUntil } })
    } else if (event.type === 'agent.work_changed') this.#hear(event.data)
  }

  #hear(data: { agentId: string; work: string; reason?: string; contactId?: string; wrapUntil?: number }): void {
    const { agentId, work, reason = '', contactId, wrapUntil } = data
    const before = this.get(agentId).work
    if (work === 'not_responding') this.#set(agentId, { work: { work, reason } })
    else if (work === 'wrapping' && before?.work === 'wrapping' && before.contactId === contactId)
      this.#set(agentId, { work: { ...before, wrapUntil: wrapUntil ?? before.wrapUntil } })
    else if (before !== undefined) this.#set(agentId, { work: undefined })
  }

  #set(agentId: string, what: Remembered): void {
    this.#agents.set(agentId, { ...this.get(agentId), ...what })
  }
}

function workOf(agent: AgentSnapshot, contact: ContactSnapshot | undefined): RememberedWork | undefined {
  const { work, workReason = '', reservationId, token, wrapUntil } = agent
  if (work === 'not_responding') return { work, reason: workReason }
  if (work !== 'wrapping' || !contact || reservationId === undefined || token === undefined || wrapUntil === undefined)
    return undefined
  const { contactId, queue, enqueuedAt } = contact
  return { work, contactId, reservationId, token, queue, enqueuedAt, endedBy: 'system', wrapUntil }
}
