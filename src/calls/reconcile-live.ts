import type { ContactSnapshot } from '../routing/model.js'
import type { ContactEvent, ContactState, Offer, WaitPlan } from './contact-model.js'
import type { Drift } from './reconcile-model.js'
import { spyOf } from './supervision/supervision-model.js'
import { membersOf, partyLegs } from './talk/talk-advance.js'
import { talkOf } from './talk/talk-check.js'
import type { ListedChannel } from './telephony-port.js'

/** What a live call of this process is compared with. */
export interface LiveFacts {
  /** Channels inside the application, by id. */
  readonly channels: ReadonlyMap<string, ListedChannel>
  /** The same contact in the routing core. */
  readonly contact: ContactSnapshot | undefined
  /** epoch ms */
  readonly now: number
  readonly maxTalkMs: number
}

/** The first difference between a live call and the rest of the world; mended, the next round looks for another. PURE. */
export function driftOfLive(s: ContactState, facts: LiveFacts): Drift | undefined {
  return driftOfLegs(s, facts) ?? (isTalking(s) ? driftOfTalk(s, facts) : driftOfWait(s, facts.contact))
}

const isTalking = (s: ContactState): boolean => s.state === 'connected' || s.state === 'held'

/** A leg that Asterisk does not have any more, although nobody told us of its end. */
function driftOfLegs(s: ContactState, { channels }: LiveFacts): Drift | undefined {
  const { offer, channelId } = s
  if (!channels.has(channelId)) {
    // The caller's end is known and the core's answer to the agent's pick-up never came.
    const event: ContactEvent =
      s.callerGone && offer
        ? { type: 'connect_refused', reservationId: offer.reservationId }
        : { type: 'leg_ended', channelId, failure: 'cancelled' }
    return drift(s, 'contact_without_channel', 'Asterisk has no channel of this caller', event, channelId)
  }
  const party = partyLegs(s).find((id) => !channels.has(id))
  if (party !== undefined)
    return drift(
      s,
      'leg_missing',
      'Asterisk has no channel of this party',
      { type: 'leg_ended', channelId: party, failure: 'cancelled' },
      party,
    )
  const deaf = talkOf(s).supervisions.find((one) => spyOf(one) !== undefined && !channels.has(spyOf(one)!))
  if (deaf) {
    const event: ContactEvent = { type: 'spy_lost', id: deaf.id, spies: deaf.spies }
    return drift(s, 'leg_missing', 'Asterisk has no listening channel of this supervisor', event, spyOf(deaf))
  }
  if (!offer || offer.leg === 'none' || offer.leg === 'gone' || channels.has(offer.channelId)) return undefined
  const failure = isTalking(s) ? 'cancelled' : 'error'
  const event: ContactEvent = { type: 'leg_ended', channelId: offer.channelId, failure }
  return drift(s, 'leg_missing', "Asterisk has no channel of the agent's leg", event, offer.channelId)
}

function driftOfTalk(s: ContactState, facts: LiveFacts): Drift | undefined {
  const { contact, channels, now, maxTalkMs } = facts
  const connectedAt = contact?.state === 'connected' ? contact.connectedAt : undefined
  if (connectedAt !== undefined && now - connectedAt > maxTalkMs)
    return drift(s, 'call_too_long', 'longer than maxTalkMinutes', { type: 'hang_up', by: 'system' })
  if (contact === undefined && s.offer && s.plan) return talkForgotten(s, s.offer, s.plan)
  const missed = contact && talkMovedOn(s, contact)
  if (missed) return drift(s, 'contact_disagrees', `here ${s.state}, in the core somebody else's`, missed)
  // On hold or parked a leg may stand outside on purpose.
  const members = membersOf(s)
  if (!s.offer || s.talk?.moving || members.length < 2) return undefined
  if (members.every((id) => channels.get(id)?.bridgeId !== undefined)) return undefined
  const { contactId, key } = naming(s, 'bridge_one_leg')
  const repair = { do: 'rejoin', offer: s.offer, channelIds: members } as const
  return { kind: 'bridge_one_leg', key, contactId, why: 'a talk whose legs are not in one bridge', repair }
}

