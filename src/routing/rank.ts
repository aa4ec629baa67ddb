import type { AgentRoute, QueuePolicy, Requirement, Skills } from './model.js'
import { routeId } from './relax.js'

/** Ranks above this count as this: it keeps an agent's score in a route inside what a double holds exactly. */
export const MAX_RANK = 99

/**
 * Tells whether an agent may get a contact with this requirement.
 * @param skills what the agent can do, skill code -> level 1-5
 * @param requirement what is needed at least; an empty one is met by everybody
 */
export function meetsRequirement(skills: Skills, requirement: Requirement): boolean {
  return Object.entries(requirement).every(([skill, level]) => levelOf(skills, skill) >= level)
}

/**
 * How good the agent is for the requirement: the sum of the agent's levels of the required skills, higher is better
 * (domain.md section 4, "highest level of the required skills"). Capped at MAX_RANK.
 */
export function rankAgent(skills: Skills, requirement: Requirement): number {
  const sum = Object.keys(requirement).reduce((total, skill) => total + levelOf(skills, skill), 0)
  return Math.min(sum, MAX_RANK)
}

/**
 * The routes an agent serves: one for each relaxation step of each queue whose requirement the agent meets.
 * The personal route (`@agent`) is not listed; the core adds it by itself.
 */
export function agentRoutes(skills: Skills, policies: readonly QueuePolicy[]): AgentRoute[] {
  return policies.flatMap((policy) =>
    policy.steps.flatMap((step, index) =>
      meetsRequirement(skills, step.requirement)
        ? [{ route: routeId(policy.id, index), rank: rankAgent(skills, step.requirement) }]
        : [],
    ),
  )
}

/** Own properties only: a skill called like a method of Object is no skill that the agent has. */
function levelOf(skills: Skills, skill: string): number {
  return Object.hasOwn(skills, skill) ? (skills[skill] ?? 0) : 0
}
