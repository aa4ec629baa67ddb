import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Callback as CallbackRecord } from '../../../callbacks/model.js'
import type { Change } from '../../../callbacks/ports.js'
import { principalOf } from '../../auth/identity.js'
import {
  Callback,
  CallbackAnswer,
  CallbackCancel,
  CallbackOutcome,
  CallbackReassign,
  CallbackReschedule,
  ChecklistAnswers,
} from '../../contracts/callbacks.js'
import { IdParams } from '../../contracts/common.js'
import { ApiError } from '../../problem.js'
import { showCallback } from '../../view/callbacks.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { requireOwn, requireOwner, showsCallback } from '../callback-access.js'
import type { Api, Edge } from '../edge.js'
import { ifMatch, requireIfMatch, setETag } from '../etag.js'

/** What people change of a call-back, with the reason; a promise never moves in silence. */
export function registerCallbackChangeRoutes(app: Api, edge: Edge): void {
  const { callbacks, centre, clock } = edge

  app.post(
    '/v1/callbacks/:id/reassign',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'reassignCallback',
        tags: ['callbacks'],
        summary: 'Another agent owns it, or nobody; needs If-Match',
        params: IdParams,
        body: CallbackReassign,
        response: { 200: Callback },
      },
    },
    async (request, reply) => {
      const change = changeOf(request, requireIfMatch(request), request.body.reason)
      const owner = request.body.ownerAgent ?? undefined
      const callback = await required(request)
      // What nobody owns, an agent may take; what is one's own, one may give back.
      const taken = callback.ownerAgent === undefined && owner === identityOf(request).id
      if (!taken) requireOwn(request, callback)
      requireOwner(request, centre.current(), owner)
      return show(request, reply, await callbacks.reassign(callback.id, owner, clock(), change))
    },
  )

  app.post(
    '/v1/callbacks/:id/reschedule',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'rescheduleCallback',
        tags: ['callbacks'],
        summary: 'Another time (booked: another slot), with the reason; needs If-Match',
        params: IdParams,
        body: CallbackReschedule,
        response: { 200: CallbackAnswer },
      },
    },
    async (request, reply) => {
      const change = changeOf(request, requireIfMatch(request), request.body.reason)
      const own = await requiredOwn(request)
      const { callback, moved } = await callbacks.reschedule(own.id, Date.parse(request.body.at), change)
      return reply.send({ callback: show(request, reply, callback), created: false, moved })
    },
  )

  app.post(
    '/v1/callbacks/:id/cancel',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'cancelCallback',
        tags: ['callbacks'],
        summary: 'Take it back, with the reason; needs If-Match',
        params: IdParams,
        body: CallbackCancel,
        response: { 200: Callback },
      },
    },
    async (request, reply) => {
      const change = changeOf(request, requireIfMatch(request), request.body.reason)
      const own = await requiredOwn(request)
      return show(request, reply, await callbacks.cancel(own.id, 'by_staff', change))
    },
  )

  app.put(
    '/v1/callbacks/:id/outcome',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'setCallbackOutcome',
        tags: ['callbacks'],
        summary: 'What became of the attempt under way, or of the one that has just ended',
        params: IdParams,
        body: CallbackOutcome,
        response: { 200: Callback },
      },
    },
    async (request, reply) => {
      const own = await requiredOwn(request)
      const change = changeOf(request, ifMatch(request), request.body.outcome)
      return show(request, reply, await callbacks.outcome(own.id, request.body.outcome, change))
    },
  )

  app.put(
    '/v1/callbacks/:id/checklist',
    {
      config: { access: 'callbacks:write' },
      schema: {
        operationId: 'answerCallbackChecklist',
        tags: ['callbacks'],
        summary: 'Answers of a welfare call; only what is given changes',
        params: IdParams,
        body: ChecklistAnswers,
        response: { 200: Callback },
      },
    },
    async (request, reply) => {
      const { answers } = request.body
      refusePersonalNumbers(Object.fromEntries(Object.entries(answers).map(([id, text]) => [`answers/${id}`, text])))
      const own = await requiredOwn(request)
      const change = changeOf(request, ifMatch(request))
      return show(request, reply, await callbacks.answerChecklist(own.id, answers, clock(), change))
    },
  )

  function changeOf(request: FastifyRequest, ifVersion: number | undefined, reason?: string): Change {
    refusePersonalNumbers({ reason })
    return { by: principalOf(identityOf(request)), reason, ifVersion }
  }

  async function required(request: FastifyRequest<{ Params: { id: string } }>): Promise<CallbackRecord> {
    const callback = await callbacks.get(request.params.id)
    if (callback === undefined || !showsCallback(request, centre.current(), callback))
      throw new ApiError('CTI_ERR_CALLBACK_NOT_FOUND')
    return callback
  }

  async function requiredOwn(request: FastifyRequest<{ Params: { id: string } }>): Promise<CallbackRecord> {
    const callback = await required(request)
    requireOwn(request, callback)
    return callback
  }

  function show(request: FastifyRequest, reply: FastifyReply, callback: CallbackRecord): Callback {
    setETag(reply, callback.version)
    return showCallback(callback, clock(), request.permissions.includes('pii:read'))
  }
}
