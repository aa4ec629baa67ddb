import type { ContactSnapshot } from '../routing/model.js'
import { markOf } from './restore.js'
import { readMark, type TalkMark } from './talk/talk-mark.js'
import { livesWithoutAgent, markedLegs } from './talk/talk-restore.js'
import type { ListedChannel } from './telephony-port.js'

/**
 * What to do about each difference between the PBX and the routing core after a (re)connect (docs/architecture.md, "A cut").
 * PURE. A waiting caller keeps the place, a talking pair is left alone and adopted, a lone leg is hung up.
 */
export type RecoveryStep =
  /** Both sides know the contact: go on with it. */
  | {
      readonly do: 'adopt'
      readonly contact: ContactSnapshot
      readonly caller: ListedChannel
      readonly agent?: ListedChannel
      /** Legs beside the caller's and the agent's. */
      readonly parties?: readonly ListedChannel[]
      /** The core knows nothing of this talk: it has to be told first. */
      readonly forgotten?: true
    }
  /** A caller whom the core does not know: died in the greeting, or Redis was emptied. */
  | { readonly do: 'readmit'; readonly caller: ListedChannel }
  | { readonly do: 'leave'; readonly contactId: string; readonly reason: 'overflowed' | 'lost' }
  | { readonly do: 'end_talk'; readonly contactId: string; readonly endedBy: 'caller' | 'agent' | 'system' }
  | { readonly do: 'hang_up'; readonly channelId: string }

/**
 * @param channels what the PBX has
 * @param contacts what the core has
 * @param isLive contacts that this process carries already; the link itself tells which of their legs ended
 */
export function planRecovery(
  channels: readonly ListedChannel[],
  contacts: readonly ContactSnapshot[],
  isLive: (contactId: string) => boolean,
): RecoveryStep[] {
  const callers = new Map<string, ListedChannel>()
  for (const channel of channels) {
    const contactId = channel.variables.CTI_CONTACT
    if (channel.role === 'caller' && contactId !== undefined) callers.set(contactId, channel)
  }
  const byId = new Map(channels.filter((channel) => channel.inApplication).map((channel) => [channel.id, channel]))
  const kept = new Set<string>()
  const steps: RecoveryStep[] = []

  for (const contact of contacts) {
    if (isLive(contact.contactId) || contact.state === 'wrapping') continue
    const listed = callers.get(contact.contactId)
    const caller = listed?.inApplication ? listed : undefined
    const agent = contact.reservationId === undefined ? undefined : byId.get(`a-${contact.reservationId}`)
    const mark = caller && markOf(caller, contact.reservationId)
    if (caller && (contact.state !== 'connected' || agent || livesWithoutAgent(mark))) {
      const parties = markedLegs(mark).flatMap((id) => byId.get(id) ?? [])
      for (const { id } of [caller, ...(agent ? [agent] : []), ...parties]) kept.add(id)
      steps.push({ do: 'adopt', contact, caller, agent, ...(parties.length === 0 ? {} : { parties }) })
    } else if (contact.state === 'connected') {
      steps.push({
        do: 'end_talk',
        contactId: contact.contactId,
        endedBy: caller ? 'agent' : agent ? 'caller' : 'system',
      })
    } else {
      steps.push({ do: 'leave', contactId: contact.contactId, reason: listed ? 'overflowed' : 'lost' })
    }
  }

  for (const { caller, agent } of talkingPairs(channels)) {
    const contactId = caller.variables.CTI_CONTACT
    if (
      contactId === undefined ||
      kept.has(caller.id) ||
      isLive(contactId) ||
      contacts.some((c) => c.contactId === contactId)
    )
      continue
    const parties = markedLegs(markOf(caller, agent.id.replace(/^a-/, ''))).flatMap((id) => byId.get(id) ?? [])
    for (const { id } of [caller, agent, ...parties]) kept.add(id)
    const contact = fromChannels(contactId, caller, agent)
    steps.push({ do: 'adopt', contact, caller, agent, ...(parties.length === 0 ? {} : { parties }), forgotten: true })
  }

  for (const { caller, mark } of forwardedCalls(channels)) {
    const { CTI_CONTACT: contactId = '' } = caller.variables
    if (kept.has(caller.id) || isLive(contactId)) continue
    const parties = markedLegs(mark).flatMap((id) => byId.get(id) ?? [])
    for (const { id } of [caller, ...parties]) kept.add(id)
    steps.push({ do: 'adopt', contact: fromMark(contactId, caller, mark), caller, parties })
  }

  const known = new Map(contacts.map((contact) => [contact.contactId, contact]))
  for (const channel of byId.values()) {
    const contactId = channel.variables.CTI_CONTACT
    if (kept.has(channel.id) || (contactId !== undefined && isLive(contactId))) continue
    if (channel.role === 'caller' && (contactId === undefined || !known.has(contactId)))
      steps.push({ do: 'readmit', caller: channel })
    else steps.push({ do: 'hang_up', channelId: channel.id })
  }
  return steps
}

