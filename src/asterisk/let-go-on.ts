import type { AriRequest } from './ari/request.js'
import type { Legs } from './legs.js'
import type { ChannelRequests } from './requests.js'

/**
 * A call of an agent's phone goes on in the dialplan (`cti-ask` in asterisk/dialplan/agents.conf). Watched, its REFERs stay ours to hear of
 * (CTI_WATCHED) and the application stays subscribed to it, until it ends.
 */
export async function letGoOn(
  app: string,
  requests: ChannelRequests,
  legs: Legs,
  channelId: string,
  watched: boolean,
): Promise<void> {
  const [params, alsoOk] = [{ channelId }, [404, 409]]
  const send = (request: Omit<AriRequest, 'method' | 'alsoOk'>) =>
    requests.inOrder([channelId], { method: 'POST', ...request, alsoOk })
  if (watched) {
    // Its leaving the application is no end.
    legs.markMoving(channelId)
    await send({ path: '/channels/{channelId}/variable', params, query: { variable: 'CTI_WATCHED', value: '1' } })
    await send({
      path: '/applications/{app}/subscription',
      params: { app },
      query: { eventSource: `channel:${channelId}` },
    })
  }
  await send({ path: '/channels/{channelId}/continue', params })
}
