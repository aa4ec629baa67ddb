import { queuePolicies } from '../../centre/policies.js'
import type { AgentConfig, Centre } from '../../centre/schema.js'
import type { AgentSnapshot } from '../../routing/model.js'
import { agentRoutes } from '../../routing/rank.js'
import { type Identity, permissionsFor, roleOf } from '../auth/identity.js'
import type { Agent, AgentAnswer, Me } from '../contracts/agents.js'
import { ApiError } from '../problem.js'

/** Views of people: the centre file joined with the live state. PURE. */

/** Queues each agent of the centre can serve at any relaxation step. Computed once for each version of the centre file. */
export function servingOf(centre: Centre): ReadonlyMap<string, readonly string[]> {
  const known = SERVING.get(centre)
  if (known !== undefined) return known
  const policies = queuePolicies(centre.file)
  const serving = new Map<string, readonly string[]>()
  for (const agent of centre.file.agents) {
    const queues = agentRoutes(agent.skills, policies).map(({ route }) => route.slice(0, route.lastIndexOf('/')))
    serving.set(
      agent.id,
      [...new Set(queues)].filter((queue) => queue !== ''),
    )
  }
  SERVING.set(centre, serving)
  return serving
}
const SERVING = new WeakMap<Centre, ReadonlyMap<string, readonly string[]>>()

export function viewAgent(config: AgentConfig, serving: readonly string[], state: AgentSnapshot | undefined): Agent {
  return {
    id: config.id,
    name: config.name,
    team: config.team,
    role: config.role,
    skills: { ...config.skills },
    device: config.device,
    queues: [...serving],
    state,
  }
}

export function viewAgents(centre: Centre, states: readonly AgentSnapshot[]): Agent[] {
  const byId = new Map(states.map((state) => [state.agentId, state]))
  const serving = servingOf(centre)
  return centre.file.agents.map((agent) => viewAgent(agent, serving.get(agent.id) ?? [], byId.get(agent.id)))
}

export function findAgent(centre: Centre, id: string): AgentConfig | undefined {
  return centre.file.agents.find((agent) => agent.id === id)
}

export function viewMe(identity: Identity, centre: Centre, state: AgentSnapshot | undefined): Me {
  const permissions = permissionsFor(identity, centre)
  const config = identity.kind === 'user' ? findAgent(centre, identity.id) : undefined
  return {
    id: identity.id,
    name: config?.name ?? identity.name,
    kind: identity.kind,
    role: roleOf(identity, centre) ?? identity.role,
    permissions: [...permissions],
    team: config?.team,
    device: config?.device,
    autoAnswer: config?.autoAnswer,
    queues: [...(servingOf(centre).get(config?.id ?? '') ?? [])],
    skills: config === undefined ? undefined : { ...config.skills },
    unmasked: permissions.includes('pii:read'),
    state,
  }
}

/**
 * Checks a wish for a presence against the centre file.
 * @returns the break reason to keep (none unless on a break)
 * @throws ApiError CTI_ERR_NO_DEVICE, CTI_ERR_BREAK_REASON_REQUIRED, CTI_ERR_BREAK_REASON_UNKNOWN
 */
export function checkPresence(
  centre: Centre,
  agent: AgentConfig,
  presence: string,
  breakReason: string | undefined,
): string | undefined {
  if (presence === 'available' && agent.device === undefined) throw new ApiError('CTI_ERR_NO_DEVICE')
  if (presence !== 'break') return undefined
  if (breakReason === undefined) throw new ApiError('CTI_ERR_BREAK_REASON_REQUIRED')
  if (!centre.file.breakReasons.some(({ id }) => id === breakReason)) throw new ApiError('CTI_ERR_BREAK_REASON_UNKNOWN')
  return breakReason
}

const DEVICE_DOWN = {
  ko: '전화기가 등록되어 있지 않습니다. 등록되면 배정이 시작됩니다.',
  en: 'The phone is not registered; work is offered once it is.',
}
const PENDING = { ko: '진행 중인 업무가 끝나면 적용됩니다.', en: 'Takes effect when the present work ends.' }

/** Answer of an agent command, with what keeps the wish from taking effect now. */
export function answerAgent(state: AgentSnapshot): AgentAnswer {
  if (state.nextPresence !== undefined) return { state, notice: { code: 'presence_pending', message: PENDING } }
  if (state.presence === 'available' && state.device === 'down')
    return { state, notice: { code: 'device_down', message: DEVICE_DOWN } }
  return { state }
}
