import type { AgentSnapshot, ContactSnapshot } from '../../../routing/model.js'
import { IdParams } from '../../contracts/common.js'
import { Reservation, ReservationAnswer, ReservationCommand } from '../../contracts/reservations.js'
import { ApiError } from '../../problem.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { setETag } from '../etag.js'
import { supervises } from '../scope.js'
import { ownAgent } from './me.js'

/** Promises of contacts to agents. */
export function registerReservationRoutes(app: Api, edge: Edge): void {
  const { routing, clock } = edge

  app.get(
    '/v1/reservations/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'getReservation',
        tags: ['reservations'],
        summary: 'Live, or from the record',
        params: IdParams,
        response: { 200: Reservation },
      },
    },
    async (request) => {
      const { id } = request.params
      const live = (await routing.listContacts()).find(({ reservationId }) => reservationId === id)
      const found = live === undefined ? await edge.contacts.reservation(id) : viewLive(live)
      if (found === undefined) throw new ApiError('CTI_ERR_RESERVATION_NOT_FOUND')
      if (found.agentId !== identityOf(request).id && !supervises(request, edge.centre.current(), found)) {
        throw new ApiError('CTI_ERR_RESERVATION_OTHER_AGENT')
      }
      return found
    },
  )

  const command = (verb: 'accept' | 'reject', operationId: string, summary: string): void => {
    app.post(
      `/v1/reservations/:id/${verb}`,
      {
        config: { access: 'me:work' },
        schema: {
          operationId,
          tags: ['reservations'],
          summary,
          params: IdParams,
          body: ReservationCommand,
          response: { 200: ReservationAnswer },
        },
      },
      async (request, reply) => {
        const agent = ownAgent(request, edge)
        const state = await answerPromise(verb, agent.id, request.params.id, request.body.token)
        setETag(reply, state.version)
        return { state }
      },
    )
  }
  command('accept', 'acceptReservation', 'Take the contact before the phone is picked up')
  command('reject', 'rejectReservation', 'Decline it; the caller keeps the place and goes to another agent')

  /** @param given token the client saw; absent: the present one is meant */
  async function answerPromise(
    verb: 'accept' | 'reject',
    agentId: string,
    reservationId: string,
    given: number | undefined,
  ): Promise<AgentSnapshot> {
    const token = given ?? (await presentToken(agentId, reservationId))
    const promise = { reservationId, token: token ?? 0 }
    try {
      const answer =
        verb === 'accept'
          ? routing.acceptReservation(promise, agentId, clock())
          : routing.rejectReservation(promise, agentId, clock())
      return (await answer).agent
    } catch (error) {
      // Nobody named a token and the promise is not live any more: it has ended.
      const stale = (error as { code?: unknown }).code === 'CTI_ERR_RESERVATION_STALE'
      throw stale && token === undefined ? new ApiError('CTI_ERR_RESERVATION_EXPIRED') : error
    }
  }

  async function presentToken(agentId: string, reservationId: string): Promise<number | undefined> {
    const mine = await routing.getAgent(agentId)
    if (mine?.reservationId === reservationId) return mine.token
    return (await routing.listContacts()).find((contact) => contact.reservationId === reservationId)?.token
  }
}

function viewLive(contact: ContactSnapshot): Reservation {
  const states = { queued: 'pending', reserved: 'pending', connected: 'accepted', wrapping: 'wrapping' } as const
  return {
    id: contact.reservationId!,
    contactId: contact.contactId,
    agentId: contact.agentId ?? '',
    queue: contact.queue,
    state: states[contact.state],
    token: contact.token,
    deadline: contact.deadline,
  }
}
