import type { FastifyRequest } from 'fastify'
import { CentreLabels } from '../../contracts/centre.js'
import { IdParams } from '../../contracts/common.js'
import { Queue, QueueList } from '../../contracts/queues.js'
import { ApiError } from '../../problem.js'
import { viewCentre } from '../../view/centre.js'
import { viewQueues } from '../../view/queues.js'
import type { Api, Edge } from '../edge.js'
import { isShown } from '../scope.js'

/** Queues with live state, and the labels of the centre. */
export function registerQueueRoutes(app: Api, edge: Edge): void {
  const { routing, centre } = edge
  const visible = (request: FastifyRequest, queue: string) => isShown(request, centre.current(), { queue })
  const moment = () => routing.snapshot(centre.current().file.queues.map(({ id }) => id))

  app.get(
    '/v1/queues',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'listQueues',
        tags: ['floor'],
        summary: 'Queues with live state, at one journal position',
        response: { 200: QueueList },
      },
    },
    async (request) => {
      const now = await moment()
      const items = viewQueues(centre.current(), now).filter(({ id }) => visible(request, id))
      return { items, epoch: now.epoch, seq: now.seq }
    },
  )

  app.get(
    '/v1/queues/:id',
    {
      config: { access: 'floor:read' },
      schema: {
        operationId: 'getQueue',
        tags: ['floor'],
        summary: 'One queue with live state',
        params: IdParams,
        response: { 200: Queue },
      },
    },
    async (request) => {
      const queue = viewQueues(centre.current(), await moment()).find(({ id }) => id === request.params.id)
      if (queue === undefined || !visible(request, queue.id)) throw new ApiError('CTI_ERR_QUEUE_NOT_FOUND')
      return queue
    },
  )

  app.get(
    '/v1/centre',
    {
      config: { access: 'centre:read' },
      schema: {
        operationId: 'getCentre',
        tags: ['centre'],
        summary: 'Labels of the centre: queues, skills, break reasons, dispositions, …',
        response: { 200: CentreLabels },
      },
    },
    async () => viewCentre(centre.current()),
  )
}
