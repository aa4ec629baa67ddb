import type { AgentSnapshot, ContactSnapshot } from '../routing/model.js'
import type { ContactState } from './contact-model.js'
import { driftOfTries } from './outbound/outbound-drift.js'
import { splitTries } from './outbound/outbound-plan.js'
import { driftOfLive } from './reconcile-live.js'
import type { Drift, RepairKind, Seen } from './reconcile-model.js'
import { planRecovery, type RecoveryStep } from './recovery-plan.js'
import { bridgeOf, SUPERVISION_BRIDGE, spyOf } from './supervision/supervision-model.js'
import { partyLegs } from './talk/talk-advance.js'
import { talkOf } from './talk/talk-check.js'

/** A deadline is the sweepers' business until it is so far over (ms); clocks of instances differ a little, too. */
export const SLACK_MS = 5_000

/**
 * Every difference between Asterisk, the routing core and the live calls of this process, each with what mends it. What two rounds
 * in a row have seen is drift (`confirm`); what only one has seen was on its way. PURE.
 */
export function findDrift(seen: Seen): Drift[] {
  const contacts = new Map(seen.contacts.map((contact) => [contact.contactId, contact]))
  const live = new Map(seen.live.map((state) => [state.id, state]))
  const channels = new Map(seen.channels.filter((one) => one.inApplication).map((one) => [one.id, one]))
  const overdue = seen.contacts.flatMap((contact) => overdueReservation(contact, seen.now))
  const late = new Set(overdue.map(({ contactId }) => contactId))
  const { now, maxTalkMs } = seen
  const calls = seen.live
    // A promise that is over is ended first: what follows from it comes by itself.
    .filter(({ id }) => !late.has(id))
    .flatMap((s) => driftOfLive(s, { channels, contact: contacts.get(s.id), now, maxTalkMs }) ?? [])
  return [
    ...overdue,
    ...calls,
    ...notCarried(seen, live),
    ...driftOfTries(seen),
    ...strayLegs(seen, live),
    ...seen.agents.flatMap((agent) => stuckAgent(agent, contacts, live, now)),
    ...loneBridges(seen),
  ]
}

/** Splits what a round found: seen in the round before, too (to be mended now), and the keys to remember for the next one. */
export function confirm(
  before: ReadonlySet<string>,
  found: readonly Drift[],
): { repairs: Drift[]; remember: Set<string> } {
  const repairs = found.filter(({ key }) => before.has(key))
  // What is mended starts anew: should it not help, it is tried again two rounds later.
  const remember = new Set(found.map(({ key }) => key).filter((key) => !before.has(key)))
  return { repairs, remember }
}

function overdueReservation(contact: ContactSnapshot, now: number): Drift[] {
  const { contactId, state, reservationId, token, deadline } = contact
  if (state !== 'reserved' || reservationId === undefined || token === undefined || deadline === undefined) return []
  if (now <= deadline + SLACK_MS) return []
  const kind = 'reservation_overdue'
  const repair = { do: 'time_out', reservationId, token } as const
  return [{ kind, key: `${kind} ${reservationId} ${deadline}`, contactId, why: 'its deadline is over', repair }]
}

/** Contacts and channels that no live call of this process stands for: the same decisions as after a cut. */
function notCarried(seen: Seen, live: ReadonlyMap<string, ContactState>): Drift[] {
  const carried = new Set(seen.live.flatMap((s) => [s.channelId, ...legsOf(s)]))
  const loose = seen.channels.filter(({ id }) => !carried.has(id))
  const versions = new Map(seen.contacts.map(({ contactId, version }) => [contactId, version]))
  // Tries of call-backs have a reconciliation of their own (outbound/outbound-drift.ts).
  const { channels, contacts } = splitTries(loose, seen.contacts)
  return planRecovery(channels, contacts, (contactId) => live.has(contactId)).map((step): Drift => {
    const { kind, why, contactId, channelId } = described(step)
    const version = contactId === undefined ? '' : (versions.get(contactId) ?? '')
    const key = `${kind} ${step.do} ${contactId ?? ''} ${channelId ?? ''} ${version}`
    return { kind, key, why, contactId, channelId, repair: { do: 'recover', step } }
  })
}

