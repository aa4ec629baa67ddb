import type { AgentSnapshot, ContactSnapshot, ForgottenTalk, Presence } from '../routing/model.js'
import type { Remembered, RememberedWork } from './memory.js'

/** What tells a routing core, which lost all or its last moment, how an agent was. */
export type RestoreStep =
  /** The core has not heard that the talk is over. */
  | { readonly do: 'end_talk'; readonly contactId: string; readonly wrapMs: number; readonly endedBy: string }
  | { readonly do: 'wrap_up'; readonly talk: ForgottenTalk; readonly wrapMs: number; readonly endedBy: string }
  | { readonly do: 'stop_offers'; readonly agentId: string; readonly reason: string }
  | {
      readonly do: 'presence'
      readonly agentId: string
      readonly presence: Presence
      readonly breakReason?: string
      /** Only if nothing happened to the agent meanwhile. */
      readonly ifVersion?: number
    }

/** Of no consequence any more when the talk is over. */
const PRIORITY = 50

/**
 * An agent who writes up gets no call before the time is over, a phone that did not answer is not rung again, and nobody has to click
 * because we lost something. What the core knows from later is left as it is. PURE.
 *
 * @param remembered what this instance heard of the agent last
 * @param contact the core's contact that the agent writes up, if it has it
 * @param now epoch ms
 */
export function planRestore(
  agent: AgentSnapshot,
  remembered: Remembered,
  contact: ContactSnapshot | undefined,
  now: number,
): RestoreStep[] {
  const work = remembered.work && restoreWork(agent, remembered.work, contact, now)
  const presence = restorePresence(agent, remembered.presence)
  // Work first: an agent who becomes available is offered a call at once.
  return [...(work ? [work] : []), ...(presence ? [work ? { ...presence, ifVersion: undefined } : presence] : [])]
}

function restoreWork(
  { agentId, work }: AgentSnapshot,
  was: RememberedWork,
  contact: ContactSnapshot | undefined,
  now: number,
): RestoreStep | undefined {
  if (was.work === 'not_responding') {
    return work === 'idle' ? { do: 'stop_offers', agentId, reason: was.reason } : undefined
  }
  const wrapMs = was.wrapUntil - now
  if (wrapMs <= 0) return undefined
  const { contactId, queue, enqueuedAt, reservationId, token, endedBy } = was
  if (contact?.state === 'connected' && contact.reservationId === reservationId)
    return { do: 'end_talk', contactId, wrapMs, endedBy }
  if (contact !== undefined || work !== 'idle') return undefined
  const talk = { contactId, queue, priority: PRIORITY, enqueuedAt, reservationId, token, agentId }
  return { do: 'wrap_up', talk, wrapMs, endedBy }
}

function restorePresence(agent: AgentSnapshot, was: Remembered['presence']) {
  if (was === undefined || isSame(agent, was)) return undefined
  // Set up by an instance that knew nothing of the agent, which has said nothing since.
  const unheard = agent.presence === 'offline' && agent.presenceSince === agent.workSince
  if (!unheard && agent.presenceSince >= was.since) return undefined
  const { presence, breakReason } = was
  return { do: 'presence', agentId: agent.agentId, presence, breakReason, ifVersion: agent.version } as const
}

function isSame(
  agent: AgentSnapshot,
  { presence, breakReason }: { presence: Presence; breakReason?: string },
): boolean {
  if (agent.nextPresence === presence && agent.nextBreakReason === breakReason) return true
  return agent.presence === presence && (presence !== 'break' || agent.breakReason === breakReason)
}
