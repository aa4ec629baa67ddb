import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { requireDialable } from '../../../callbacks/dialable.js'
import type { ScheduleInput, ScheduleRecord } from '../../../callbacks/welfare-schedules.js'
import { principalOf } from '../../auth/identity.js'
import { IdParams } from '../../contracts/common.js'
import {
  WelfarePause,
  WelfareSchedule,
  WelfareScheduleCreate,
  WelfareSchedulePage,
  WelfareScheduleQuery,
  WelfareScheduleUpdate,
} from '../../contracts/welfare.js'
import { ApiError } from '../../problem.js'
import { showSchedule } from '../../view/callbacks.js'
import { withoutEchoes } from '../../view/mask.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { noteAccess, searchedBy } from '../audit.js'
import { requireOwner } from '../callback-access.js'
import type { Api, Edge } from '../edge.js'
import { requireIfMatch, setETag } from '../etag.js'
import { isShown, scopeFor } from '../scope.js'

/** Recurring welfare calls (안심콜): whom, when, with which questions. */
export function registerWelfareRoutes(app: Api, edge: Edge): void {
  const { callbacks, citizens, centre } = edge
  const sees = (request: FastifyRequest) => request.permissions.includes('pii:read')

  app.get(
    '/v1/welfare-schedules',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'searchWelfareSchedules',
        tags: ['welfare'],
        summary: 'Schedules, newest first',
        querystring: WelfareScheduleQuery,
        response: { 200: WelfareSchedulePage },
      },
    },
    async (request) => {
      const { citizen, ...query } = request.query
      const { floor } = scopeFor(request, centre.current())
      const page = await callbacks.schedules.list({ ...query, citizenId: citizen, floor })
      if (sees(request) || citizen !== undefined)
        await noteAccess(edge.accessLog, request, {
          action: 'search',
          subject: 'welfare_schedule',
          whose: page.items.map(({ citizenId }) => `citizen:${citizenId}`),
          what: searchedBy(request.query),
        })
      return { ...page, items: page.items.map((item) => showSchedule(item, sees(request))) }
    },
  )

  app.post(
    '/v1/welfare-schedules',
    {
      config: { access: 'callbacks:manage' },
      schema: {
        operationId: 'createWelfareSchedule',
        tags: ['welfare'],
        summary: 'Phone a person on these days',
        body: WelfareScheduleCreate,
        response: { 201: WelfareSchedule },
      },
    },
    async (request, reply) => {
      const input = await inputOf(request, { ...request.body, checklist: request.body.checklist ?? [] })
      const made = await callbacks.schedules.create(input, principalOf(identityOf(request)))
      return reply
        .code(201)
        .header('location', `/v1/welfare-schedules/${made.id}`)
        .send(await show(request, reply, made))
    },
  )

  app.get(
    '/v1/welfare-schedules/:id',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'getWelfareSchedule',
        tags: ['welfare'],
        summary: 'One schedule',
        params: IdParams,
        response: { 200: WelfareSchedule },
      },
    },
    async (request, reply) => show(request, reply, await required(request)),
  )

  app.patch(
    '/v1/welfare-schedules/:id',
    {
      config: { access: 'callbacks:manage' },
      schema: {
        operationId: 'updateWelfareSchedule',
        tags: ['welfare'],
        summary: 'Change a schedule; needs If-Match; calls that are made already stay',
        params: IdParams,
        body: WelfareScheduleUpdate,
        response: { 200: WelfareSchedule },
      },
    },
    async (request, reply) => {
      const version = requireIfMatch(request)
      const stored = await required(request)
      const changes = sees(request) ? request.body : withoutEchoes(request.body, stored, showSchedule(stored, false))
      const { secondNumber, ownerAgent, note, endsOn, ...same } = changes
      const input = await inputOf(request, {
        ...stored,
        ...same,
        secondNumber: changed(secondNumber, stored.secondNumber),
        ownerAgent: changed(ownerAgent, stored.ownerAgent),
        note: changed(note, stored.note),
        endsOn: changed(endsOn, stored.endsOn),
      })
      return show(request, reply, await callbacks.schedules.update(stored.id, version, input))
    },
  )

  app.put(
    '/v1/welfare-schedules/:id/pause',
    {
      config: { access: 'callbacks:manage' },
      schema: {
        operationId: 'pauseWelfareSchedule',
        tags: ['welfare'],
        summary: 'Pause or go on; needs If-Match',
        params: IdParams,
        body: WelfarePause,
        response: { 200: WelfareSchedule },
      },
    },
    async (request, reply) => {
      const version = requireIfMatch(request)
      const { paused, reason } = request.body
      refusePersonalNumbers({ reason })
      const { id } = await required(request)
      const stored = await callbacks.schedules.setPaused(id, version, paused)
      if (paused) await cancelOpen(request, stored.id, reason)
      return show(request, reply, stored)
    },
  )

  app.delete(
    '/v1/welfare-schedules/:id',
    {
      config: { access: 'callbacks:manage' },
      schema: {
        operationId: 'deleteWelfareSchedule',
        tags: ['welfare'],
        summary: 'Phone no more; needs If-Match; what was done stays in the record',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const version = requireIfMatch(request)
      const { id } = await required(request)
      await callbacks.schedules.remove(id, version)
      await cancelOpen(request, id, undefined)
      return reply.code(204).send(null)
    },
  )

  /** @throws ApiError CTI_ERR_WELFARE_NOT_FOUND, also when it is of another team and queue than the asker sees */
  async function required(request: FastifyRequest<{ Params: { id: string } }>): Promise<ScheduleRecord> {
    const schedule = await callbacks.schedules.read(request.params.id)
    if (schedule === undefined) throw new ApiError('CTI_ERR_WELFARE_NOT_FOUND')
    const { queue, ownerAgent: agentId } = schedule
    if (!isShown(request, centre.current(), { queue, agentId })) throw new ApiError('CTI_ERR_WELFARE_NOT_FOUND')
    return schedule
  }

  /** Who paused a person's calls does not want today's either. One that is being dialled goes on. */
  async function cancelOpen(request: FastifyRequest, scheduleId: string, reason: string | undefined): Promise<void> {
    const by = principalOf(identityOf(request))
    const { items } = await callbacks.list({
      scheduleId,
      states: ['requested', 'scheduled', 'due', 'queued', 'offered', 'no_answer', 'busy'],
      limit: 100,
    })
    for (const { id } of items) {
      await callbacks.cancel(id, 'schedule_paused', { by, reason }).catch((error: { code?: unknown }) => {
        if (error.code !== 'CTI_ERR_CALLBACK_WRONG_STATE') throw error
      })
    }
  }

  async function inputOf(
    request: FastifyRequest,
    wanted: Omit<ScheduleInput, 'number'> & { readonly number?: string },
  ): Promise<ScheduleInput> {
    const { file } = centre.current()
    const labels = wanted.checklist.map(({ label }) => label).join('\n')
    refusePersonalNumbers({ note: wanted.note, checklist: labels })
    if (!file.queues.some(({ id }) => id === wanted.queue)) throw new ApiError('CTI_ERR_QUEUE_NOT_FOUND')
    const ids = wanted.checklist.map(({ id }) => id)
    requireOwner(request, centre.current(), wanted.ownerAgent)
    const citizen = wanted.number === undefined ? await citizens.read(wanted.citizenId) : undefined
    const number = requireDialable(file, wanted.number ?? citizen?.phone)
    const secondNumber = wanted.secondNumber === undefined ? undefined : requireDialable(file, wanted.secondNumber)
    const ends = wanted.endsOn !== undefined && wanted.endsOn < wanted.startsOn
    if (
      ends ||
      secondNumber === number ||
      new Set(wanted.days).size < wanted.days.length ||
      new Set(ids).size < ids.length
    )
      throw new ApiError('CTI_ERR_WELFARE_INVALID')
    return { ...wanted, number, secondNumber }
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    schedule: ScheduleRecord,
  ): Promise<WelfareSchedule> {
    if (sees(request)) {
      const whose = [`citizen:${schedule.citizenId}`]
      await noteAccess(edge.accessLog, request, {
        action: 'read',
        subject: 'welfare_schedule',
        whose,
        what: ['number', 'note'],
      })
    }
    setETag(reply, schedule.version)
    return showSchedule(schedule, sees(request))
  }
}

/** Absent keeps, null clears. */
function changed<T>(given: T | null | undefined, stored: T | undefined): T | undefined {
  return given === undefined ? stored : (given ?? undefined)
}
