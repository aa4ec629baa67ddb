import type { FastifyRequest } from 'fastify'
import type { AgentConfig } from '../../../centre/schema.js'
import { AgentAnswer, ExtendWrapUpRequest, FinishWrapUpRequest, Me, PresenceRequest } from '../../contracts/agents.js'
import { ApiError } from '../../problem.js'
import { answerAgent, checkPresence, findAgent, viewMe } from '../../view/agents.js'
import { identityOf } from '../access.js'
import { giveDisposition } from '../disposition.js'
import type { Api, Edge } from '../edge.js'
import { ifMatch, setETag } from '../etag.js'

/** What a person sees and does for themselves. */
export function registerMeRoutes(app: Api, edge: Edge): void {
  const { routing, centre, clock } = edge

  app.get(
    '/v1/me',
    {
      config: { access: 'signed-in' },
      schema: { operationId: 'getMe', tags: ['me'], summary: 'Who am I, and what am I doing', response: { 200: Me } },
    },
    async (request, reply) => {
      const identity = identityOf(request)
      const state = identity.kind === 'user' ? await routing.getAgent(identity.id) : undefined
      if (state !== undefined) setETag(reply, state.version)
      return viewMe(identity, centre.current(), state)
    },
  )

  app.put(
    '/v1/me/presence',
    {
      config: { access: 'me:work' },
      schema: {
        operationId: 'setMyPresence',
        tags: ['me'],
        summary: 'Available, on a break, or offline',
        body: PresenceRequest,
        response: { 200: AgentAnswer },
      },
    },
    async (request, reply) => {
      const agent = ownAgent(request, edge)
      const reason = checkPresence(centre.current(), agent, request.body.presence, request.body.breakReason)
      const { agent: state } = await routing.setPresence(agent.id, request.body.presence, reason, clock(), {
        ifVersion: ifMatch(request),
      })
      setETag(reply, state.version)
      return answerAgent(state)
    },
  )

  app.post(
    '/v1/me/wrap-up/finish',
    {
      config: { access: 'me:work' },
      schema: {
        operationId: 'finishWrapUp',
        tags: ['me'],
        summary: 'Finish the work after a call; needs a disposition',
        body: FinishWrapUpRequest,
        response: { 200: AgentAnswer },
      },
    },
    async (request, reply) => {
      const agent = ownAgent(request, edge)
      const ifVersion = ifMatch(request)
      const before = await routing.getAgent(agent.id)
      if (before === undefined) throw new ApiError('CTI_ERR_AGENT_NOT_FOUND')
      if (ifVersion !== undefined && ifVersion !== before.version) throw new ApiError('CTI_ERR_VERSION_MISMATCH')
      if (before.work === 'wrapping' && before.contactId !== undefined) {
        const { disposition, category, notes } = request.body
        if (disposition !== undefined)
          await giveDisposition(edge, before.contactId, agent.id, { disposition, category, notes })
        else if (
          category !== undefined ||
          notes !== undefined ||
          (await edge.calls.dispositionOf(before.contactId)) === undefined
        ) {
          throw new ApiError('CTI_ERR_DISPOSITION_REQUIRED')
        }
      }
      const { agent: state } = await routing.finishWrapUp(agent.id, clock(), { ifVersion })
      setETag(reply, state.version)
      return answerAgent(state)
    },
  )

  app.post(
    '/v1/me/wrap-up/extend',
    {
      config: { access: 'me:work' },
      schema: {
        operationId: 'extendWrapUp',
        tags: ['me'],
        summary: 'More time for the work after a call',
        body: ExtendWrapUpRequest,
        response: { 200: AgentAnswer },
      },
    },
    async (request, reply) => {
      const agent = ownAgent(request, edge)
      const { agent: state } = await routing.extendWrapUp(agent.id, request.body.seconds * 1000, clock(), {
        ifVersion: ifMatch(request),
      })
      setETag(reply, state.version)
      return answerAgent(state)
    },
  )
}

/** The caller as an agent of the centre file. @throws ApiError CTI_ERR_NOT_AN_AGENT */
export function ownAgent(request: FastifyRequest, edge: Edge): AgentConfig {
  const identity = identityOf(request)
  const agent = identity.kind === 'user' ? findAgent(edge.centre.current(), identity.id) : undefined
  if (agent === undefined) throw new ApiError('CTI_ERR_NOT_AN_AGENT')
  return agent
}
