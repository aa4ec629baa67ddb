import type { Agent, AgentState, EventEnvelope, LiveContact, Queue, Snapshot } from '../generated/contracts.js'

/**
 * The live floor as a page keeps it: a snapshot, then event after event. PURE: no clock, no network, nothing is changed in place.
 *
 * Every event that matters here has the audience `floor`, so a viewer's wallboard comes to the same picture as an agent's page.
 */
export interface Floor {
  readonly epoch: string
  /** Position of the newest event that is in here. */
  readonly seq: number
  readonly agents: ReadonlyMap<string, Agent>
  readonly queues: ReadonlyMap<string, Queue>
  readonly contacts: ReadonlyMap<string, LiveContact>
}

export const EMPTY_FLOOR: Floor = { epoch: '', seq: 0, agents: new Map(), queues: new Map(), contacts: new Map() }

/** What an event of the journal looks like to readers of the API. */
export type LiveEvent = Pick<EventEnvelope, 'epoch' | 'seq' | 'type' | 'time' | 'version' | 'data'> & {
  readonly contactId?: string
}

/** The floor as a snapshot tells it. */
export function floorOfSnapshot(snapshot: Pick<Snapshot, 'epoch' | 'seq' | 'agents' | 'queues' | 'contacts'>): Floor {
  return {
    epoch: snapshot.epoch,
    seq: snapshot.seq,
    agents: new Map(snapshot.agents.map((agent) => [agent.id, agent])),
    queues: new Map(snapshot.queues.map((queue) => [queue.id, queue])),
    contacts: new Map(snapshot.contacts.map((contact) => [contact.contactId, contact])),
  }
}

/** The floor after one event. An event that is in there already (or belongs to another epoch) changes nothing. */
export function floorAfter(floor: Floor, event: LiveEvent): Floor {
  if (event.epoch !== floor.epoch || event.seq <= floor.seq) return floor
  const moved = { ...floor, seq: event.seq }
  const agentId = text(event.data, 'agentId')
  const agent = agentId === undefined ? undefined : floor.agents.get(agentId)
  if (event.type.startsWith('agent.')) {
    const told = agent?.state ? withAgent(moved, agent, agentStateAfter(agent.state, event)) : moved
    return text(event.data, 'work') === 'reserved' ? withPromised(told, event) : told
  }
  if (event.contactId === undefined) return moved
  const contact = contactAfter(floor.contacts.get(event.contactId), event.contactId, event)
  const contacts = new Map(floor.contacts)
  if (contact) contacts.set(event.contactId, contact)
  else contacts.delete(event.contactId)
  return { ...moved, contacts }
}

/** The floor with what a command answered. An answer that is older than what is known changes nothing. */
export function floorWithAnswer(floor: Floor, state: AgentState): Floor {
  const agent = floor.agents.get(state.agentId)
  if (!agent?.state || agent.state.version >= state.version) return floor
  return withAgent(floor, agent, state)
}

function withAgent(floor: Floor, agent: Agent, state: AgentState): Floor {
  return { ...floor, agents: new Map(floor.agents).set(agent.id, { ...agent, state }) }
}

/** Reservations are told to their agent only; that a caller is promised to somebody shows in the agent's work. */
function withPromised(floor: Floor, event: LiveEvent): Floor {
  const contact = event.contactId === undefined ? undefined : floor.contacts.get(event.contactId)
  if (contact?.state !== 'queued') return floor
  const promised: LiveContact = {
    ...contact,
    state: 'reserved',
    agentId: text(event.data, 'agentId'),
    reservationId: text(event.data, 'reservationId'),
  }
  return { ...floor, contacts: new Map(floor.contacts).set(contact.contactId, promised) }
}

