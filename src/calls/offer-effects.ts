import { isCallOutContact, isOutboundContact } from '../callbacks/contact-id.js'
import { maskName, maskNumber } from '../context/mask.js'
import { isRoutingError } from '../routing/errors.js'
import type { CallWorld } from './call-world.js'
import type { ContactEvent, Offer } from './contact-model.js'
import { INTERNAL_LABEL, INTERNAL_QUEUE } from './internal-call.js'
import type { LiveCall } from './live-call.js'
import { ringFailureOf } from './telephony-port.js'

type Post = (event: ContactEvent) => void

/** The device's own ring limit lies behind the deadline, so that the core's clock decides (ms). */
const RING_SLACK_MS = 2_000

/** Names exactly one promise to the core. */
export const promised = (offer: Offer): { reservationId: string; token: number } => ({
  reservationId: offer.reservationId,
  token: offer.token,
})

/** Rings the agent's device; a device that cannot be tried comes back as an ended leg. */
export async function ringAgent(world: CallWorld, call: LiveCall, offer: Offer, post: Post): Promise<void> {
  const { file } = world.centre.current()
  const queueConfig = file.queues.find((q) => q.id === call.state.plan?.queue)
  const agent = file.agents.find((a) => a.id === offer.agentId)
  const endpoint = agent?.device
  if (endpoint === undefined) return post({ type: 'leg_ended', channelId: offer.channelId, failure: 'unregistered' })
  try {
    await world.telephony.ring({
      channelId: offer.channelId,
      contactId: call.contactId,
      reservationId: offer.reservationId,
      endpoint,
      node: offer.deviceNode,
      displayName: [
        `[${call.callback === undefined ? '' : '콜백 '}${isCallOutContact(call.contactId) ? '발신 ' : ''}${queueConfig?.label.ko ?? (call.state.plan?.queue === INTERNAL_QUEUE ? INTERNAL_LABEL.ko : call.state.plan?.queue)}]`,
        call.callerName ? maskName(call.callerName) : '',
      ]
        .join(' ')
        .trim(),
      displayNumber: call.caller === undefined ? '' : maskNumber(call.caller).replaceAll('-', ''),
      callInfo: call.popTarget,
      autoAnswer: agent?.autoAnswer === 'always' || offer.byClient === 'taken',
      timeoutMs: Math.max(1000, offer.deadline - world.clock() + RING_SLACK_MS),
      // Of somebody whom we phone there is no channel yet.
      originator: isOutboundContact(call.contactId) ? undefined : call.channelId,
    })
  } catch (error) {
    const failure = ringFailureOf(error)
    post({ type: 'leg_ended', channelId: offer.channelId, failure })
    // The caller left in the same moment, which the end of the caller's own channel tells: nothing failed.
    if (failure !== 'cancelled') throw error
  } finally {
    call.later.come()
  }
}

/** Asks the core whether the promise still holds, now that the device answered. */
export async function confirmAnswer(world: CallWorld, offer: Offer, post: Post): Promise<void> {
  try {
    await world.routing.connectContact(promised(offer), world.clock())
    post({ type: 'connected', reservationId: offer.reservationId })
  } catch (error) {
    post({ type: 'connect_refused', reservationId: offer.reservationId })
    if (!isRoutingError(error)) throw error
  }
}
