import type { ContactSnapshot } from '../../routing/model.js'
import type { Drift, Seen } from '../reconcile-model.js'
import type { ListedChannel } from '../telephony-port.js'
import type { OutboundEvent, OutboundState } from './outbound-model.js'
import { planTries, splitTries, type TryStep } from './outbound-plan.js'

/** Differences about tries of call-backs; like every drift they are mended when two rounds have seen them alike. PURE. */
export function driftOfTries(seen: Seen): Drift[] {
  const live = new Map(seen.tries.map((state) => [state.id, state]))
  const contacts = new Map(seen.contacts.map((contact) => [contact.contactId, contact]))
  const channels = new Map(seen.channels.filter(({ inApplication }) => inApplication).map((one) => [one.id, one]))
  const taken = new Set(seen.live.map(({ id }) => id))
  const loose = planTries(splitTries(seen.channels, seen.contacts), (id) => live.has(id) || taken.has(id))
  return [
    ...seen.tries.flatMap((state) => driftOfTry(state, contacts.get(state.id), channels) ?? []),
    ...loose.map((step) => notCarried(step)),
  ]
}

function driftOfTry(
  s: OutboundState,
  contact: ContactSnapshot | undefined,
  channels: ReadonlyMap<string, ListedChannel>,
): Drift | undefined {
  const { offer, citizen } = s
  if (!contact) return tell(s, 'contact_missing', 'the routing core does not know this try', { type: 'core_left' })
  if (citizen.leg !== 'none' && citizen.leg !== 'gone' && !channels.has(citizen.channelId)) {
    const event: OutboundEvent = { type: 'leg_ended', channelId: citizen.channelId, failure: 'error' }
    return tell(s, 'leg_missing', "Asterisk has no channel of the citizen's leg", event, citizen.channelId)
  }
  if (offer && offer.leg !== 'none' && offer.leg !== 'gone' && !channels.has(offer.channelId)) {
    const event: OutboundEvent = { type: 'leg_ended', channelId: offer.channelId, failure: 'error' }
    return tell(s, 'leg_missing', "Asterisk has no channel of the agent's leg", event, offer.channelId)
  }
  if (offer && contact.state === 'queued')
    return tell(s, 'contact_disagrees', 'the promise is over in the core', {
      type: 'offer_over',
      reservationId: offer.reservationId,
    })
  return undefined
}

function tell(s: OutboundState, kind: Drift['kind'], why: string, event: OutboundEvent, channelId?: string): Drift {
  const key = `${kind} ${s.id} ${s.state} ${s.offer?.reservationId ?? ''} ${s.citizen.leg}`
  return { kind, key, contactId: s.id, channelId, why, repair: { do: 'tell_try', contactId: s.id, event } }
}

function notCarried(step: TryStep): Drift {
  const repair = { do: 'recover_try', step } as const
  if (step.do === 'hang_up') {
    const { contactId, channelId } = step
    const kind = 'channel_without_contact'
    return { kind, key: `${kind} ${channelId}`, why: 'a leg of no call-back', contactId, channelId, repair }
  }
  const contactId = step.do === 'restore' ? step.contact.contactId : step.contactId
  const kind = 'contact_not_carried'
  const version = step.do === 'restore' ? step.contact.version : ''
  return { kind, key: `${kind} ${contactId} ${step.do} ${version}`, why: 'nobody carries this try', contactId, repair }
}