function agentStateAfter(state: AgentState, event: LiveEvent): AgentState {
  const { data } = event
  if (event.version <= state.version) return state
  const version = event.version
  switch (event.type) {
    case 'agent.presence_changed': {
      const presence = text(data, 'presence') as AgentState['presence']
      const plan = { nextPresence: undefined, nextBreakReason: undefined }
      return {
        ...state,
        ...plan,
        version,
        presence,
        breakReason: text(data, 'breakReason'),
        presenceReason: text(data, 'reason'),
        presenceSince: sinceOf(event),
        idleSince:
          presence !== 'available' ? undefined : state.presence === presence ? state.idleSince : sinceOf(event),
      }
    }
    case 'agent.device_changed':
      return { ...state, version, device: text(data, 'device') as AgentState['device'] }
    case 'agent.work_changed':
      return workAfter({ ...state, version }, event)
    default:
      return state
  }
}

function workAfter(state: AgentState, event: LiveEvent): AgentState {
  const { data } = event
  const work = text(data, 'work') as AgentState['work']
  const reservationId = text(data, 'reservationId')
  const samePromise = reservationId !== undefined && reservationId === state.reservationId
  // A caller who hung up before the answer costs the agent no time in the line of idle ones; work that was done does.
  const promiseOnly = state.work === 'idle' || state.work === 'reserved' || state.work === 'ringing'
  return {
    ...state,
    work,
    idleSince: work === 'idle' && !promiseOnly && state.presence === 'available' ? sinceOf(event) : state.idleSince,
    // Listening to somebody names no reservation; an event that does is of something else.
    part: samePromise && state.part !== 'supervision' ? state.part : undefined,
    workReason: text(data, 'reason'),
    // A longer wrap-up is told as wrapping -> wrapping: it began when it began.
    workSince: work === state.work && samePromise ? state.workSince : sinceOf(event),
    contactId: text(data, 'contactId'),
    reservationId,
    token: samePromise ? state.token : undefined,
    deadline: samePromise && (work === 'reserved' || work === 'ringing') ? state.deadline : undefined,
    wrapUntil: number(data, 'wrapUntil'),
  }
}

function sinceOf(event: LiveEvent): number {
  return number(event.data, 'since') ?? event.time
}

function contactAfter(known: LiveContact | undefined, contactId: string, event: LiveEvent): LiveContact | undefined {
  const { data } = event
  switch (event.type) {
    case 'contact.queued':
      return {
        contactId,
        state: 'queued',
        queue: text(data, 'queue') ?? known?.queue ?? '',
        priority: number(data, 'priority') ?? known?.priority ?? 0,
        enqueuedAt: number(data, 'enqueuedAt') ?? event.time,
        attempts: number(data, 'attempts') ?? 0,
        version: event.version,
      }
    case 'reservation.created':
      // Somebody who is called into a talk changes nothing of it.
      return data.part !== undefined
        ? known
        : known && { ...known, ...promise(data), state: 'reserved', deadline: number(data, 'deadline') }
    case 'contact.connected':
      return known && { ...known, ...promise(data), state: 'connected', deadline: undefined, version: event.version }
    case 'contact.transferred':
      // To a queue: contact.queued follows, for whoever sees that queue (`sees` in the centre file); for others the call is gone.
      if (data.toQueue !== undefined) return undefined
      return data.toAgent === undefined
        ? known
        : known && {
            ...known,
            agentId: text(data, 'toAgent'),
            reservationId: text(data, 'toReservation'),
            parkedAt: undefined,
            version: event.version,
          }
    case 'contact.wrapping':
      return known && { ...known, state: 'wrapping', parkedAt: undefined, version: event.version }
    case 'contact.parked':
      return known && { ...known, parkedAt: number(data, 'parkedAt') ?? event.time, version: event.version }
    case 'contact.resumed':
      return known && { ...known, parkedAt: undefined, version: event.version }
    case 'contact.abandoned':
    case 'contact.completed':
    case 'contact.ended':
      return undefined
    default:
      return known
  }
}

function promise(data: LiveEvent['data']): Pick<LiveContact, 'agentId' | 'reservationId' | 'token'> {
  return { agentId: text(data, 'agentId'), reservationId: text(data, 'reservationId'), token: number(data, 'token') }
}

function text(data: LiveEvent['data'], key: string): string | undefined {
  const value = data[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function number(data: LiveEvent['data'], key: string): number | undefined {
  const value = data[key]
  return typeof value === 'number' ? value : undefined
}
