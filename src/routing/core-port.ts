import type {
  AgentSetup,
  AgentSnapshot,
  ContactSnapshot,
  DeviceFailure,
  DeviceState,
  DrawIn,
  ForgottenPart,
  ForgottenTalk,
  Matched,
  PlaceCall,
  Presence,
  QueueContact,
  QueueSnapshot,
  Reservation,
  TransferContact,
} from './model.js'

/** Optional guard of agent commands: the version the caller has seen (If-Match); another one -> CTI_ERR_VERSION_MISMATCH. */
export interface IfVersion {
  readonly ifVersion?: number
}

/** Somebody else than the agent has chosen it: told in the event. */
export interface ChosenBy {
  readonly by?: string
}

/**
 * What one client of an agent wants: `greet`: it says hello and is the active one, or becomes it when nobody is or the one that was has
 * left; `keep`: it is, or becomes it when nobody is; `watch`: only asks; `take`: becomes it in any case; `leave`: is it no longer, and has
 * half a life to come back (a page that is loaded again) before anybody who looks on follows.
 */
export interface ClientWish {
  readonly agentId: string
  readonly client: string
  readonly how: 'greet' | 'keep' | 'watch' | 'take' | 'leave'
}

/** Names exactly one promise; a stale token -> CTI_ERR_RESERVATION_STALE, changes nothing. */
export interface Promised {
  readonly reservationId: string
  readonly token: number
}

export interface AgentResult extends Matched {
  readonly agent: AgentSnapshot
}

/** The state of the centre right after event `seq` of `epoch`. */
export interface Moment {
  readonly epoch: string
  readonly seq: number
  readonly agents: AgentSnapshot[]
  readonly contacts: ContactSnapshot[]
  readonly queues: QueueSnapshot[]
}

/**
 * The routing core: who gets whom. Each method is one Lua script and one round trip, atomic; it changes the moment,
 * writes its events into the journal and ends by matching inside the same script when a match became possible.
 * Rejects with RoutingError (code: RoutingErrorCode); then nothing was changed. `now` is epoch ms of the caller's clock.
 * A transition that is asked for a second time in the state it leads to answers like the first time, without a second event.
 */
export interface RoutingCore {
  // contacts
  queueContact(contact: QueueContact, now: number): Promise<Matched & { position: number; waiting: number }>
  /** The caller left (or the server ends the wait): queued -> abandoned/reason; reserved -> the reservation is cancelled and the agent is idle again with the old idleSince. */
  leaveQueue(contactId: string, reason: string, now: number): Promise<Matched & { state: string; waitedMs: number }>
  /**
   * Promises an agent a call of its own. Available or on a break, and idle or wrapping up (which ends with it), else CTI_ERR_AGENT_WRONG_STATE.
   * A promise that falls through matches nobody else.
   */
  placeCall(call: PlaceCall, now: number): Promise<Reservation>
  /** The agent's device answered and both are bridged: reservation accepted (if it was pending), contact connected, agent talking. */
  connectContact(p: Promised, now: number): Promise<{ waitedMs: number }>
  /** Talk ended: contact and agent go to wrapping until now + wrapMs (wrapMs 0: completes at once and matches). */
  endTalk(contactId: string, wrapMs: number, endedBy: string, now: number): Promise<Matched>
  /** A second agent is promised to a contact in talk; see DrawIn. Nobody of the routes free: CTI_ERR_NOBODY_FREE, the named agent: CTI_ERR_AGENT_WRONG_STATE. */
  drawInAgent(wish: DrawIn, now: number): Promise<Reservation>
  /** The device of an agent who was drawn in has answered: the agent talks. */
  joinAgent(p: Promised, now: number): Promise<void>
  /** An agent who was drawn in leaves, or (`reason`) is not needed any more before joining: idle again. */
  leavePart(p: Promised, reason: string, now: number): Promise<Matched>
  /** The contact becomes that of an agent who was drawn in and has joined; the one who had it wraps up. */
  handOverContact(contactId: string, p: Promised, wrapMs: number, kind: string, now: number): Promise<Matched>
  /** A contact in talk waits again; the one who had it wraps up. */
  transferContact(transfer: TransferContact, now: number): Promise<Matched>
  holdContact(contactId: string, now: number): Promise<void>
  resumeContact(contactId: string, now: number): Promise<void>
  /** A contact in talk is parked until it is resumed, handed over or moved on. */
  parkContact(contactId: string, now: number): Promise<void>

