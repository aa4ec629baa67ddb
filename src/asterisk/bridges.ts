import { AriError } from './ari/errors.js'
import type { ChannelRequests } from './requests.js'

const bridgePath = '/bridges/{bridgeId}'

/**
 * Creates a mixing bridge and puts the channels in. A bridge that this call made does not stay behind when they cannot come in.
 * @throws AriError refused when a channel is gone or not ours
 */
export async function bridgeChannels(
  requests: ChannelRequests,
  bridgeId: string,
  channelIds: readonly string[],
): Promise<void> {
  const params = { bridgeId }
  if (channelIds.some((id) => id.includes(','))) {
    throw new AriError('invalid', 'POST', `${bridgePath}/addChannel`, undefined, 'an id of a channel is not usable')
  }
  const create = { method: 'POST', path: bridgePath, params, query: { type: 'mixing' }, alsoOk: [409] } as const
  const made = await requests.create(bridgeId, () => requests.rest.request(create, 'quick'))
  try {
    await requests.inOrder(channelIds, {
      method: 'POST',
      path: `${bridgePath}/addChannel`,
      params,
      query: { channel: channelIds.join(',') },
    })
  } catch (error) {
    if (made.status !== 409) await destroyBridge(requests, bridgeId).catch(() => {})
    throw error
  }
}

/** A bridge that is gone, or (409) about to go, counts as done. */
export async function destroyBridge(requests: ChannelRequests, bridgeId: string): Promise<void> {
  await requests.ending(bridgeId, { method: 'DELETE', path: bridgePath, params: { bridgeId }, alsoOk: [404, 409] })
}

/** A channel that is not in the bridge (any more), and a bridge that is gone, count as done. */
export async function takeOut(requests: ChannelRequests, bridgeId: string, channelId: string): Promise<void> {
  await requests.inOrder([channelId], {
    method: 'POST',
    path: `${bridgePath}/removeChannel`,
    params: { bridgeId },
    query: { channel: channelId },
    alsoOk: [404, 409, 422],
  })
}
