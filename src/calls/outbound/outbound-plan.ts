import { citizenLegId, isCallOutContact, isOutboundContact } from '../../callbacks/contact-id.js'
import type { ContactSnapshot } from '../../routing/model.js'
import { agentLegId } from '../leg-id.js'
import type { ListedChannel } from '../telephony-port.js'
import type { OutboundOrder } from './dialling-port.js'
import { createOutbound } from './outbound.js'
import type { MissedAs, OutboundDecision, OutboundState } from './outbound-model.js'
import { offerOf } from './promise-offer.js'

/** What PBX and routing core have, split: calls like any other, and tries of call-backs that no citizen has answered yet. */
export interface Split {
  readonly channels: readonly ListedChannel[]
  readonly contacts: readonly ContactSnapshot[]
  readonly tries: { readonly channels: readonly ListedChannel[]; readonly contacts: readonly ContactSnapshot[] }
}

/**
 * A citizen who has answered is a caller like any other, with the same marks on the channel; everybody else whom a call-back is about has
 * no channel, or one that rings. PURE.
 */
export function splitTries(channels: readonly ListedChannel[], contacts: readonly ContactSnapshot[]): Split {
  const answered = new Set(
    channels
      .filter(({ id, role }) => role === 'caller' && id.startsWith('c-'))
      .map(({ variables }) => variables.CTI_CONTACT),
  )
  const talks = new Set(
    contacts.filter(({ state }) => state !== 'queued' && state !== 'reserved').map((c) => c.contactId),
  )
  const isTry = (contactId: string | undefined): boolean =>
    isOutboundContact(contactId) && !answered.has(contactId) && !talks.has(contactId)
  const ofTry = (channel: ListedChannel): boolean => isTry(channel.variables.CTI_CONTACT)
  return {
    channels: channels.filter((channel) => !ofTry(channel)),
    contacts: contacts.filter(({ contactId }) => !isTry(contactId)),
    tries: { channels: channels.filter(ofTry), contacts: contacts.filter(({ contactId }) => isTry(contactId)) },
  }
}

export type TryStep =
  | {
      readonly do: 'restore'
      readonly contact: ContactSnapshot
      readonly agent?: ListedChannel
      readonly citizen?: ListedChannel
    }
  | { readonly do: 'leave'; readonly contactId: string; readonly as: MissedAs }
  | { readonly do: 'hang_up'; readonly contactId: string; readonly channelId: string }

/**
 * What to do about each try that nobody here carries. A call-back that only waits for an agent needs nobody; a call of an agent who is not
 * promised any more is over. PURE.
 * @param isLive tries that this process carries
 */
export function planTries({ tries }: Split, isLive: (contactId: string) => boolean): TryStep[] {
  const byId = new Map(tries.channels.map((channel) => [channel.id, channel]))
  const kept = new Set<string>()
  const steps: TryStep[] = []
  for (const contact of tries.contacts) {
    const { contactId, state, reservationId } = contact
    if (isLive(contactId)) continue
    const citizen = byId.get(citizenLegId(contactId))
    const agent = reservationId === undefined ? undefined : byId.get(agentLegId(reservationId))
    if (state === 'reserved') {
      for (const channel of [citizen, agent]) if (channel) kept.add(channel.id)
      steps.push({ do: 'restore', contact, ...(agent ? { agent } : {}), ...(citizen ? { citizen } : {}) })
    } else if (citizen || isCallOutContact(contactId)) steps.push({ do: 'leave', contactId, as: 'lost' })
  }
  for (const { id, variables } of tries.channels) {
    const contactId = variables.CTI_CONTACT ?? ''
    if (!kept.has(id) && !isLive(contactId)) steps.push({ do: 'hang_up', contactId, channelId: id })
  }
  return steps
}

/**
 * The state of a try that another process began. PURE.
 * @returns `leave` when it cannot go on: the attempt was claimed, and whether the citizen's phone has rung nobody can say
 */
export function restoreTry(
  order: OutboundOrder,
  contact: ContactSnapshot,
  agent: ListedChannel | undefined,
  citizen: ListedChannel | undefined,
): OutboundDecision | { readonly leave: MissedAs } {
  const { reservationId = '', token = 0, agentId = '', deadline = 0, deviceNode } = contact
  const none = offerOf({ reservationId, token, agentId, deadline, node: deviceNode })
  const offer = { ...none, leg: agent === undefined ? 'none' : agent.state === 'Up' ? 'answered' : 'dialled' } as const
  const fresh: OutboundState = createOutbound(
    order.contactId,
    order.first,
    offer,
    citizenLegId(order.contactId),
    order.what === 'call_out',
  )
  if (citizen) {
    if (order.first === 'agent' && offer.leg !== 'answered') return { leave: 'agent_gone' }
    return { state: { ...fresh, state: 'dialing', citizen: { channelId: citizen.id, leg: 'dialled' } }, effects: [] }
  }
  if (order.claimed) return { leave: 'lost' }
  if (offer.leg === 'dialled') return { state: { ...fresh, state: 'offered' }, effects: [] }
  if (offer.leg === 'none') return { state: fresh, effects: [{ do: 'pop', offer }] }
  return {
    state: { ...fresh, state: 'claiming' },
    effects: [
      { do: 'keep', offer, answered: true },
      { do: 'start_ringing', channelId: offer.channelId },
      { do: 'claim', offer },
    ],
  }
}
