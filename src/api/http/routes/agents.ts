import type { FastifyRequest } from 'fastify'
import { principalOf } from '../../auth/identity.js'
import { Agent, AgentAnswer, AgentList, PresenceRequest } from '../../contracts/agents.js'
import { IdParams } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { answerAgent, checkPresence, findAgent, servingOf, viewAgent, viewAgents } from '../../view/agents.js'
import { withoutSupervision } from '../../view/supervision.js'
import { identityOf, readerOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { ifMatch, setETag } from '../etag.js'
import { isShown } from '../scope.js'

/** The people of the centre with their live state. */
export function registerAgentRoutes(app: Api, edge: Edge): void {
  const { routing, centre, clock } = edge
  const find = (request: FastifyRequest) => {
    const agent = findAgent(centre.current(), (request.params as { id: string }).id)
    if (agent === undefined || !isShown(request, centre.current(), { agentId: agent.id }))
      throw new ApiError('CTI_ERR_AGENT_NOT_FOUND')
    return agent
  }

  app.get(
    '/v1/agents',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'listAgents',
        tags: ['floor'],
        summary: 'Everybody with live state, at one journal position',
        response: { 200: AgentList },
      },
    },
    async (request) => {
      const { epoch, seq, agents } = await routing.snapshot([])
      const seen = withoutSupervision(agents, readerOf(request))
      const items = viewAgents(centre.current(), seen).filter(({ id }) =>
        isShown(request, centre.current(), { agentId: id }),
      )
      return { items, epoch, seq }
    },
  )

  app.get(
    '/v1/agents/:id',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'getAgent',
        tags: ['floor'],
        summary: 'One person with live state',
        params: IdParams,
        response: { 200: Agent },
      },
    },
    async (request, reply) => {
      const agent = find(request)
      const found = await routing.getAgent(agent.id)
      const [state] = withoutSupervision(found === undefined ? [] : [found], readerOf(request))
      if (state !== undefined) setETag(reply, state.version)
      return viewAgent(agent, servingOf(centre.current()).get(agent.id) ?? [], state)
    },
  )

  app.put(
    '/v1/agents/:id/presence',
    {
      config: { access: 'floor:supervise' },
      schema: {
        operationId: 'setAgentPresence',
        tags: ['floor'],
        summary: "A supervisor changes somebody's presence",
        params: IdParams,
        body: PresenceRequest,
        response: { 200: AgentAnswer },
      },
    },
    async (request, reply) => {
      const agent = find(request)
      const by = principalOf(identityOf(request))
      const reason = checkPresence(centre.current(), agent, request.body.presence, request.body.breakReason)
      const { agent: state } = await routing.setPresence(agent.id, request.body.presence, reason, clock(), {
        ifVersion: ifMatch(request),
        ...(by === agent.id ? {} : { by }),
      })
      setETag(reply, state.version)
      return answerAgent(state)
    },
  )
}
