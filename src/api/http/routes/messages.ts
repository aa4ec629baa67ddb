import { newId } from '../../../platform/ids.js'
import { principalOf } from '../../auth/identity.js'
import { Message, MessageRequest } from '../../contracts/messages.js'
import { ApiError } from '../../problem.js'
import { findAgent } from '../../view/agents.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import type { Api, Edge } from '../edge.js'
import { isShown } from '../scope.js'

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
      const shown = (agentId: string) => isShown(request, centre.current(), { agentId })
      const recipients = 'team' in to ? membersOf(to.team, shown) : [agentOf(to.agent, shown)]
      const [messageId, at, from] = [newId(), clock(), principalOf(identityOf(request))]
      const data = { messageId, from, to: recipients, text, ...(team === undefined ? {} : { team }) }
      await journal.append('message.sent', { subject: `message:${messageId}`, time: at, data })
      return reply.code(202).send({ messageId, at, to: recipients })
    },
  )

  function agentOf(id: string, shown: (id: string) => boolean): string {
    if (findAgent(centre.current(), id) === undefined || !shown(id)) throw new ApiError('CTI_ERR_AGENT_NOT_FOUND')
    return id
  }

  /** Of a team that is shown in part, those who are. */
  function membersOf(team: string, shown: (id: string) => boolean): string[] {
    const { teams, agents } = centre.current().file
    const members = agents.filter((agent) => agent.team === team).map(({ id }) => id)
    const seen = members.filter(shown)
    const hidden = members.length > 0 && seen.length === 0
    if (hidden || !teams.some(({ id }) => id === team)) throw new ApiError('CTI_ERR_TEAM_NOT_FOUND')
    return seen
  }
}
