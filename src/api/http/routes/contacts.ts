import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isCallOutContact } from '../../../callbacks/contact-id.js'
import type { ContactSnapshot } from '../../../routing/model.js'
import { DispositionRequest } from '../../contracts/agents.js'
import { IdParams } from '../../contracts/common.js'
import { ContactDetail, ContactPage, ContactQuery } from '../../contracts/contacts.js'
import { ApiError } from '../../problem.js'
import { showContact } from '../../view/mask.js'
import { identityOf } from '../access.js'
import { noteAccess, searchedBy, whoseMatter } from '../audit.js'
import { giveDisposition } from '../disposition.js'
import type { Api, Edge } from '../edge.js'
import { isShown, scopeFor, supervises } from '../scope.js'

/** Contacts: the record, with what is live laid over it. */
export function registerContactRoutes(app: Api, edge: Edge): void {
  const { routing, contacts, calls, accessLog, centre } = edge

  app.get(
    '/v1/contacts',
    {
      config: { access: 'contacts:read' },
      schema: {
        operationId: 'searchContacts',
        tags: ['contacts'],
        summary: 'Search the record, newest first',
        querystring: ContactQuery,
        response: { 200: ContactPage },
      },
    },
    async (request) => {
      const { floor } = scopeFor(request, centre.current())
      const page = await contacts.search({
        ...request.query,
        within: floor && { agents: [...floor.agents], queues: [...floor.queues] },
      })
      await noteAccess(accessLog, request, {
        action: 'search',
        subject: 'contact',
        whose: page.items.map((item) => whoseMatter('contact', item)),
        what: searchedBy(request.query),
      })
      return { ...page, items: page.items.map((item) => showContact(item, unmasked(request))) }
    },
  )

  app.get(
    '/v1/contacts/:id',
    {
      config: { access: 'contacts:read' },
      schema: {
        operationId: 'getContact',
        tags: ['contacts'],
        summary: 'One contact with segments and reservations',
        params: IdParams,
        response: { 200: ContactDetail },
      },
    },
    async (request) => {
      const live = await routing.getContact(request.params.id)
      // While PostgreSQL is away the live part is still worth having.
      const recorded = await contacts.read(request.params.id).catch((error: unknown) => {
        if (live === undefined) throw error
        return undefined
      })
      if (recorded === undefined && live === undefined) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      const contact = live === undefined ? recorded! : overlay(recorded, live)
      if (!isShown(request, centre.current(), contact)) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      if (unmasked(request)) {
        const whose = [whoseMatter('contact', contact)]
        await noteAccess(accessLog, request, { action: 'read', subject: 'contact', whose, what: ['caller', 'notes'] })
      }
      return showContact(contact, unmasked(request))
    },
  )

  app.post(
    '/v1/contacts/:id/hang-up',
    {
      config: { access: 'contacts:hang_up' },
      schema: {
        operationId: 'hangUpContact',
        tags: ['contacts'],
        summary: 'End the call; one that is over already is fine',
        params: IdParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 202: Type.Object({ contactId: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await requireOwn(request, id)
      try {
        await calls.hangUp(id, { agentId: identityOf(request).id })
      } catch (error) {
        const over = (error as { code?: unknown }).code === 'CTI_ERR_CONTACT_NOT_FOUND' && (await isKnown(id))
        if (!over) throw error
      }
      return reply.code(202).send({ contactId: id })
    },
  )

  app.put(
    '/v1/contacts/:id/disposition',
    {
      config: { access: 'contacts:dispose' },
      schema: {
        operationId: 'setDisposition',
        tags: ['contacts'],
        summary: 'Say how the matter ended; can be corrected afterwards',
        params: IdParams,
        body: DispositionRequest,
        response: {
          200: Type.Object({
            contactId: Type.String(),
            disposition: Type.String(),
            category: Type.Optional(Type.String()),
            notes: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async (request) => {
      const { id } = request.params
      await requireOwn(request, id)
      await giveDisposition(edge, id, identityOf(request).id, request.body)
      return { contactId: id, ...request.body }
    },
  )

  /**
   * A contact that is only promised is not the agent's yet: it is rejected, not hung up.
   * @throws ApiError CTI_ERR_CONTACT_NOT_FOUND, CTI_ERR_CONTACT_OTHER_AGENT, CTI_ERR_CONTACT_WRONG_STATE
   */
  async function requireOwn(request: FastifyRequest, id: string): Promise<void> {
    const live = await routing.getContact(id)
    if (live !== undefined && supervises(request, centre.current(), live)) return
    if (live !== undefined && live.agentId === identityOf(request).id) {
      // A call of one's own can be given up while it rings; one that is offered is declined instead.
      if (live.state === 'reserved' && !isCallOutContact(id)) throw new ApiError('CTI_ERR_CONTACT_WRONG_STATE')
      return
    }
    const recorded = live === undefined ? await contacts.read(id) : undefined
    if (live === undefined && recorded === undefined) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
    const theirs = recorded !== undefined && supervises(request, centre.current(), recorded)
    if (!theirs && recorded?.agentId !== identityOf(request).id) throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
  }

  async function isKnown(id: string): Promise<boolean> {
    return (await routing.getContact(id)) !== undefined || (await contacts.read(id)) !== undefined
  }
}

function unmasked(request: FastifyRequest): boolean {
  return request.permissions.includes('pii:read')
}

function overlay(recorded: ContactDetail | undefined, live: ContactSnapshot): ContactDetail {
  const base = recorded ?? {
    id: live.contactId,
    channel: 'voice',
    direction: 'inbound' as const,
    segments: [],
    reservations: [],
  }
  return { ...base, state: live.state, queue: live.queue, agentId: live.agentId ?? recorded?.agentId, live }
}
