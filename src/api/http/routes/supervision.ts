import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { SupervisionOrder } from '../../../calls/supervision/supervision-model.js'
import type { SupervisionView } from '../../../calls/supervision/supervision-view.js'
import { Call, EmptyRequest } from '../../contracts/calls.js'
import { IdParams } from '../../contracts/common.js'
import {
  Supervision,
  SupervisionList,
  SupervisionPage,
  SupervisionQuery,
  SupervisionRequest,
} from '../../contracts/supervision.js'
import { ApiError } from '../../problem.js'
import { findAgent } from '../../view/agents.js'
import { readableBy } from '../../view/supervision.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { ifMatch, setETag } from '../etag.js'
import { requireLive } from '../live-contact.js'
import { isShown } from '../scope.js'

/** A supervisor with a live call: listen, whisper, barge, take over. Done already: 204. Another version than `If-Match`: 412. */
export function registerSupervisionRoutes(app: Api, edge: Edge): void {
  const { calls, centre, supervisions: record } = edge

  app.get(
    '/v1/contacts/:id/supervision',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'listSupervisionOfCall',
        tags: ['supervision'],
        summary: 'Who listens to this call; its agent sees those that are shown',
        params: IdParams,
        response: { 200: SupervisionList },
      },
    },
    async (request) => {
      const { id } = request.params
      const { call, supervisions } = await calls.order(id, { do: 'look' }, {})
      if (!isShown(request, centre.current(), call)) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      const me = identityOf(request)
      const within = readableBy(me, request.permissions, centre.current())
      const maySee = (one: SupervisionView) =>
        within === 'all' ||
        within.agents.includes(one.agentId) ||
        one.supervisorId === me.id ||
        (one.shown && one.agentId === me.id)
      return { items: supervisions.filter(maySee) }
    },
  )

  for (const [method, order, summary] of [
    ['POST', 'supervise', "Listen to the agent's part of a call: the supervisor's own phone is rung"],
    ['PATCH', 'switch_supervision', 'Listen, whisper or barge from now on'],
  ] as const)
    app.route({
      method,
      url: '/v1/contacts/:id/supervision',
      config: { access: 'contacts:supervise' },
      schema: {
        operationId: order === 'supervise' ? 'superviseCall' : 'switchSupervision',
        tags: ['supervision'],
        summary,
        params: IdParams,
        body: SupervisionRequest,
        response: { 200: Supervision, 204: ALREADY },
      },
      handler: async (request, reply) => {
        const { id } = request.params
        const own = await obey(request, id, { do: order, mode: request.body.mode })
        if (own.supervision) setETag(reply, own.supervision.version)
        return own.changed && own.supervision ? reply.code(200).send(own.supervision) : reply.code(204).send(null)
      },
    })

  app.get(
    '/v1/supervisions',
    {
      config: { access: 'supervision:read' },
      schema: {
        operationId: 'searchSupervisions',
        tags: ['supervision'],
        summary: 'Who listened to whom, newest first; who leads a team sees its agents',
        querystring: SupervisionQuery,
        response: { 200: SupervisionPage },
      },
    },
    async (request) => {
      const within = readableBy(identityOf(request), request.permissions, centre.current())
      return record.search(request.query, within === 'all' ? undefined : within)
    },
  )

  app.delete(
    '/v1/contacts/:id/supervision',
    {
      config: { access: 'contacts:supervise' },
      schema: {
        operationId: 'endSupervision',
        tags: ['supervision'],
        summary: 'Listen no more',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await obey(request, request.params.id, { do: 'end_supervision' })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/take-over',
    {
      config: { access: 'contacts:supervise' },
      schema: {
        operationId: 'takeOverCall',
        tags: ['supervision'],
        summary: 'The contact becomes the supervisor’s, who listens to it; its agent wraps up',
        params: IdParams,
        body: EmptyRequest,
        response: { 200: Call },
      },
    },
    async (request, reply) => {
      const { call } = await obey(request, request.params.id, { do: 'take_over' })
      setETag(reply, call.version)
      return reply.code(200).send(call)
    },
  )

  /** @throws ApiError, CallError */
  async function obey(request: FastifyRequest, contactId: string, order: SupervisionOrder) {
    const me = identityOf(request)
    if (me.kind !== 'user') throw new ApiError('CTI_ERR_NOT_AN_AGENT')
    if (findAgent(centre.current(), me.id)?.device === undefined) throw new ApiError('CTI_ERR_NO_DEVICE')
    const live = await requireLive(edge, contactId)
    // Of another team: not there. Whoever was narrowed while listening can still end it.
    if (order.do !== 'end_supervision' && !isShown(request, centre.current(), live))
      throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
    const { changed, call, supervisions } = await calls.order(contactId, order, {
      agentId: me.id,
      ifVersion: ifMatch(request),
    })
    return { changed, call, supervision: supervisions.find(({ supervisorId }) => supervisorId === me.id) }
  }
}

const ALREADY = Type.Null({ description: 'it is like that already' })
