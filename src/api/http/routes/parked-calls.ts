import { ParkedCallList } from '../../contracts/contacts.js'
import type { Api, Edge } from '../edge.js'
import { isShown } from '../scope.js'

/** Calls that wait to be picked up (`POST /v1/contacts/{id}/pick-up`); the WebSocket's snapshot has the same in its contacts. */
export function registerParkedCallsRoute(app: Api, { routing, centre }: Edge): void {
  app.get(
    '/v1/parked-calls',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'listParkedCalls',
        tags: ['calls'],
        summary: 'Parked calls, the longest parked first, at one journal position',
        response: { 200: ParkedCallList },
      },
    },
    async (request) => {
      const { contacts, epoch, seq } = await routing.snapshot([])
      const seen = contacts.flatMap(({ parkedAt, ...contact }) =>
        parkedAt !== undefined && isShown(request, centre.current(), contact) ? [{ ...contact, parkedAt }] : [],
      )
      return { items: seen.sort((a, b) => a.parkedAt - b.parkedAt), epoch, seq }
    },
  )
}
