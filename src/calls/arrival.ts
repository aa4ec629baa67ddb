import type { CallWorld } from './call-world.js'
import type { ContactState } from './contact-model.js'
import { EMPTY_BRIEF, type LiveCall } from './live-call.js'
import { isChannelGone, type ListedChannel } from './telephony-port.js'

/** What the PBX says of a caller. */
export interface Arrival {
  readonly channelId: string
  readonly dialled: string
  readonly callerNumber?: string
  readonly callerName?: string
  /** epoch ms */
  readonly at: number
}

/** The same facts read from a channel that was found. @param now epoch ms, for one that carries no time of arrival */
export function callFacts(channel: ListedChannel, dialled: string, now: number): Arrival {
  const { CTI_ARRIVED_AT: arrivedAt } = channel.variables
  return {
    channelId: channel.id,
    dialled,
    callerNumber: channel.callerNumber,
    callerName: channel.callerName,
    at: arrivedAt === undefined ? now : Number(arrivedAt),
  }
}

/** Starts the look-up for the pop at once, so that the pop rarely has to wait for it. */
export function createLiveCall(world: CallWorld, arrival: Arrival, state: ContactState): LiveCall {
  const caller = world.normaliseNumber(arrival.callerNumber)
  const context = world.context.lookUp(caller)
  // Nobody may be waiting for it yet when it fails; the pop handles the failure.
  context.catch(() => undefined)
  return {
    contactId: state.id,
    channelId: arrival.channelId,
    dialled: arrival.dialled,
    caller,
    callerName: caller === undefined ? undefined : arrival.callerName,
    arrivedAt: arrival.at,
    state,
    brief: EMPTY_BRIEF,
    context,
    contextAt: arrival.at,
  }
}

/** Tells the journal, answers, and marks the channel so that any process can find out whose it is. */
export function announceArrival(world: CallWorld, call: LiveCall): void {
  const { journal, logger, telephony } = world
  const { contactId, channelId, dialled, caller, arrivedAt } = call
  const failed = (what: string) => (error: unknown) => {
    if (!isChannelGone(error)) logger.warn({ contactId, err: error }, what)
  }
  journal
    .append('contact.created', {
      subject: `contact:${contactId}`,
      contactId,
      time: arrivedAt,
      data: { channel: 'voice', direction: 'inbound', dialled, caller, node: telephony.node, channelId },
    })
    .catch(failed('contact.created could not be written'))
  telephony.answer(channelId).catch(failed('answer failed'))
  const marks = { CTI_CONTACT: contactId, CTI_ROLE: 'caller', CTI_ARRIVED_AT: String(arrivedAt), CTI_TO: dialled }
  telephony.setVariables(channelId, marks).catch(failed('variables could not be set'))
}
