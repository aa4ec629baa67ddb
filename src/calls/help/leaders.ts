import type { CentreFile } from '../../centre/schema.js'

/** Who is asked when an agent wants help: those who lead the agent's team; a team without anybody: all who lead. PURE. */
export function leadersOf({ agents }: CentreFile, agentId: string): string[] {
  const team = agents.find(({ id }) => id === agentId)?.team
  const leaders = agents.filter(({ id, role }) => (role === 'supervisor' || role === 'admin') && id !== agentId)
  const own = leaders.filter((leader) => leader.team === team)
  return (own.length > 0 ? own : leaders).map(({ id }) => id)
}