/** Those whose caller is at this PBX node: nobody else's are looked at, let alone ended. PURE. A contact without a node is from an older version. */
export function contactsAt(node: string, contacts: readonly ContactSnapshot[]): ContactSnapshot[] {
  return contacts.filter((contact) => contact.node === undefined || contact.node === node)
}

/** The centre's part of these is over: the core has them not any more, or wraps them up. */
function forwardedCalls(channels: readonly ListedChannel[]): { caller: ListedChannel; mark: TalkMark }[] {
  return channels.flatMap((caller) => {
    const mark = caller.role === 'caller' && caller.inApplication ? readMark(caller.variables.CTI_TALK) : undefined
    return mark?.forwarded ? [{ caller, mark }] : []
  })
}

/** Callers and agents of ours who stand in one bridge, or would, were the caller not on hold. */
function talkingPairs(channels: readonly ListedChannel[]): { caller: ListedChannel; agent: ListedChannel }[] {
  const agents = new Map(
    channels
      .filter((c) => c.role === 'agent' && c.inApplication && c.bridgeId !== undefined)
      .map((c) => [c.bridgeId, c]),
  )
  const byReservation = new Map(channels.filter(isAgentHere).map((c) => [c.id, c]))
  return channels.flatMap((caller) => {
    if (caller.role !== 'caller' || !caller.inApplication) return []
    const mark = readMark(caller.variables.CTI_TALK)
    const agent =
      (mark === undefined || mark.forwarded ? undefined : byReservation.get(`a-${mark.reservationId}`)) ??
      (caller.bridgeId === undefined ? undefined : agents.get(caller.bridgeId))
    return agent ? [{ caller, agent }] : []
  })
}

const isAgentHere = (channel: ListedChannel): boolean => channel.role === 'agent' && channel.inApplication

/** A forwarded call as far as its own mark tells. */
function fromMark(
  contactId: string,
  caller: ListedChannel,
  { reservationId, agentId, queue }: TalkMark,
): ContactSnapshot {
  const { CTI_PRIORITY = '50', CTI_ENQUEUED_AT = '0' } = caller.variables
  return {
    ...{ contactId, state: 'wrapping', queue, priority: Number(CTI_PRIORITY), enqueuedAt: Number(CTI_ENQUEUED_AT) },
    ...{ reservationId, token: 0, agentId, attempts: 0, version: 0 },
  }
}

/** A talk that the core has forgotten (Redis was emptied), as far as its channels tell: the pair must not be cut. */
function fromChannels(contactId: string, caller: ListedChannel, agent: ListedChannel): ContactSnapshot {
  const { CTI_QUEUE = '', CTI_PRIORITY = '50', CTI_ENQUEUED_AT = '0' } = caller.variables
  return {
    contactId,
    state: 'connected',
    queue: CTI_QUEUE,
    priority: Number(CTI_PRIORITY),
    enqueuedAt: Number(CTI_ENQUEUED_AT),
    reservationId: agent.id.replace(/^a-/, ''),
    token: Number(/-([0-9]+)$/.exec(agent.id)?.[1] ?? 0),
    agentId: '',
    attempts: 0,
    version: 0,
  }
}
