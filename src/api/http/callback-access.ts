import type { FastifyRequest } from 'fastify'
import type { Callback } from '../../callbacks/model.js'
import type { Centre } from '../../centre/schema.js'
import { principalOf } from '../auth/identity.js'
import { ApiError } from '../problem.js'
import { identityOf } from './access.js'
import { isShown } from './scope.js'

/** Who may change which call-back: `callbacks:manage` every one, everybody else the own ones. */

export function manages(request: FastifyRequest): boolean {
  return request.permissions.includes('callbacks:manage')
}

/** Is it of the asker's teams and queues, or the asker's own? */
export function showsCallback(request: FastifyRequest, centre: Centre, callback: Callback): boolean {
  const { queue, ownerAgent, agentId } = callback
  return [{ queue }, { agentId: ownerAgent }, { agentId }].some((about) => isShown(request, centre, about))
}

/** Owner, agent of the attempt, or who asked for it. @throws ApiError CTI_ERR_CALLBACK_OTHER_AGENT */
export function requireOwn(request: FastifyRequest, callback: Callback): void {
  if (manages(request)) return
  const { id, kind } = identityOf(request)
  const by = principalOf(identityOf(request))
  const own = callback.createdBy === by || (kind === 'user' && (callback.ownerAgent === id || callback.agentId === id))
  if (!own) throw new ApiError('CTI_ERR_CALLBACK_OTHER_AGENT')
}

/**
 * The agent who is to own a call-back: oneself, or with `callbacks:manage` anybody who phones.
 * @throws ApiError CTI_ERR_AGENT_NOT_FOUND, CTI_ERR_NO_DEVICE, CTI_ERR_CALLBACK_OTHER_AGENT
 */
export function requireOwner(request: FastifyRequest, centre: Centre, ownerAgent: string | undefined): void {
  if (ownerAgent === undefined) return
  const agent = centre.file.agents.find(({ id }) => id === ownerAgent)
  if (agent === undefined) throw new ApiError('CTI_ERR_AGENT_NOT_FOUND')
  if (agent.device === undefined) throw new ApiError('CTI_ERR_NO_DEVICE')
  if (ownerAgent !== identityOf(request).id && !manages(request)) throw new ApiError('CTI_ERR_CALLBACK_OTHER_AGENT')
}
