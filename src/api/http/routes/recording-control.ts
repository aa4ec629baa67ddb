import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { RecordingAction } from '../../../recording/model.js'
import { recordingPolicy } from '../../../recording/policy.js'
import { IdParams } from '../../contracts/common.js'
import { RecordingState } from '../../contracts/recordings.js'
import { ApiError } from '../../problem.js'
import { showState } from '../../view/recordings.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { ifMatch, setETag } from '../etag.js'
import { supervises } from '../scope.js'

const ACTIONS = {
  start: 'Record from now on (queues that record on demand)',
  stop: 'Record no more (queues that record on demand)',
  pause: 'Record silence until it goes on; both hear a tone',
  resume: 'Go on recording',
} as const satisfies Record<RecordingAction, string>

/** The recording of a talk that is going on. */
export function registerRecordingControlRoutes(app: Api, edge: Edge): void {
  const { routing, centre, recordings } = edge

  app.get(
    '/v1/contacts/:id/recording',
    {
      config: { access: 'recordings:control' },
      schema: {
        operationId: 'getContactRecording',
        tags: ['recordings'],
        summary: 'Is this talk being recorded?',
        params: IdParams,
        response: { 200: RecordingState },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { queue } = await requireOwn(request, id)
      return show(request, reply, queue, await recordings.commands.state(id))
    },
  )

  for (const [action, summary] of Object.entries(ACTIONS) as [RecordingAction, string][]) {
    app.post(
      `/v1/contacts/:id/recording/${action}`,
      {
        config: { access: 'recordings:control' },
        schema: {
          operationId: `${action}ContactRecording`,
          tags: ['recordings'],
          summary: `${summary}; if it is so already, that is fine`,
          params: IdParams,
          body: Type.Object({}, { additionalProperties: false }),
          response: { 200: RecordingState },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id: string }
        const { queue, supervises } = await requireOwn(request, id)
        const by = { id: identityOf(request).id, supervises }
        return show(request, reply, queue, await recordings.commands.ask(id, action, by, ifMatch(request)))
      },
    )
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    queue: string,
    state: Awaited<ReturnType<typeof recordings.commands.state>>,
  ): RecordingState {
    setETag(reply, state.rev)
    const leads = supervises(request, centre.current(), { queue })
    return showState(state, recordingPolicy(centre.current().file, queue), leads)
  }

  /** @throws ApiError CTI_ERR_CONTACT_NOT_FOUND, CTI_ERR_CONTACT_OTHER_AGENT */
  async function requireOwn(request: FastifyRequest, id: string): Promise<{ queue: string; supervises: boolean }> {
    const contact = await routing.getContact(id)
    if (contact === undefined) throw new ApiError('CTI_ERR_CONTACT_NOT_FOUND')
    const leads = supervises(request, centre.current(), contact)
    if (!leads && contact.agentId !== identityOf(request).id) throw new ApiError('CTI_ERR_CONTACT_OTHER_AGENT')
    return { queue: contact.queue, supervises: leads }
  }
}
