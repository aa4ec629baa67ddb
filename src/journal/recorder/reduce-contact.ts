import { isOutboundContact } from '../../callbacks/contact-id.js'
import { maskResidentNumbers } from '../../context/mask.js'
import type { AnyJournalEvent, EventData } from '../events.js'
import type { ContactValues, RowChange } from './changes.js'

/** End states that a wait may end with; any other reason means that the caller left. */
const WAIT_ENDS = new Set([
  'timed_out',
  'overflowed',
  'callback_requested',
  'no_agents',
  'queue_full',
  'closed_hours',
  'blocked',
  'failed',
  'terminated_abuse',
  'terminated_time_limit',
])

/** A contact that goes on has not ended, whatever was written before (overflow, adoption after a cut). */
const GOES_ON: ContactValues = { end_state: null, end_reason: null, ended_at: null }

/** PURE. Events about a contact itself. */
export function reduceContact(event: AnyJournalEvent, id: string): RowChange[] {
  const at = event.time
  const contact = (set: ContactValues, once?: ContactValues): RowChange => ({ row: 'contact', id, at, set, once })
  switch (event.type) {
    case 'contact.created': {
      const { channel, direction, node, channelId, dialled, caller } = event.data
      const made: RowChange[] = [
        contact(
          { channel, direction, node, channel_id: channelId, dialled, caller: caller || null },
          { state: 'created' },
        ),
      ]
      return caller ? [...made, { row: 'contact_link', id }] : made
    }
    case 'contact.left_unseen': {
      const { enteredAt, ...rest } = event.data
      const made: RowChange[] = [{ row: 'contact_unseen', id, at: enteredAt, ...rest }]
      return rest.caller === undefined ? made : [...made, { row: 'contact_link', id }]
    }
    case 'contact.ivr_entered':
      return [contact({ state: 'ivr' }), { row: 'segment_open', contactId: id, at, kind: 'ivr', place: {} }]
    case 'contact.queued': {
      const { queue, priority, attempts, enqueuedAt, transferred } = event.data
      // The wait of the record is the first one.
      const waits: ContactValues = transferred === true ? {} : { wait_ms: null }
      return [
        contact({ state: 'queued', queue, priority, attempts, ...waits, ...GOES_ON }, { queued_at: enqueuedAt }),
        { row: 'segment_open', contactId: id, at, kind: 'queue', place: { queue } },
      ]
    }
    case 'contact.connected': {
      const { queue, agentId, reservationId, waitedMs } = event.data
      return [
        contact({ state: 'connected', queue, agent_id: agentId, ...GOES_ON }, { connected_at: at, wait_ms: waitedMs }),
        { row: 'segment_open', contactId: id, at, kind: 'talk', place: { queue, agentId, reservationId } },
      ]
    }
    case 'contact.transferred':
      return reduceTransfer(event.data, id, at)
    case 'contact.forward_ended':
      return [contact({ forward_ended_at: at })]
    case 'contact.held':
      return [
        contact({ state: 'held' }),
        { row: 'segment_open', contactId: id, at, kind: 'hold', place: { agentId: event.data.agentId } },
      ]
    case 'contact.resumed':
      return [
        contact({ state: 'connected' }),
        { row: 'segment_open', contactId: id, at, kind: 'talk', place: { agentId: event.data.agentId } },
      ]
    case 'contact.wrapping': {
      const { queue, agentId, reservationId, endedBy, token } = event.data
      return [
        // Told again after Redis was emptied: the first end is the true one.
        contact({ state: 'wrapping', ended_by: endedBy }, { talk_ended_at: at }),
        { row: 'segment_open', contactId: id, at, kind: 'wrap', place: { queue, agentId, reservationId } },
        {
          row: 'reservation',
          id: reservationId,
          contactId: id,
          at,
          set: { agent_id: agentId, queue, token, state: 'wrapping' },
        },
      ]
    }
    case 'contact.completed':
      return ended(
        id,
        at,
        { state: 'completed', end_state: 'completed', end_reason: event.data.how },
        { talk_ended_at: at },
      )
    case 'contact.abandoned': {
      const { reason, waitedMs, queue } = event.data
      // Nobody left a queue: somebody whom we phoned was not reached.
      const left = isOutboundContact(id) && reason !== 'caller_hangup' ? 'failed' : 'abandoned'
      const end = WAIT_ENDS.has(reason) ? reason : left
      return ended(id, at, { state: 'ended', end_state: end, end_reason: reason, queue, wait_ms: waitedMs })
    }
    case 'contact.ended': {
      const { end, reason, queue, waitedMs } = event.data
      return ended(id, at, { state: 'ended', end_state: end, end_reason: reason ?? null }, { queue, wait_ms: waitedMs })
    }
    case 'contact.disposed': {
      const { disposition, category, notes, agentId } = event.data
      const text = notes === undefined ? null : maskResidentNumbers(notes)
      return [contact({ disposition, category: category ?? null, notes: text }, { agent_id: agentId })]
    }
    default:
      return []
  }
}

function ended(id: string, at: number, set: ContactValues, once?: ContactValues): RowChange[] {
  return [
    { row: 'contact', id, at, set: { ...set, ended_at: at }, once },
    { row: 'segment_close', contactId: id, at, outcome: set.end_state ?? 'ended' },
    { row: 'contact_sums', id },
  ]
}

/** A colleague's talk begins at once; to a queue, and outside, other events go on. */
function reduceTransfer(data: EventData<'contact.transferred'>, id: string, at: number): RowChange[] {
  const { kind, agentId: fromAgent, toAgent, toReservation, toQueue, toDepartment, outside = false, queue } = data
  const moved: RowChange = {
    row: 'transfer',
    contactId: id,
    at,
    kind,
    fromAgent,
    toAgent,
    toQueue,
    toDepartment,
    outside,
  }
  if (outside) return [{ row: 'contact', id, at, set: { forwarded_to: toDepartment ?? 'outside' } }, moved]
  if (toReservation === undefined) return [{ row: 'contact', id, at }, moved]
  const place = { queue, agentId: toAgent, reservationId: toReservation }
  return [
    { row: 'contact', id, at, set: { state: 'connected', agent_id: toAgent } },
    moved,
    { row: 'segment_open', contactId: id, at, kind: 'talk', place },
  ]
}
