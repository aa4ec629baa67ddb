import type { FastifyRequest } from 'fastify'
import { principalOf } from '../../auth/identity.js'
import { IdParams } from '../../contracts/common.js'
import { Ticket, TicketCreate, TicketPage, TicketQuery, TicketUpdate } from '../../contracts/tickets.js'
import { ApiError } from '../../problem.js'
import { showTicket, withoutEchoes } from '../../view/mask.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { noteAccess, searchedBy, whoseMatter } from '../audit.js'
import { checkCategory, checkDepartment } from '../disposition.js'
import type { Api, Edge } from '../edge.js'
import { requireIfMatch, setETag } from '../etag.js'
import { scopeFor } from '../scope.js'

/** Matters that go on after a call. */
export function registerTicketRoutes(app: Api, edge: Edge): void {
  const { tickets, centre, accessLog } = edge
  /** Of an officer: the only department whose tickets there are. */
  const department = (request: FastifyRequest) => scopeFor(request, centre.current()).department
  const mustExist = async (request: FastifyRequest): Promise<Ticket> => {
    const [found, only] = [await tickets.read((request.params as { id: string }).id), department(request)]
    if (found === undefined || (only !== undefined && found.department !== only))
      throw new ApiError('CTI_ERR_TICKET_NOT_FOUND')
    return found
  }
  const requireOwnDepartment = (request: FastifyRequest, wished: string | null | undefined): void => {
    const only = department(request)
    if (only !== undefined && wished !== undefined && wished !== only)
      throw new ApiError('CTI_ERR_FORBIDDEN', 'An officer has the tickets of the own department.')
  }
  const noteRead = async (request: FastifyRequest, ticket: Ticket): Promise<void> => {
    if (!sees(request)) return
    const whose = [whoseMatter('ticket', ticket)]
    await noteAccess(accessLog, request, { action: 'read', subject: 'ticket', whose, what: ['subject', 'body'] })
  }
  const sees = (request: { permissions: readonly string[] }) => request.permissions.includes('pii:read')
  const check = (body: {
    category?: string | null
    department?: string | null
    subject?: string
    body?: string | null
  }): void => {
    checkCategory(centre.current(), body.category)
    checkDepartment(centre.current(), body.department)
    refusePersonalNumbers({ subject: body.subject, body: body.body })
  }

  app.get(
    '/v1/tickets',
    {
      config: { access: 'tickets:read' },
      schema: {
        operationId: 'searchTickets',
        tags: ['tickets'],
        summary: 'Search tickets, newest first',
        querystring: TicketQuery,
        response: { 200: TicketPage },
      },
    },
    async (request) => {
      const only = department(request)
      const other = only !== undefined && request.query.department !== undefined && request.query.department !== only
      const page = other
        ? { items: [] }
        : await tickets.search({ ...request.query, ...(only !== undefined && { department: only }) })
      if (sees(request) || request.query.citizen !== undefined)
        await noteAccess(accessLog, request, {
          action: 'search',
          subject: 'ticket',
          whose: page.items.map((item) => whoseMatter('ticket', item)),
          what: searchedBy(request.query),
        })
      return { ...page, items: page.items.map((ticket) => showTicket(ticket, sees(request))) }
    },
  )

  app.post(
    '/v1/tickets',
    {
      config: { access: 'tickets:write' },
      schema: {
        operationId: 'createTicket',
        tags: ['tickets'],
        summary: 'Open a ticket',
        body: TicketCreate,
        response: { 201: Ticket },
      },
    },
    async (request, reply) => {
      check(request.body)
      requireOwnDepartment(request, request.body.department)
      const body = { ...request.body, department: request.body.department ?? department(request) }
      const ticket = await tickets.create(body, principalOf(identityOf(request)))
      setETag(reply, ticket.version)
      return reply
        .code(201)
        .header('location', `/v1/tickets/${ticket.id}`)
        .send(showTicket(ticket, sees(request)))
    },
  )

  app.get(
    '/v1/tickets/:id',
    {
      config: { access: 'tickets:read' },
      schema: {
        operationId: 'getTicket',
        tags: ['tickets'],
        summary: 'One ticket',
        params: IdParams,
        response: { 200: Ticket },
      },
    },
    async (request, reply) => {
      const ticket = await mustExist(request)
      await noteRead(request, ticket)
      setETag(reply, ticket.version)
      return showTicket(ticket, sees(request))
    },
  )

  app.patch(
    '/v1/tickets/:id',
    {
      config: { access: 'tickets:write' },
      schema: {
        operationId: 'updateTicket',
        tags: ['tickets'],
        summary: 'Change a ticket; needs If-Match',
        params: IdParams,
        body: TicketUpdate,
        response: { 200: Ticket },
      },
    },
    async (request, reply) => {
      const version = requireIfMatch(request)
      check(request.body)
      requireOwnDepartment(request, request.body.department)
      const stored = await mustExist(request)
      await noteRead(request, stored)
      const changes = sees(request) ? request.body : withoutEchoes(request.body, stored, showTicket(stored, false))
      const ticket = await tickets.update(request.params.id, version, changes, principalOf(identityOf(request)))
      setETag(reply, ticket.version)
      return showTicket(ticket, sees(request))
    },
  )
}