  // reservations
  acceptReservation(p: Promised, agentId: string, now: number): Promise<AgentResult>
  /** Agent idle again (idleSince = now), contact back at its old place, the pair apart for rejectMs. */
  rejectReservation(p: Promised, agentId: string, now: number): Promise<AgentResult>
  /**
   * The promise holds until `deadline` (epoch ms): a citizen is dialled for it first. `answered`: the agent's device has answered, which
   * accepts a promise that was pending. After the deadline it is timed out like any other.
   */
  keepReservation(p: Promised, deadline: number, answered: boolean, now: number): Promise<void>
  /** Ring began on the device: agent work reserved -> ringing. */
  markRinging(p: Promised, now: number): Promise<void>
  /** Deadline passed without an answer: reservation timed_out, agent not_responding (reason no_answer), contact back. Too early -> CTI_ERR_NOT_YET_DUE unless force. */
  timeOutReservation(p: Promised, now: number, force?: boolean): Promise<Matched>
  /** The device could not be rung: reservation failed, agent not_responding with this reason (pbx_away: idle as before), contact back. */
  failReservation(p: Promised, failure: DeviceFailure, now: number): Promise<Matched>
  /** Taken back by the system (agent's client or session gone): agent not_responding with reason, contact back. */
  rescindReservation(p: Promised, reason: string, now: number): Promise<Matched>

  // agents
  /** Creates the agent or changes the routes it serves; keeps presence and work. Agents not in a centre's list any more: removeAgent. */
  setUpAgent(setup: AgentSetup, now: number): Promise<Matched>
  /** Redis was emptied while the two talked: contact and agent stand in the core again as they were. */
  restoreTalk(talk: ForgottenTalk, now: number): Promise<void>
  /** The same for an agent who was drawn into it; `restoreTalk` comes first. */
  restorePart(part: ForgottenPart, now: number): Promise<void>
  /** After Redis lost it: the agent's phone had not answered, so it gets no offers until it says something. Busy: CTI_ERR_AGENT_WRONG_STATE. */
  stopOffers(agentId: string, reason: string, now: number): Promise<void>
  removeAgent(agentId: string, now: number): Promise<void>
  /**
   * available from offline/break -> idle and matched; from not_responding -> idle again. While busy (reserved..wrapping) only
   * nextPresence is set and takes effect when the work ends; while reserved/ringing, break/offline rescinds nothing.
   */
  setPresence(
    agentId: string,
    presence: Presence,
    breakReason: string | undefined,
    now: number,
    guard?: IfVersion & ChosenBy,
  ): Promise<AgentResult>
  /**
   * Device (un)registered, or in a call that is not ours, at a PBX node (absent: wherever it is). Up as long as it is up at any node, rung where it
   * came up last; busy until the same node says otherwise. Only agents with device up are free. Coming up does not clear not_responding/no_answer but clears unregistered/unreachable.
   */
  setDevice(agentId: string, device: DeviceState, now: number, node?: string): Promise<AgentResult>
  finishWrapUp(agentId: string, now: number, guard?: IfVersion): Promise<AgentResult>
  extendWrapUp(agentId: string, byMs: number, now: number, guard?: IfVersion): Promise<AgentResult>

  /** An agent whose work is about nothing (its contact is gone, waits, or is with somebody else), or who was drawn into a contact, is idle again and matched. Work in order -> CTI_ERR_AGENT_WRONG_STATE. */
  releaseAgent(agentId: string, now: number): Promise<AgentResult>

  /**
   * Says which agents have an event socket with this instance: at every new one, and at least every `slackMs` / 2, also without any.
   * An agent whose sockets were all gone for `graceMs` (up to `slackMs` more) becomes offline with the reason `client_lost`: at once
   * when idle, when the work ends when busy. Who never had a socket is left alone; while no instance says anything, everybody is.
   */
  keepClients(agentIds: readonly string[], graceMs: number, slackMs: number, now: number): Promise<void>

  /**
   * Says which client of each agent is the active one (the one that takes the agent's commands), and changes it as the wishes say. It stays
   * the active one for `lifeMs` after it was last kept. `seq`: the journal's position that the answer belongs to.
   */
  chooseClients(
    wishes: readonly ClientWish[],
    lifeMs: number,
    now: number,
  ): Promise<{ readonly seq: number; readonly active: readonly (string | undefined)[] }>
  activeClient(agentId: string): Promise<string | undefined>

  // time
  /** Runs everything that is due (relaxation, unblocking, ring deadlines, wrap-up ends, wait limits, lost clients) up to `limit` items; any instance may, twice is harmless. `next`: when the next alarm is due (epoch ms), absent when there is none. */
  sweep(now: number, limit?: number): Promise<Matched & { done: number; next?: number }>

  // reading
  getAgent(agentId: string): Promise<AgentSnapshot | undefined>
  listAgents(): Promise<AgentSnapshot[]>
  getContact(contactId: string): Promise<ContactSnapshot | undefined>
  listContacts(): Promise<ContactSnapshot[]>
  /** 0-based place among those who wait in the contact's queue, by the order in which they would be taken. */
  getPosition(contactId: string): Promise<number | undefined>
  listQueues(queues: readonly string[]): Promise<QueueSnapshot[]>
  /** Everything above at one moment together with the journal position it belongs to (for snapshots). */
  snapshot(queues: readonly string[]): Promise<Moment>
  /** At start: gives Redis the scripts, so that the first call is as quick as the others, and this Redis life its epoch. Returns the epoch. */
  prepare(): Promise<string>
}
