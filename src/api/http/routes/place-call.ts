import { PlaceCallRequest, PlacedCall } from '../../contracts/calls.js'
import { servingOf } from '../../view/agents.js'
import type { Api, Edge } from '../edge.js'
import { ownAgent } from './me.js'

/** A call that begins at the agent's desk. */
export function registerPlaceCallRoute(app: Api, edge: Edge): void {
  const { placeCall, centre } = edge

  app.post(
    '/v1/calls',
    {
      config: { access: 'contacts:control' },
      schema: {
        operationId: 'placeCall',
        tags: ['calls'],
        summary:
          "Call out with the centre's number: the agent's own phone rings first; the contact's events tell the rest",
        body: PlaceCallRequest,
        response: { 202: PlacedCall },
      },
    },
    async (request, reply) => {
      const agent = ownAgent(request, edge)
      const placed = await placeCall({
        ...request.body,
        agentId: agent.id,
        serves: servingOf(centre.current()).get(agent.id) ?? [],
      })
      return reply.code(202).send(placed)
    },
  )
}
