import { principalOf } from '../../auth/identity.js'
import { IdParams } from '../../contracts/common.js'
import { Ticket, TicketCreate, TicketPage, TicketQuery, TicketUpdate } from '../../contracts/tickets.js'
import { ApiError } from '../../problem.js'
import { showTicket, withoutEchoes } from '../../view/mask.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { checkCategory, checkDepartment } from '../disposition.js'
import type { Api, Edge } from '../edge.js'
import { requireIfMatch, setETag } from '../etag.js'

/** Matters that go on after a call. */
export function registerTicketRoutes(app: Api, edge: Edge): void {
  const { tickets, centre } = edge
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

  const withoutMasks = async (id: string, changes: TicketUpdate): Promise<TicketUpdate> => {
    const stored = await tickets.read(id)
    if (stored === undefined) throw new ApiError('CTI_ERR_TICKET_NOT_FOUND')
    return withoutEchoes(changes, stored, showTicket(stored, false))
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
      const page = await tickets.search(request.query)
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
      const ticket = await tickets.create(request.body, principalOf(identityOf(request)))
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
      const ticket = await tickets.read(request.params.id)
      if (ticket === undefined) throw new ApiError('CTI_ERR_TICKET_NOT_FOUND')
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
      const changes = sees(request) ? request.body : await withoutMasks(request.params.id, request.body)
      const ticket = await tickets.update(request.params.id, version, changes, principalOf(identityOf(request)))
      setETag(reply, ticket.version)
      return showTicket(ticket, sees(request))
    },
  )
}
