import type { ContactSnapshot } from '../../routing/model.js'
import type { CallWorld } from '../call-world.js'
import type { Offer } from '../contact-model.js'
import { planForQueue } from '../intake.js'
import { restoreContact } from '../restore.js'
import type { CallRunner } from '../runner.js'
import type { ListedChannel } from '../telephony-port.js'
import { aboutOf } from './dialling-port.js'
import type { OutboundCall } from './outbound-effects.js'

/**
 * Gives a citizen who has answered to the call runner, by the very steps with which it takes over a call that another process carried: so
 * everything that can happen to a call can happen to this one.
 * @param as `talk`: both have answered and are joined now; `wait`: the citizen waits at the old place, for the agent who is kept free or the
 *   next one
 */
export async function handOver(
  world: CallWorld,
  runner: CallRunner,
  { order }: OutboundCall,
  as: 'talk' | 'wait',
  offer: Offer | undefined,
): Promise<void> {
  const { routing, centre, clock, telephony } = world
  const { contactId, queue, priority, callerId } = order
  const plan = planForQueue(centre.current().file, queue, priority, clock())
  const caller: ListedChannel = {
    id: `c-${contactId}`,
    appData: '',
    state: 'Up',
    variables: { CTI_CONTACT: contactId, CTI_ARRIVED_AT: String(clock()), CTI_TO: callerId },
    role: 'caller',
    inApplication: true,
    callerNumber: order.number,
  }
  const known: ContactSnapshot =
    as === 'talk' && offer
      ? { ...bare(order), ...promiseOf(offer), state: 'connected' }
      : ((await routing.getContact(contactId)) ?? { ...bare(order), state: 'queued' })
  if (!plan) return telephony.hangUp(caller.id)
  const agent: ListedChannel | undefined =
    as === 'talk' && offer
      ? { id: offer.channelId, appData: '', state: 'Up', variables: {}, role: 'agent', inApplication: true }
      : undefined
  runner.adopt(caller, callerId, restoreContact(known, plan, caller, agent), aboutOf(order))
}

function bare({ contactId, queue, priority, enqueuedAt }: OutboundCall['order']) {
  return { contactId, queue, priority, enqueuedAt, attempts: 0, version: 0 }
}

function promiseOf({ reservationId, token, agentId, deadline, deviceNode }: Offer) {
  return { reservationId, token, agentId, deadline, ...(deviceNode === undefined ? {} : { deviceNode }) }
}
