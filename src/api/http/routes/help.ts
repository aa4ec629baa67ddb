import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { HelpOrder, HelpView } from '../../../calls/help/help-model.js'
import { maskText } from '../../../context/mask.js'
import { EmptyRequest } from '../../contracts/calls.js'
import { IdParams } from '../../contracts/common.js'
import { Help, HelpRequest, HelpState } from '../../contracts/help.js'
import { ApiError } from '../../problem.js'
import { findAgent } from '../../view/agents.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { requireLive } from '../live-contact.js'
import { isShown, supervises } from '../scope.js'

/** An agent in a talk asks for a supervisor. Done already: 204. It ends with the agent's part in the talk. */
export function registerHelpRoutes(app: Api, edge: Edge): void {
  const { calls, centre } = edge

  app.get(
    '/v1/contacts/:id/help',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'getHelp',
        tags: ['supervision'],
        summary: 'Does somebody ask for help in this talk? For its agent and supervisors',
        params: IdParams,
        response: { 200: HelpState },
      },
    },
    async (request): Promise<HelpState> => {
      const { call, help } = await calls.order(request.params.id, { do: 'look' }, {})
      const own = call.agentId === identityOf(request).id
      if (!own && !isShown(request, centre.current(), call)) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      if (!own && !supervises(request, centre.current(), call)) throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
      if (help === undefined) return { contactId: call.contactId, state: 'none' }
      return { ...show(request, help), state: help.answeredBy === undefined ? 'asked' : 'answered' }
    },
  )

  app.post(
    '/v1/contacts/:id/help',
    {
      config: { access: 'contacts:control' },
      schema: {
        operationId: 'askForHelp',
        tags: ['supervision'],
        summary: 'Ask for a supervisor (event help.requested to those who lead the team)',
        params: IdParams,
        body: HelpRequest,
        response: { 200: Help, 204: ALREADY },
      },
    },
    async (request, reply) => {
      const { note } = request.body
      refusePersonalNumbers({ note })
      const { id } = request.params
      const { changed, help } = await obey(request, id, { do: 'ask_help', ...(note === undefined ? {} : { note }) })
      return changed && help ? reply.code(200).send(show(request, help)) : reply.code(204).send(null)
    },
  )

  app.delete(
    '/v1/contacts/:id/help',
    {
      config: { access: 'contacts:control' },
      schema: {
        operationId: 'withdrawHelp',
        tags: ['supervision'],
        summary: 'Nobody is needed any more',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await obey(request, request.params.id, { do: 'withdraw_help' })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/help/answer',
    {
      config: { access: 'floor:supervise' },
      schema: {
        operationId: 'answerHelp',
        tags: ['supervision'],
        summary: 'A supervisor comes; whoever listens to the call has come, too',
        params: IdParams,
        body: EmptyRequest,
        response: { 200: Help, 204: ALREADY },
      },
    },
    async (request, reply) => {
      if (identityOf(request).kind !== 'user') throw new ApiError('CTI_ERR_NOT_AN_AGENT')
      const { changed, help } = await obey(request, request.params.id, { do: 'answer_help' })
      return changed && help ? reply.code(200).send(show(request, help)) : reply.code(204).send(null)
    },
  )

  /** Its agent asks and withdraws; who leads the agent withdraws and answers. @throws ApiError, CallError */
  async function obey(request: FastifyRequest, contactId: string, order: HelpOrder) {
    const me = identityOf(request)
    const live = await requireLive(edge, contactId)
    const own = live.agentId === me.id && findAgent(centre.current(), me.id) !== undefined
    if (!own && (order.do === 'ask_help' || !supervises(request, centre.current(), live)))
      throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
    return calls.order(contactId, order, { agentId: me.id })
  }
}

function show(request: FastifyRequest, help: HelpView): HelpView {
  if (help.note === undefined || request.permissions.includes('pii:read')) return help
  return { ...help, note: maskText(help.note) }
}

const ALREADY = Type.Null({ description: 'it is like that already' })
