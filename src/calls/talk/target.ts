import { isOpen } from '../../centre/hours.js'
import type { CentreFile } from '../../centre/schema.js'
import { mayBeCalled } from './outside-number.js'

/** Whom a call is to go to, or who is to come into it. */
export type Target =
  | { readonly agent: string }
  | { readonly queue: string }
  | { readonly department: string }
  | { readonly number: string }

export type FoundTarget =
  | { readonly kind: 'agent'; readonly agentId: string }
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'outside'; readonly number: string; readonly department?: string }

export type TargetError =
  | 'CTI_ERR_AGENT_NOT_FOUND'
  | 'CTI_ERR_AGENT_WRONG_STATE'
  | 'CTI_ERR_NO_DEVICE'
  | 'CTI_ERR_QUEUE_NOT_FOUND'
  | 'CTI_ERR_QUEUE_CLOSED'
  | 'CTI_ERR_DEPARTMENT_UNKNOWN'
  | 'CTI_ERR_DEPARTMENT_NO_NUMBER'
  | 'CTI_ERR_NUMBER_NOT_ALLOWED'

/**
 * Finds a target in the centre file. PURE.
 * @param own the agent who has the call
 * @param now epoch ms
 */
export function findTarget(
  file: CentreFile,
  target: Target,
  own: string | undefined,
  now: number,
): FoundTarget | { readonly refused: TargetError } {
  if ('agent' in target) {
    const agent = file.agents.find(({ id }) => id === target.agent)
    if (!agent) return { refused: 'CTI_ERR_AGENT_NOT_FOUND' }
    if (agent.device === undefined) return { refused: 'CTI_ERR_NO_DEVICE' }
    return agent.id === own ? { refused: 'CTI_ERR_AGENT_WRONG_STATE' } : { kind: 'agent', agentId: agent.id }
  }
  if ('queue' in target) {
    if (!file.queues.some(({ id }) => id === target.queue)) return { refused: 'CTI_ERR_QUEUE_NOT_FOUND' }
    return isOpen(file, target.queue, now)
      ? { kind: 'queue', queue: target.queue }
      : { refused: 'CTI_ERR_QUEUE_CLOSED' }
  }
  if ('number' in target) return outside(target.number.replaceAll('-', ''))
  const department = file.departments.find(({ id }) => id === target.department)
  if (!department) return { refused: 'CTI_ERR_DEPARTMENT_UNKNOWN' }
  if (department.number === undefined) return { refused: 'CTI_ERR_DEPARTMENT_NO_NUMBER' }
  return outside(department.number, department.id)
}

function outside(number: string, department?: string): FoundTarget | { readonly refused: TargetError } {
  if (!mayBeCalled(number)) return { refused: 'CTI_ERR_NUMBER_NOT_ALLOWED' }
  return { kind: 'outside', number, ...(department === undefined ? {} : { department }) }
}
