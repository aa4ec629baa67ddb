import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { principalOf } from '../../auth/identity.js'
import { Id, IdParams, strict } from '../../contracts/common.js'
import {
  Webhook,
  WebhookCreate,
  WebhookCreated,
  WebhookList,
  WebhookMessagePage,
  WebhookMessageQuery,
  WebhookReplay,
  WebhookReplayed,
  WebhookSecret,
  WebhookUpdate,
} from '../../contracts/webhooks.js'
import { ApiError } from '../../problem.js'
import { checkFilter, viewMessage, viewWebhook } from '../../view/webhooks.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { requireIfMatch, setETag } from '../etag.js'

/** Subscriptions of other systems to the events, and what became of each message. */
export function registerWebhookRoutes(app: Api, edge: Edge): void {
  const { webhooks, centre, clock } = edge
  const { subscriptions, messages } = webhooks
  const config = { access: 'webhooks:manage' } as const
  const tags = ['webhooks']

  const show = async (id: string): Promise<Webhook> => {
    const found = await subscriptions.read(id)
    if (found === undefined) throw new ApiError('CTI_ERR_WEBHOOK_NOT_FOUND')
    return viewWebhook(found, (await subscriptions.counts([id])).get(id))
  }
  const check = (request: FastifyRequest, wish: WebhookUpdate): void => {
    const problem = wish.url === undefined ? undefined : webhooks.checkTarget(wish.url)
    if (problem !== undefined) throw new ApiError('CTI_ERR_WEBHOOK_TARGET', `The address is refused: ${problem}.`)
    checkFilter(centre.current().file, wish)
    if (wish.unmasked === true && !request.permissions.includes('pii:read'))
      throw new ApiError('CTI_ERR_SCOPE_TOO_WIDE', 'You do not have: pii:read.')
  }

  app.post(
    '/v1/webhooks',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'createWebhook',
        tags,
        summary: 'Subscribe to events from now on; the signing secret is shown this once',
        body: WebhookCreate,
        response: { 201: WebhookCreated },
      },
    },
    async (request, reply) => {
      check(request, request.body)
      const { name, url, types = ['*'], queues = [], teams = [], unmasked = false, enabled = true } = request.body
      const input = { name, url, types, queues, teams, unmasked, enabled }
      const by = principalOf(identityOf(request))
      const { subscription, secret } = await subscriptions.create(input, await webhooks.place(), by)
      setETag(reply, subscription.version)
      return reply
        .code(201)
        .headers({ location: `/v1/webhooks/${subscription.id}`, 'cache-control': 'no-store' })
        .send({ ...viewWebhook(subscription), secret })
    },
  )

  app.get(
    '/v1/webhooks',
    {
      config,
      schema: {
        operationId: 'listWebhooks',
        tags,
        summary: 'All of them, newest first',
        response: { 200: WebhookList },
      },
    },
    async () => {
      const all = await subscriptions.list()
      const counts = await subscriptions.counts(all.map(({ id }) => id))
      return { items: all.map((each) => viewWebhook(each, counts.get(each.id))) }
    },
  )

  app.get(
    '/v1/webhooks/:id',
    {
      config,
      schema: { operationId: 'getWebhook', tags, summary: 'One of them', params: IdParams, response: { 200: Webhook } },
    },
    async (request, reply) => {
      const webhook = await show(request.params.id)
      setETag(reply, webhook.version)
      return webhook
    },
  )

  app.patch(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        operationId: 'updateWebhook',
        tags,
        summary: 'Change it; needs If-Match. What is still to be sent goes to the new address',
        params: IdParams,
        body: WebhookUpdate,
        response: { 200: Webhook },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const version = requireIfMatch(request)
      check(request, request.body)
      const before = await subscriptions.read(id)
      // Who may not see numbers must not turn them to another address either.
      if (before?.unmasked === true && request.body.unmasked !== false) check(request, { unmasked: true })
      await subscriptions.update(id, version, request.body)
      const webhook = await show(id)
      setETag(reply, webhook.version)
      return webhook
    },
  )

  app.delete(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        operationId: 'deleteWebhook',
        tags,
        summary: 'End it, with everything that is still to be sent',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await subscriptions.remove(request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/webhooks/:id/rotate-secret',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'rotateWebhookSecret',
        tags,
        summary: 'A new signing secret; for 24 hours messages are signed with both',
        params: IdParams,
        body: Type.Object({}, strict),
        response: { 200: WebhookSecret },
      },
    },
    async (request, reply) => {
      const before = await subscriptions.read(request.params.id)
      if (before?.unmasked === true) check(request, { unmasked: true })
      reply.header('cache-control', 'no-store')
      return { secret: await subscriptions.rotate(request.params.id) }
    },
  )

  app.get(
    '/v1/webhooks/:id/messages',
    {
      config,
      schema: {
        operationId: 'listWebhookMessages',
        tags,
        summary: 'What was sent, is to be sent, or was given up (`state=dead`), newest first',
        params: IdParams,
        querystring: WebhookMessageQuery,
        response: { 200: WebhookMessagePage },
      },
    },
    async (request) => {
      await show(request.params.id)
      const page = await messages.search(request.params.id, request.query)
      return { ...page, items: page.items.map(viewMessage) }
    },
  )

  app.post(
    '/v1/webhooks/:id/messages/:messageId/replay',
    {
      config,
      schema: {
        operationId: 'replayWebhookMessage',
        tags,
        summary: 'Send one message again, under the same webhook-id',
        params: Type.Object({ id: Id, messageId: Id }, strict),
        body: Type.Object({}, strict),
        response: { 202: WebhookReplayed },
      },
    },
    async (request, reply) => {
      const { id, messageId } = request.params
      await show(id)
      await messages.replayOne(id, messageId, clock(), webhooks.giveUpMs)
      return reply.code(202).send({ count: 1 })
    },
  )

  app.post(
    '/v1/webhooks/:id/replay',
    {
      config,
      schema: {
        operationId: 'replayWebhook',
        tags,
        summary: 'Send the messages of a time again, in order, at most 10,000 at once',
        params: IdParams,
        body: WebhookReplay,
        response: { 202: WebhookReplayed },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { from, to, which = 'dead' } = request.body
      await show(id)
      const range = { from: new Date(from), to: new Date(to), which }
      return reply.code(202).send({ count: await messages.replayRange(id, range, clock(), webhooks.giveUpMs) })
    },
  )
}