function described(step: RecoveryStep): { kind: RepairKind; why: string; contactId?: string; channelId?: string } {
  switch (step.do) {
    case 'adopt': {
      const why = 'nobody carries this call'
      return { kind: 'contact_not_carried', why, contactId: step.contact.contactId, channelId: step.caller.id }
    }
    case 'readmit': {
      const contactId = step.caller.variables.CTI_CONTACT
      return { kind: 'channel_without_contact', why: 'a caller nobody knows', contactId, channelId: step.caller.id }
    }
    case 'leave':
    case 'end_talk':
      return {
        kind: 'contact_without_channel',
        why: 'Asterisk has not all channels of it',
        contactId: step.contactId,
      }
    case 'hang_up':
      return { kind: 'channel_without_contact', why: 'a leg of no contact', channelId: step.channelId }
  }
}

/** Legs to agents that carry the mark of a live call but are not its leg. */
function strayLegs(seen: Seen, live: ReadonlyMap<string, ContactState>): Drift[] {
  return seen.channels.flatMap((channel): Drift[] => {
    const contactId = channel.variables.CTI_CONTACT
    const state = contactId === undefined ? undefined : live.get(contactId)
    if (
      (channel.role !== 'agent' && channel.role !== 'party' && channel.role !== 'spy') ||
      !channel.inApplication ||
      !state ||
      legsOf(state).includes(channel.id)
    )
      return []
    const kind = 'channel_without_contact'
    const repair = { do: 'recover', step: { do: 'hang_up', channelId: channel.id } } as const
    return [
      { kind, key: `${kind} ${channel.id}`, contactId, channelId: channel.id, why: 'not the leg of its call', repair },
    ]
  })
}

function legsOf(s: ContactState): string[] {
  const { offer } = s
  const agent = offer && offer.leg !== 'none' && offer.leg !== 'gone' ? [offer.channelId] : []
  return [...agent, ...partyLegs(s), ...talkOf(s).supervisions.flatMap((one) => spyOf(one) ?? [])]
}

function stuckAgent(
  agent: AgentSnapshot,
  contacts: ReadonlyMap<string, ContactSnapshot>,
  live: ReadonlyMap<string, ContactState>,
  now: number,
): Drift[] {
  const { agentId, work, contactId = '', reservationId, wrapUntil, version } = agent
  if (work === 'idle' || work === 'not_responding') return []
  const kind = 'agent_stuck'
  const key = `${kind} ${agentId} ${work} ${contactId} ${version}`
  const contact = contacts.get(contactId)
  const holds =
    contact && contact.state !== 'queued' && contact.agentId === agentId && contact.reservationId === reservationId
  if (agent.part !== undefined) {
    const over = agent.part === 'after' && wrapUntil !== undefined && now > wrapUntil + SLACK_MS
    if (over)
      return [{ kind, key, agentId, contactId, why: 'wrap-up is over', repair: { do: 'finish_wrap_up', agentId } }]
    const talk = live.get(contactId)?.talk
    const there =
      talk?.parties.some((party) => party.reservationId === reservationId) ||
      talk?.supervisions.some(({ id }) => id === reservationId)
    if (agent.part === 'after' || there) return []
    const why = `drawn in (${agent.part}), but not in the call`
    return [{ kind, key, agentId, why, repair: { do: 'release_agent', agentId } }]
  }
  if (holds) {
    const over = work === 'wrapping' && wrapUntil !== undefined && now > wrapUntil + SLACK_MS
    if (!over) return []
    return [{ kind, key, agentId, contactId, why: 'wrap-up is over', repair: { do: 'finish_wrap_up', agentId } }]
  }
  // The core forgot the contact, but the agent really talks: free when that ends.
  const call = contact ? undefined : live.get(contactId)
  if (call?.state === 'connected' || call?.state === 'held') return []
  const why = `${work}, but no contact is with this agent`
  return [{ kind, key, agentId, why, repair: { do: 'release_agent', agentId } }]
}

/** Bridges of ours with one leg or none that belong to no call: whoever still stands in one hears nothing. */
function loneBridges(seen: Seen): Drift[] {
  const used = new Set([
    ...seen.live.map(({ offer }) => offer?.bridgeId),
    ...seen.contacts.map(({ reservationId }) => `b-${reservationId}`),
    ...seen.live.flatMap((s) => talkOf(s).supervisions.map(bridgeOf)),
  ])
  return seen.bridges
    .filter(
      ({ id, channels }) =>
        (id.startsWith('b-') || id.startsWith(SUPERVISION_BRIDGE)) && channels.length < 2 && !used.has(id),
    )
    .map(({ id }): Drift => {
      const kind = 'bridge_one_leg'
      return {
        kind,
        key: `${kind} ${id}`,
        why: `bridge ${id} belongs to no call`,
        repair: { do: 'destroy_bridge', bridgeId: id },
      }
    })
}
