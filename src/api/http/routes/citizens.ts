import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { principalOf } from '../../auth/identity.js'
import {
  Citizen,
  CitizenCreate,
  CitizenPage,
  CitizenQuery,
  CitizenUpdate,
  Flag,
  FlagCreate,
  FlagList,
} from '../../contracts/citizens.js'
import { Id, IdParams, strict } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { showCitizen, showFlag, withoutEchoes } from '../../view/mask.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { noteAccess, searchedBy } from '../audit.js'
import type { Api, Edge } from '../edge.js'
import { requireIfMatch, setETag } from '../etag.js'

const CITIZEN_FIELDS = ['name', 'phone', 'morePhones', 'notes'] as const

/** People who ring, and what the centre has agreed about them. */
export function registerCitizenRoutes(app: Api, edge: Edge): void {
  const { citizens, flags, accessLog } = edge
  const sees = (request: { permissions: readonly string[] }) => request.permissions.includes('pii:read')
  const mustExist = async (id: string): Promise<Citizen> => {
    const found = await citizens.read(id)
    if (found === undefined) throw new ApiError('CTI_ERR_CITIZEN_NOT_FOUND')
    return found
  }
  /** What is shown in full is written down first. */
  const noteRead = async (request: FastifyRequest, id: string, what: readonly string[]): Promise<void> => {
    if (sees(request))
      await noteAccess(accessLog, request, { action: 'read', subject: 'citizen', whose: [`citizen:${id}`], what })
  }
  const withoutMasks = async (id: string, changes: CitizenUpdate): Promise<CitizenUpdate> => {
    const stored = await mustExist(id)
    return withoutEchoes(changes, stored, showCitizen(stored, false))
  }

  app.get(
    '/v1/citizens',
    {
      config: { access: 'citizens:read' },
      schema: {
        operationId: 'searchCitizens',
        tags: ['citizens'],
        summary: 'Search by phone or by start of the name',
        querystring: CitizenQuery,
        response: { 200: CitizenPage },
      },
    },
    async (request) => {
      const page = await citizens.search(request.query)
      await noteAccess(accessLog, request, {
        action: 'search',
        subject: 'citizen',
        whose: page.items.map(({ id }) => `citizen:${id}`),
        what: searchedBy(request.query),
      })
      return { ...page, items: page.items.map((citizen) => showCitizen(citizen, sees(request))) }
    },
  )

  app.post(
    '/v1/citizens',
    {
      config: { access: 'citizens:write' },
      schema: {
        operationId: 'createCitizen',
        tags: ['citizens'],
        summary: 'Add a person',
        body: CitizenCreate,
        response: { 201: Citizen },
      },
    },
    async (request, reply) => {
      refusePersonalNumbers({ name: request.body.name, notes: request.body.notes })
      const citizen = await citizens.create(request.body, principalOf(identityOf(request)))
      setETag(reply, citizen.version)
      return reply
        .code(201)
        .header('location', `/v1/citizens/${citizen.id}`)
        .send(showCitizen(citizen, sees(request)))
    },
  )

  app.get(
    '/v1/citizens/:id',
    {
      config: { access: 'citizens:read' },
      schema: {
        operationId: 'getCitizen',
        tags: ['citizens'],
        summary: 'One person',
        params: IdParams,
        response: { 200: Citizen },
      },
    },
    async (request, reply) => {
      const citizen = await mustExist(request.params.id)
      await noteRead(request, citizen.id, CITIZEN_FIELDS)
      setETag(reply, citizen.version)
      return showCitizen(citizen, sees(request))
    },
  )

  app.patch(
    '/v1/citizens/:id',
    {
      config: { access: 'citizens:write' },
      schema: {
        operationId: 'updateCitizen',
        tags: ['citizens'],
        summary: 'Change a person; needs If-Match',
        params: IdParams,
        body: CitizenUpdate,
        response: { 200: Citizen },
      },
    },
    async (request, reply) => {
      const version = requireIfMatch(request)
      refusePersonalNumbers({ name: request.body.name, notes: request.body.notes })
      const changes = sees(request) ? request.body : await withoutMasks(request.params.id, request.body)
      await noteRead(request, request.params.id, CITIZEN_FIELDS)
      const citizen = await citizens.update(request.params.id, version, changes, principalOf(identityOf(request)))
      setETag(reply, citizen.version)
      return showCitizen(citizen, sees(request))
    },
  )

  app.get(
    '/v1/citizens/:id/flags',
    {
      config: { access: 'citizens:read' },
      schema: {
        operationId: 'listFlags',
        tags: ['citizens'],
        summary: 'Flags in force',
        params: IdParams,
        response: { 200: FlagList },
      },
    },
    async (request) => {
      await mustExist(request.params.id)
      await noteRead(request, request.params.id, ['flags'])
      return { items: (await flags.list(request.params.id)).map((flag) => showFlag(flag, sees(request))) }
    },
  )

  app.post(
    '/v1/citizens/:id/flags',
    {
      config: { access: 'flags:write' },
      schema: {
        operationId: 'createFlag',
        tags: ['citizens'],
        summary: 'Set a flag; a restriction is timed and approved by who sets it',
        params: IdParams,
        body: FlagCreate,
        response: { 201: Flag },
      },
    },
    async (request, reply) => {
      const { kind, agentId, until, note } = request.body
      if ((kind === 'keep_apart' && agentId === undefined) || (kind === 'restricted' && until === undefined))
        throw new ApiError('CTI_ERR_FLAG_INVALID')
      refusePersonalNumbers({ note })
      await mustExist(request.params.id)
      const flag = await flags.create(request.params.id, request.body, identityOf(request).id)
      return reply.code(201).send(showFlag(flag, sees(request)))
    },
  )

  app.delete(
    '/v1/citizens/:id/flags/:flagId',
    {
      config: { access: 'flags:write' },
      schema: {
        operationId: 'liftFlag',
        tags: ['citizens'],
        summary: 'Lift a flag',
        params: Type.Object({ id: Id, flagId: Id }, strict),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await flags.lift(request.params.id, request.params.flagId, identityOf(request).id)
      return reply.code(204).send(null)
    },
  )
}
