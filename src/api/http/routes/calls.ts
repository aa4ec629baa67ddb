import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { CallOrder } from '../../../calls/talk/call-order.js'
import {
  Call,
  CallTargetRequest,
  DtmfRequest,
  EmptyRequest,
  PARTY_ORDERS,
  PartyParams,
  SIMPLE_ORDERS,
  TARGET_ORDERS,
} from '../../contracts/calls.js'
import { IdParams } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { findAgent } from '../../view/agents.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { ifMatch, setETag } from '../etag.js'
import { requireLive } from '../live-contact.js'
import { isShown, supervises } from '../scope.js'

const about: Record<(typeof SIMPLE_ORDERS)[number] | (typeof TARGET_ORDERS)[number], string> = {
  hold: 'The caller hears music',
  resume: 'The caller is back',
  mute: "The agent's microphone off",
  unmute: "The agent's microphone on",
  swap: 'Between the caller and the consulted party',
  complete: 'The consulted party has the caller: now, or as soon as it answers',
  cancel: 'The consulted party goes, the caller is back',
  merge: 'Caller, agent and the consulted party talk together',
  leave: 'The agent leaves a conference; the others stay',
  park: 'The caller hears music and the agent has no call any more, until somebody picks it up',
  pick_up: 'The parked call rings at its agent again, or at the colleague who asks',
  transfer: 'The caller goes to an agent, a queue, a department or a number outside',
  consult: 'The caller hears music while the agent asks somebody, whose screen shows the context',
  conference: 'Somebody is called into the talk',
}

/** Commands on live calls. Done already: 204. Another version than `If-Match`: 412. */
export function registerCallRoutes(app: Api, edge: Edge): void {
  const { routing, calls, centre, clock } = edge

  app.get(
    '/v1/contacts/:id/call',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'getCall',
        tags: ['calls'],
        summary: 'Who is in the call, and how',
        params: IdParams,
        response: { 200: Call },
      },
    },
    async (request, reply) => {
      const { call } = await calls.order(request.params.id, { do: 'look' }, {})
      if (!isShown(request, centre.current(), call)) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      setETag(reply, call.version)
      return call
    },
  )

  for (const what of SIMPLE_ORDERS)
    app.post(
      `/v1/contacts/:id/${what.replace('_', '-')}`,
      { config: { access: 'contacts:control' }, schema: schemaOf(what, EmptyRequest) },
      async (request, reply) => answer(request, reply, request.params.id, { do: what }),
    )
  for (const what of TARGET_ORDERS)
    app.post(
      `/v1/contacts/:id/${what}`,
      { config: { access: 'contacts:control' }, schema: schemaOf(what, CallTargetRequest) },
      async (request, reply) => answer(request, reply, request.params.id, { do: what, to: request.body.to }),
    )
  app.post(
    '/v1/contacts/:id/dtmf',
    {
      config: { access: 'contacts:control' },
      schema: {
        operationId: 'sendDtmf',
        tags: ['calls'],
        summary: 'Keys for whoever the agent is with',
        params: IdParams,
        body: DtmfRequest,
        response: answers,
      },
    },
    async (request, reply) => answer(request, reply, request.params.id, { do: 'dtmf', digits: request.body.digits }),
  )
  for (const what of PARTY_ORDERS) {
    const verb = what.slice('party_'.length)
    app.post(
      `/v1/contacts/:id/parties/:party/${verb}`,
      {
        config: { access: 'contacts:control' },
        schema: {
          operationId: `${verb}Party`,
          tags: ['calls'],
          summary: `${{ mute: 'Not heard any more', unmute: 'Heard again', drop: 'Out of the call' }[verb]}`,
          params: PartyParams,
          body: EmptyRequest,
          response: answers,
        },
      },
      async (request, reply) => answer(request, reply, request.params.id, { do: what, party: request.params.party }),
    )
  }

  app.post(
    '/v1/contacts/:id/answer',
    {
      config: { access: 'contacts:control' },
      schema: {
        operationId: 'answerContact',
        tags: ['calls'],
        summary: 'Take the offered call; the phone answers by itself where the device allows it',
        params: IdParams,
        body: EmptyRequest,
        response: { 202: Type.Object({ contactId: Type.String() }), 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const me = identityOf(request)
      const live = await routing.getContact(id)
      if (live === undefined) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      if (live.agentId !== me.id) throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
      if (live.state === 'connected') return reply.code(204).send(null)
      if (live.state !== 'reserved') throw new ApiError('CTI_ERR_CONTACT_WRONG_STATE')
      if (findAgent(centre.current(), me.id)?.autoAnswer !== 'accept')
        throw new ApiError('CTI_ERR_DEVICE_CANNOT_ANSWER')
      await routing.acceptReservation({ reservationId: live.reservationId!, token: live.token! }, me.id, clock())
      return reply.code(202).send({ contactId: id })
    },
  )

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    order: CallOrder,
  ): Promise<FastifyReply> {
    await requireOwn(request, id, order)
    const me = identityOf(request)
    const agentId = me.kind === 'user' && findAgent(centre.current(), me.id)?.device !== undefined ? me.id : undefined
    const { changed, call } = await calls.order(id, order, { agentId, ifVersion: ifMatch(request) })
    setETag(reply, call.version)
    return changed ? reply.code(200).send(call) : reply.code(204).send(null)
  }

  /** Only its agent or a supervisor; a parked call is anybody's who sees it and picks it up. */
  async function requireOwn(request: FastifyRequest, id: string, order: CallOrder): Promise<void> {
    const live = await requireLive(edge, id)
    if (live.agentId === identityOf(request).id) return
    if (order.do === 'pick_up' && isShown(request, centre.current(), live)) return
    if (!supervises(request, centre.current(), live)) throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
  }
}

const answers = { 200: Call, 204: Type.Null({ description: 'it is like that already' }) }

function schemaOf<const T extends import('typebox').TSchema>(what: keyof typeof about, body: T) {
  const [first = '', ...rest] = what.split('_')
  const operationId = `${first}${rest.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}Call`
  return { operationId, tags: ['calls'], summary: about[what], params: IdParams, body, response: answers }
}
