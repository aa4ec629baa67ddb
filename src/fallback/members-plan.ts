import type { AgentSnapshot } from '../routing/model.js'
import type { FallbackMember } from './port.js'

/** Whether a signed-in agent's phone may be rung by the fallback queue. */
export type Readiness = 'available' | 'break'

export type MemberStep =
  | { readonly do: 'add'; readonly device: string; readonly paused: boolean }
  | { readonly do: 'pause'; readonly device: string; readonly paused: boolean }
  | { readonly do: 'remove'; readonly device: string }

/** The phones of those who are signed in, as members of this node's queue. PURE. @param devices agent -> PJSIP endpoint @param node this one */
export function wantedMembers(
  agents: readonly AgentSnapshot[],
  devices: ReadonlyMap<string, string>,
  node: string,
): ReadonlyMap<string, Readiness> {
  const wanted = new Map<string, Readiness>()
  for (const { agentId, presence, deviceNodes: [home = node] = [] } of agents) {
    const device = devices.get(agentId)
    if (device !== undefined && presence !== 'offline')
      wanted.set(home === node ? device : `${device}@${home}`, presence)
  }
  return wanted
}

/**
 * What makes the fallback queue ring those who are signed in. Members of the PBX's configuration ring only while nobody is available:
 * they are for an empty centre. PURE. Who is to ring comes first, so that a death in between leaves too many rather than nobody.
 */
export function planMembers(wanted: ReadonlyMap<string, Readiness>, present: readonly FallbackMember[]): MemberStep[] {
  const somebody = [...wanted.values()].includes('available')
  const known = new Set(present.map((member) => member.device))
  const steps: MemberStep[] = []
  for (const [device, readiness] of wanted) {
    if (!known.has(device)) steps.push({ do: 'add', device, paused: readiness === 'break' })
  }
  for (const { device, fixed, paused } of present) {
    const readiness = wanted.get(device)
    if (readiness === undefined && !fixed) steps.push({ do: 'remove', device })
    else {
      const pause = readiness === undefined ? somebody : readiness === 'break'
      if (pause !== paused) steps.push({ do: 'pause', device, paused: pause })
    }
  }
  return steps.sort((a, b) => Number(isLess(a)) - Number(isLess(b)))
}

const isLess = (step: MemberStep): boolean => step.do === 'remove' || step.paused
