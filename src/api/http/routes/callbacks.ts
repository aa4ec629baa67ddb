import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { END_STATES, OPEN_STATES } from '../../../callbacks/model.js'
import type { CallbackQuery as StoreQuery } from '../../../callbacks/ports.js'
import { AT_RISK_MS } from '../../../callbacks/risk.js'
import { normaliseNumber } from '../../../context/numbers.js'
import { CallbackFigures, CallbackFiguresQuery } from '../../contracts/callback-figures.js'
import {
  CallbackDetail,
  CallbackKind,
  CallbackPage,
  CallbackQuery,
  CallbackSlots,
  TimeChoices,
} from '../../contracts/callbacks.js'
import { Code, IdParams, strict } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { instant, showAttempt, showCallback, showChange } from '../../view/callbacks.js'
import { identityOf } from '../access.js'
import { noteAccess, searchedBy, whoseMatter } from '../audit.js'
import { showsCallback } from '../callback-access.js'
import type { Api, Edge } from '../edge.js'
import { setETag } from '../etag.js'
import { scopeFor } from '../scope.js'

const LONGEST_PERIOD_MS = 366 * 86_400_000

/** Call-backs: who is to be phoned, and how it went. */
export function registerCallbackRoutes(app: Api, edge: Edge): void {
  const { callbacks, centre, clock, accessLog } = edge
  const sees = (request: FastifyRequest) => request.permissions.includes('pii:read')

  app.get(
    '/v1/callbacks',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'searchCallbacks',
        tags: ['callbacks'],
        summary: 'Search call-backs',
        querystring: CallbackQuery,
        response: { 200: CallbackPage },
      },
    },
    async (request) => {
      const wanted = storeQuery(request, request.query)
      if (wanted === undefined) return { items: [] }
      const page = await callbacks.list(wanted)
      if (sees(request) || request.query.number !== undefined)
        await noteAccess(accessLog, request, {
          action: 'search',
          subject: 'callback',
          whose: page.items.map((item) => whoseMatter('callback', item)),
          what: searchedBy(request.query),
        })
      return { ...page, items: page.items.map((item) => showCallback(item, clock(), sees(request))) }
    },
  )

  app.get(
    '/v1/callbacks/times',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'listCallbackTimes',
        tags: ['callbacks'],
        summary: 'Times in open hours that can be promised',
        querystring: Type.Object({ queue: Code, kind: Type.Optional(CallbackKind) }, strict),
        response: { 200: TimeChoices },
      },
    },
    async ({ query }) => {
      requireQueue(query.queue)
      return { items: callbacks.timeChoices(query.kind ?? 'agent_promised', query.queue).map(instant) }
    },
  )

  app.get(
    '/v1/callbacks/slots',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'listCallbackSlots',
        tags: ['callbacks'],
        summary: 'Slots with places left, for kind booked',
        querystring: Type.Object({ queue: Code }, strict),
        response: { 200: CallbackSlots },
      },
    },
    async ({ query }) => {
      requireQueue(query.queue)
      const slots = await callbacks.bookings.free(query.queue)
      return { items: slots.map(({ at, until, free }) => ({ at: instant(at), until: instant(until), free })) }
    },
  )

  app.get(
    '/v1/callbacks/figures',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'getCallbackFigures',
        tags: ['callbacks'],
        summary: 'Kept on time, reached, attempts, superseded: by kind and queue',
        querystring: CallbackFiguresQuery,
        response: { 200: CallbackFigures },
      },
    },
    async (request) => {
      const { query } = request
      const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
      if (from >= to || to - from > LONGEST_PERIOD_MS) throw new ApiError('CTI_ERR_INVALID_ARGUMENT', 'from, to')
      const { floor } = scopeFor(request, centre.current())
      const shown = floor && [...floor.queues]
      const queues = query.queue === undefined ? shown : [query.queue].filter((id) => shown?.includes(id) ?? true)
      const { total, lines } = await callbacks.figures.read({ from, to, now: clock(), queues })
      return { from: instant(from), to: instant(to), total, lines: [...lines] }
    },
  )

  app.get(
    '/v1/callbacks/:id',
    {
      config: { access: 'callbacks:read' },
      schema: {
        operationId: 'getCallback',
        tags: ['callbacks'],
        summary: 'One call-back with its attempts and changes',
        params: IdParams,
        response: { 200: CallbackDetail },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const callback = await callbacks.get(id)
      if (callback === undefined || !showsCallback(request, centre.current(), callback))
        throw new ApiError('CTI_ERR_CALLBACK_NOT_FOUND')
      if (sees(request)) {
        const whose = [whoseMatter('callback', callback)]
        await noteAccess(accessLog, request, { action: 'read', subject: 'callback', whose, what: ['number', 'reason'] })
      }
      const [attempts, changes] = await Promise.all([callbacks.attempts(id), callbacks.changes(id)])
      setETag(reply, callback.version)
      return {
        ...showCallback(callback, clock(), sees(request)),
        attemptList: attempts.map(showAttempt),
        changes: changes.map((change) => showChange(change, sees(request))),
      }
    },
  )

  function requireQueue(queue: string): void {
    if (!centre.current().file.queues.some(({ id }) => id === queue)) throw new ApiError('CTI_ERR_QUEUE_NOT_FOUND')
  }

  /** @returns undefined when nothing can be found by it */
  function storeQuery(request: FastifyRequest, query: CallbackQuery): StoreQuery | undefined {
    const number = query.number === undefined ? undefined : normaliseNumber(query.number)
    if (query.number !== undefined && number === undefined) return undefined
    const members =
      query.team === undefined ? undefined : centre.current().file.agents.filter((a) => a.team === query.team)
    const time = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at))
    return {
      kinds: query.kind === undefined ? undefined : [query.kind],
      states: statesOf(query.state),
      queues: query.queue === undefined ? undefined : [query.queue],
      ownerAgent: query.owner === 'me' ? identityOf(request).id : query.owner,
      ownerAgents: members?.map(({ id }) => id),
      citizenId: query.citizen,
      floor: scopeFor(request, centre.current()).floor,
      contactId: query.contact,
      number,
      overdueAt: query.risk === 'overdue' ? clock() : undefined,
      promisedBefore: query.risk === 'at_risk' ? clock() + AT_RISK_MS : undefined,
      requestedFrom: time(query.requestedFrom),
      requestedTo: time(query.requestedTo),
      order: query.order,
      cursor: query.cursor,
      limit: query.limit ?? 30,
    }
  }
}

function statesOf(state: CallbackQuery['state']): StoreQuery['states'] {
  if (state === undefined) return undefined
  if (state === 'open') return OPEN_STATES
  return state === 'ended' ? END_STATES : [state]
}
