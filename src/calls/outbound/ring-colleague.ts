import type { CallWorld } from '../call-world.js'
import { RingError } from '../telephony-port.js'
import type { Colleague, OutboundOrder } from './dialling-port.js'

/** The phone's own limit lies behind ours (ms). */
const SLACK_MS = 2_000

/**
 * Rings a colleague for an internal call. The phone is marked busy in the routing core first: from then on nobody offers its agent a call, and
 * who was offered one a moment before is not disturbed. The PBX says itself when the call is over (a phone in a call that no queue made).
 * @throws RingError `busy` when the colleague is not free any more
 */
export async function ringColleague(
  { routing, telephony, centre, clock }: CallWorld,
  order: OutboundOrder,
  colleague: Colleague,
  channelId: string,
): Promise<void> {
  const { agentId, device, node } = colleague
  const free = () => routing.setDevice(agentId, 'up', clock(), node).catch(() => undefined)
  const { agent } = await routing.setDevice(agentId, 'busy', clock(), node)
  if (agent.presence !== 'available' || agent.work !== 'idle') {
    await free()
    throw new RingError('busy', 'the colleague is not free any more')
  }
  const { file } = centre.current()
  const asking = order.what === 'call_out' ? file.agents.find(({ id }) => id === order.agentId) : undefined
  try {
    await telephony.dial({
      channelId,
      contactId: order.contactId,
      number: '',
      callerId: '',
      phone: {
        endpoint: device,
        node,
        displayName: `[내선] ${asking?.name ?? ''}`.trim(),
        displayNumber: asking?.device ?? '',
      },
      timeoutMs: order.ringMs + SLACK_MS,
      variables: { CTI_ARRIVED_AT: String(clock()), CTI_QUEUE: order.queue, CTI_ENQUEUED_AT: String(order.enqueuedAt) },
    })
  } catch (error) {
    await free()
    throw error
  }
}