/** The core's answer to a transfer was lost on its way. */
function talkMovedOn(s: ContactState, contact: ContactSnapshot): ContactEvent | undefined {
  if (contact.state === 'queued' || contact.state === 'reserved') return s.talk?.moving && { type: 'moved' }
  const party = s.talk?.parties.find(({ reservationId }) => reservationId === contact.reservationId)
  return contact.state === 'connected' && party ? { type: 'handed_over', party } : undefined
}

/** The core must know of it again, or the agent would be stuck and the record of the contact would never end. */
function talkForgotten(s: ContactState, offer: Offer, plan: WaitPlan): Drift {
  const { contactId, key } = naming(s, 'contact_missing')
  const { reservationId, token, agentId } = offer
  const { queue, priority } = plan
  const talk = { contactId, queue, priority, enqueuedAt: s.enqueuedAt ?? 0, reservationId, token, agentId }
  const why = 'the routing core does not know of this talk'
  return { kind: 'contact_missing', key, contactId, why, repair: { do: 'remember_talk', talk } }
}

function driftOfWait(s: ContactState, contact: ContactSnapshot | undefined): Drift | undefined {
  if (s.state !== 'queued' && s.state !== 'reserved' && s.state !== 'offered') return undefined
  if (!contact) {
    const why = 'the routing core does not know that this caller waits'
    return drift(s, 'contact_missing', why, { type: 'place_lost' })
  }
  if (contact.state === 'wrapping') return undefined
  const same = s.offer !== undefined && s.offer.reservationId === contact.reservationId
  if (contact.state === 'connected') return coreTalks(s, same && s.offer?.leg === 'answered' ? s.offer : undefined)
  const event = contact.state === 'queued' ? promiseOver(s.offer) : promiseMissed(s, contact, same)
  return event && drift(s, 'contact_disagrees', `here ${s.state}, in the core ${contact.state}`, event)
}

/** The core's word that the two talk was lost on its way, before or after the agent's leg was dropped for it. */
function coreTalks(s: ContactState, answered: Offer | undefined): Drift {
  const why = `here ${s.state}, in the core connected`
  if (answered) return drift(s, 'contact_disagrees', why, { type: 'connected', reservationId: answered.reservationId })
  const { contactId, key } = naming(s, 'contact_disagrees')
  return { kind: 'contact_disagrees', key, contactId, why, repair: { do: 'end_and_requeue', contactId } }
}

function promiseOver(offer: Offer | undefined): ContactEvent | undefined {
  return offer && { type: 'offer_over', reservationId: offer.reservationId }
}

function promiseMissed(s: ContactState, contact: ContactSnapshot, same: boolean): ContactEvent | undefined {
  const { reservationId, token, agentId, deadline, deviceNode } = contact
  if (reservationId === undefined || token === undefined || agentId === undefined) return undefined
  if (!same) return { type: 'reserved', reservationId, token, agentId, deadline: deadline ?? 0, deviceNode }
  // The pop's event never came back: the phone is rung without waiting for it any longer.
  // One that waits for its agent's word in the client is as it should be.
  return s.state === 'reserved' && s.offer?.byClient !== 'waits' ? { type: 'popped', reservationId } : undefined
}

function drift(s: ContactState, kind: Drift['kind'], why: string, event: ContactEvent, channelId?: string): Drift {
  const { contactId, key } = naming(s, kind)
  return { kind, key, contactId, channelId, why, repair: { do: 'tell', contactId, event } }
}

/** Another state or another promise is another difference: it has to be seen twice again. */
function naming(s: ContactState, kind: Drift['kind']): { contactId: string; key: string } {
  const offer = s.offer ? `${s.offer.reservationId} ${s.offer.leg}` : ''
  const talk = s.talk ? `${s.talk.version}` : ''
  return { contactId: s.id, key: `${kind} ${s.id} ${s.state} ${offer} ${talk}` }
}
