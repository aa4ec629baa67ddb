import type { EventData } from '../journal/events.js'
import type { CallWorld } from './call-world.js'
import type { ContactState } from './contact-model.js'
import { Later } from './later.js'
import { EMPTY_BRIEF, type LiveCall } from './live-call.js'
import { markCaller } from './marks.js'
import type { CallbackAbout } from './outbound/dialling-port.js'
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

type ArrivalData = EventData<'contact.created'>

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

/** @param adopted found again after a cut: what could wait was done in its earlier life */
export function createLiveCall(
  world: CallWorld,
  arrival: Arrival,
  state: ContactState,
  adopted: boolean,
  callback?: CallbackAbout,
): LiveCall {
  const caller = world.normaliseNumber(arrival.callerNumber)
  const now = world.clock()
  return {
    contactId: state.id,
    channelId: arrival.channelId,
    dialled: arrival.dialled,
    caller,
    callerName: caller === undefined ? undefined : arrival.callerName,
    arrivedAt: arrival.at,
    state,
    brief: EMPTY_BRIEF,
    facts: world.lookUps.take(arrival.channelId, caller, now),
    factsAt: now,
    legs: new Set(),
    orders: Promise.resolve(),
    listening: Promise.resolve(),
    later: new Later(adopted),
    unwritten: {},
    told: adopted,
    callback,
  }
}

/** Answers and marks the channel once the agent's phone rings. */
export function receive(world: CallWorld, call: LiveCall): void {
  const { contactId, channelId, dialled, arrivedAt } = call
  call.later.run(() => {
    world.telephony.answer(channelId).catch((error: unknown) => {
      if (!isChannelGone(error)) world.logger.warn({ contactId, err: error }, 'answer failed')
    })
  })
  markCaller(world, call, {
    CTI_CONTACT: contactId,
    CTI_ROLE: 'caller',
    CTI_ARRIVED_AT: String(arrivedAt),
    CTI_TO: dialled,
  })
}

/**
 * The call's `contact.created`, once: whoever writes the first event of a contact writes this one before it. In the usual case that is the
 * script that lets the contact wait, so that both are one round trip.
 */
export function takeArrival(world: CallWorld, call: LiveCall): { time: number; data: ArrivalData } | undefined {
  if (call.told) return undefined
  call.told = true
  const { dialled, caller, channelId } = call
  const data = {
    channel: 'voice',
    direction: 'inbound',
    dialled,
    caller,
    node: world.telephony.node,
    channelId,
  } as const
  return { time: call.arrivedAt, data }
}

/** Tells the journal of the arrival if nobody has yet. Later events of the same connection come after it. */
export function tellArrival(world: CallWorld, call: LiveCall): void {
  const arrival = takeArrival(world, call)
  if (!arrival) return
  const { contactId } = call
  world.journal
    .append('contact.created', { subject: `contact:${contactId}`, contactId, ...arrival })
    .catch((error: unknown) => world.logger.warn({ contactId, err: error }, 'contact.created could not be written'))
}
