import type { AgentConfig, Centre } from '../../centre/schema.js'
import { ApiError } from '../problem.js'
import type { Identity } from './identity.js'

/** What a person sees of the house where the centre file narrows it. PURE. */
export interface Scope {
  /** Tickets of this department only; empty: of none. */
  readonly department?: string
  /** Floor and record of these agents and queues only. */
  readonly floor?: { readonly agents: ReadonlySet<string>; readonly queues: ReadonlySet<string> }
}

const WHOLE: Scope = {}

/** Whoever stands in the centre file with `sees` has these teams and queues; an officer has the own department. */
export function scopeOf(identity: Identity, centre: Centre): Scope {
  const person = identity.kind === 'user' ? personOf(identity.id, centre) : undefined
  if (person?.role === 'officer') return { department: person.department ?? '' }
  if (person?.sees === undefined) return WHOLE
  return floorOf(person, centre)
}

const FLOORS = new WeakMap<AgentConfig, Scope>()

/** Asked for every event and request: made once for each person of a centre file in force. */
function floorOf(person: AgentConfig, centre: Centre): Scope {
  const known = FLOORS.get(person)
  if (known !== undefined) return known
  const teams = new Set(person.sees?.teams ?? [])
  const agents = centre.file.agents.filter(({ id, team }) => teams.has(team) || id === person.id).map(({ id }) => id)
  const scope = { floor: { agents: new Set(agents), queues: new Set(person.sees?.queues ?? []) } }
  FLOORS.set(person, scope)
  return scope
}

function personOf(id: string, centre: Centre): AgentConfig | undefined {
  return centre.file.agents.find((agent) => agent.id === id)
}

/** Is this agent, or this queue, one that the scope shows? */
export function shows({ floor }: Scope, about: { readonly agentId?: string; readonly queue?: string }): boolean {
  if (floor === undefined) return true
  return (
    (about.agentId !== undefined && floor.agents.has(about.agentId)) ||
    (about.queue !== undefined && floor.queues.has(about.queue))
  )
}

/** @throws ApiError CTI_ERR_FORBIDDEN: somebody else's team or queue */
export function requireShown(scope: Scope, about: { readonly agentId?: string; readonly queue?: string }): void {
  if (!shows(scope, about)) throw new ApiError('CTI_ERR_FORBIDDEN', 'This is not one of the teams and queues you see.')
}
