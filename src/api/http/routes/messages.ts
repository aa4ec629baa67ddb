import { newId } from '../../../platform/ids.js'
import { principalOf } from '../../auth/identity.js'
import { Message, MessageRequest } from '../../contracts/messages.js'
import { ApiError } from '../../problem.js'
import { findAgent } from '../../view/agents.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'

/** A word to an agent or a team. It is an event like any other and goes with the journal after some hours; the record keeps nothing of it. */
export function registerMessageRoutes(app: Api, { centre, journal, clock }: Edge): void {
  app.post(
    '/v1/messages',
    {
      config: { access: 'messages:send' },
      schema: {
        operationId: 'sendMessage',
        tags: ['supervision'],
        summary: 'A word on the screens of an agent or a team (event message.sent)',
        body: MessageRequest,
        response: { 202: Message },
      },
    },
    async (request, reply) => {
      const { to, text } = request.body
      refusePersonalNumbers({ text })
      const team = 'team' in to ? to.team : undefined
      const recipients = 'team' in to ? membersOf(to.team) : [agentOf(to.agent)]
      const [messageId, at, from] = [newId(), clock(), principalOf(identityOf(request))]
      const data = { messageId, from, to: recipients, text, ...(team === undefined ? {} : { team }) }
      await journal.append('message.sent', { subject: `message:${messageId}`, time: at, data })
      return reply.code(202).send({ messageId, at, to: recipients })
    },
  )

  function agentOf(id: string): string {
    if (findAgent(centre.current(), id) === undefined) throw new ApiError('CTI_ERR_AGENT_NOT_FOUND')
    return id
  }

  function membersOf(team: string): string[] {
    const { teams, agents } = centre.current().file
    if (!teams.some(({ id }) => id === team)) throw new ApiError('CTI_ERR_TEAM_NOT_FOUND')
    return agents.filter((agent) => agent.team === team).map(({ id }) => id)
  }
}
