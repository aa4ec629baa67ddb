import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Promised } from '../../../callbacks/service-port.js'
import { principalOf } from '../../auth/identity.js'
import { CallbackAnswer, CallbackCreate, CallbackPromise } from '../../contracts/callbacks.js'
import { IdParams } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { showCallback } from '../../view/callbacks.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { requireOwner, showsCallback } from '../callback-access.js'
import type { Api, Edge } from '../edge.js'
import { setETag } from '../etag.js'
import { ownAgent } from './me.js'

/** Ways in which a call-back is asked for: by anybody with the right, and by an agent out of a call. */
export function registerCallbackRequestRoutes(app: Api, edge: Edge): void {
  const { callbacks, citizens, contacts, routing, centre, clock } = edge

  app.post(
    '/v1/callbacks',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'createCallback',
        tags: ['callbacks'],
        summary: 'Promise to phone somebody; one open call-back for a number and queue',
        body: CallbackCreate,
        response: { 200: CallbackAnswer, 201: CallbackAnswer },
      },
    },
    async (request, reply) => {
      const { at, slotAt, checklist, ...body } = request.body
      refusePersonalNumbers({ reason: body.reason })
      requireOwner(request, centre.current(), body.ownerAgent)
      if ((body.kind === 'booked') !== (slotAt !== undefined)) throw new ApiError('CTI_ERR_CALLBACK_SLOT_UNKNOWN')
      const when = slotAt ?? at
      return answer(
        request,
        reply,
        await callbacks.request({
          ...body,
          number: body.number ?? (await numberOf(body.citizenId)),
          at: when === undefined ? undefined : Date.parse(when),
          checklist,
          createdBy: principalOf(identityOf(request)),
        }),
      )
    },
  )

  app.post(
    '/v1/contacts/:id/callback',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'promiseCallback',
        tags: ['callbacks'],
        summary: 'In a call or its wrap-up: promise the citizen to phone back; asked twice it is one promise',
        params: IdParams,
        body: CallbackPromise,
        response: { 200: CallbackAnswer, 201: CallbackAnswer },
      },
    },
    async (request, reply) => {
      const agent = ownAgent(request, edge)
      const { at, mine, ...body } = request.body
      refusePersonalNumbers({ reason: body.reason })
      const contactId = request.params.id
      const live = await routing.getContact(contactId)
      if (live === undefined && (await contacts.read(contactId)) === undefined)
        throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      if (live?.state !== 'connected' && live?.state !== 'wrapping') throw new ApiError('CTI_ERR_CONTACT_WRONG_STATE')
      if (live.agentId !== agent.id) throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
      // Talking about one promise and making the next: the present one is kept by this very talk.
      const present = await callbacks.getByContact(contactId)
      if (present?.state === 'connected') await callbacks.outcome(present.id, 'reached', { by: agent.id })
      // The record follows the call by a moment; without it nothing is known of the caller.
      const recorded = await contacts.read(contactId)
      return answer(
        request,
        reply,
        await callbacks.request({
          kind: 'agent_promised',
          queue: body.queue ?? live.queue,
          number: body.number ?? recorded?.caller,
          citizenId: recorded?.citizenId,
          ticketId: body.ticketId,
          sourceContactId: contactId,
          dialled: recorded?.dialled,
          at: Date.parse(at),
          ownerAgent: mine === false ? undefined : agent.id,
          reason: body.reason,
          requestKey: `promise:${contactId}`,
          createdBy: agent.id,
        }),
      )
    },
  )

  /** @throws ApiError CTI_ERR_CITIZEN_NOT_FOUND */
  async function numberOf(citizenId: string | undefined): Promise<string | undefined> {
    if (citizenId === undefined) return undefined
    const citizen = await citizens.read(citizenId)
    if (citizen === undefined) throw new ApiError('CTI_ERR_CITIZEN_NOT_FOUND')
    return citizen.phone
  }

  /** @throws ApiError CTI_ERR_CONFLICT: the one that is open is of another team and queue than the asker sees */
  function answer(request: FastifyRequest, reply: FastifyReply, { callback, created, moved }: Promised): FastifyReply {
    if (!created && !showsCallback(request, centre.current(), callback))
      throw new ApiError(
        'CTI_ERR_CONFLICT',
        'A call-back for this number and queue is open already; it is not one you see.',
      )
    setETag(reply, callback.version)
    const shown = showCallback(callback, clock(), request.permissions.includes('pii:read'))
    return reply
      .code(created ? 201 : 200)
      .header('location', `/v1/callbacks/${callback.id}`)
      .send({ callback: shown, created, moved })
  }
}
