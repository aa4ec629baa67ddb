import type { FastifyRequest } from 'fastify'
import { IdParams } from '../../contracts/common.js'
import { ForgetRequest, Forgotten, Unmasked, UnmaskRequest } from '../../contracts/privacy.js'
import { ApiError } from '../../problem.js'
import { noteAccess, whoseMatter } from '../audit.js'
import { showsCallback } from '../callback-access.js'
import type { Api, Edge } from '../edge.js'
import { isShown, scopeFor } from '../scope.js'

/** How long a client may show an unmasked value, ms. */
const SHOW_MS = 60_000
/** Who looks at people one by one needs no more; a listing is what this must not become. */
const PER_MINUTE = 30

type Found = { readonly whose: string; readonly values: readonly (string | undefined)[] }

/** One value in full with a reason, and the end of what is known of a person. Both stand in the access log before anything happens. */
export function registerPrivacyRoutes(app: Api, edge: Edge): void {
  const { accessLog, callbacks, citizens, contacts, flags, tickets, centre } = edge

  const find = async (request: FastifyRequest, { subject, id, field, citizenId }: UnmaskRequest): Promise<Found> => {
    const may = (permission: 'citizens:read' | 'contacts:read' | 'tickets:read' | 'callbacks:read') => {
      if (!request.permissions.includes(permission))
        throw new ApiError('CTI_ERR_FORBIDDEN', `This needs the permission ${permission}.`)
    }
    if (subject === 'citizen') {
      may('citizens:read')
      const found = await citizens.read(id)
      if (found === undefined) throw new ApiError('CTI_ERR_CITIZEN_NOT_FOUND')
      return { whose: `citizen:${id}`, values: pick(found, field, ['name', 'phone', 'morePhones', 'notes']) }
    }
    if (subject === 'flag') {
      may('citizens:read')
      const found = citizenId === undefined ? undefined : (await flags.list(citizenId)).find((flag) => flag.id === id)
      if (found === undefined) throw new ApiError('CTI_ERR_FLAG_NOT_FOUND')
      return { whose: `citizen:${citizenId}`, values: pick(found, field, ['note']) }
    }
    if (subject === 'contact') {
      may('contacts:read')
      const found = await contacts.read(id)
      if (found === undefined || !isShown(request, centre.current(), found))
        throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
      return { whose: whoseMatter('contact', found), values: pick(found, field, ['caller', 'notes']) }
    }
    if (subject === 'callback') {
      may('callbacks:read')
      const found = await callbacks.get(id)
      if (found === undefined || !showsCallback(request, centre.current(), found))
        throw new ApiError('CTI_ERR_CALLBACK_NOT_FOUND')
      return { whose: whoseMatter('callback', found), values: pick(found, field, ['number', 'secondNumber', 'reason']) }
    }
    may('tickets:read')
    const found = await tickets.read(id)
    const { department } = scopeFor(request, centre.current())
    if (found === undefined || (department !== undefined && found.department !== department))
      throw new ApiError('CTI_ERR_TICKET_NOT_FOUND')
    return { whose: whoseMatter('ticket', found), values: pick(found, field, ['subject', 'body']) }
  }

  app.post(
    '/v1/unmask',
    {
      config: { access: 'pii:unmask', idempotent: false, rateLimit: { max: PER_MINUTE, timeWindow: 60_000 } },
      schema: {
        operationId: 'unmask',
        tags: ['privacy'],
        summary: 'One field of one object in full, with a reason; written down, and not to be kept',
        body: UnmaskRequest,
        response: { 200: Unmasked },
      },
    },
    async (request, reply) => {
      const { subject, id, field, reason } = request.body
      const { whose, values } = await find(request, request.body)
      await noteAccess(accessLog, request, { action: 'unmask', subject, whose: [whose], what: [field], reason })
      const known = values.filter((value) => value !== undefined)
      return reply
        .header('cache-control', 'no-store')
        .send({ subject, id, field, values: known, showUntil: edge.clock() + SHOW_MS })
    },
  )

  app.post(
    '/v1/citizens/:id/forget',
    {
      config: { access: 'citizens:forget' },
      schema: {
        operationId: 'forgetCitizen',
        tags: ['privacy'],
        summary: 'Delete a person; the record stays, without anything that names them',
        params: IdParams,
        body: ForgetRequest,
        response: { 200: Forgotten },
      },
    },
    async (request) => {
      const { id } = request.params
      if ((await citizens.read(id)) === undefined) throw new ApiError('CTI_ERR_CITIZEN_NOT_FOUND')
      const what = ['citizen', 'contacts', 'tickets', 'callbacks']
      const { reason } = request.body
      await noteAccess(accessLog, request, {
        action: 'forget',
        subject: 'citizen',
        whose: [`citizen:${id}`],
        what,
        reason,
      })
      return edge.forgetting.forget(id)
    },
  )
}

/** @throws ApiError CTI_ERR_VALIDATION: the object has no such field */
function pick(object: object, field: string, fields: readonly string[]): (string | undefined)[] {
  if (!fields.includes(field))
    throw new ApiError('CTI_ERR_VALIDATION', undefined, {
      errors: [{ in: 'body', pointer: '/field', message: `must be one of ${fields.join(', ')}` }],
    })
  const value = (object as Record<string, string | string[] | undefined>)[field]
  return Array.isArray(value) ? value : [value]
}
