import type { Centre } from '../../centre/schema.js'
import type { AgentSnapshot } from '../../routing/model.js'
import { type Identity, roleOf } from '../auth/identity.js'
import type { Permission } from '../auth/permissions.js'

/**
 * Whose supervisions may be read: everybody's (admins, and systems with the scope), or those of the own team and by oneself. PURE.
 */
export function readableBy(
  identity: Identity,
  permissions: readonly Permission[],
  centre: Centre,
): 'all' | { readonly agents: readonly string[]; readonly supervisor: string } {
  const { id, kind } = identity
  const { file } = centre
  if (!permissions.includes('supervision:read')) return { agents: [], supervisor: id }
  if (kind === 'apiKey' || roleOf(identity, centre) === 'admin') return 'all'
  const team = file.agents.find((agent) => agent.id === id)?.team
  return { agents: file.agents.filter((agent) => agent.team === team).map((agent) => agent.id), supervisor: id }
}

/**
 * Supervisors' own states as others on the floor see it: busy, but not with whom. PURE. Otherwise everybody who looks could tell who is
 * being listened to, whatever the centre has decided.
 */
export function withoutSupervision(
  states: readonly AgentSnapshot[],
  reader: { readonly agentId?: string; readonly permissions: readonly Permission[] },
): readonly AgentSnapshot[] {
  if (reader.permissions.includes('floor:supervise')) return states
  return states.map((state) => {
    if (state.part !== 'supervision' || state.agentId === reader.agentId) return state
    const { part, contactId, reservationId, token, deadline, ...rest } = state
    return rest
  })
}
