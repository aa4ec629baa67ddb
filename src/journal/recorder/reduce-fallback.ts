import type { JournalEvent } from '../events.js'
import type { RowChange } from './changes.js'

/**
 * PURE. A call that the PBX's fallback queue served, with everything that happened there. A contact that the server had before is completed:
 * whatever had been written as its end (overflowed, lost, hung up) was only the server's view. The same event twice changes nothing.
 */
export function reduceFallback(event: JournalEvent<'contact.served_by_fallback'>, id: string): RowChange[] {
  const {
    dialled,
    caller,
    node,
    channelId,
    queue,
    agentId,
    enteredAt,
    waitsSince,
    fallbackAt,
    answeredAt,
    endedAt,
    end,
  } = event.data
  const waitEnd = answeredAt ?? endedAt
  const changes: RowChange[] = [
    {
      row: 'contact',
      id,
      at: enteredAt,
      set: {
        state: end === 'completed' ? 'completed' : 'ended',
        end_state: end,
        end_reason: 'fallback',
        agent_id: agentId,
        connected_at: answeredAt,
        talk_ended_at: answeredAt === undefined ? undefined : endedAt,
        ended_at: endedAt,
        wait_ms: waitEnd - waitsSince,
      },
      once: {
        direction: 'inbound',
        dialled,
        node,
        channel_id: channelId,
        caller: caller ?? null,
        queue,
        queued_at: waitsSince,
      },
    },
    { row: 'segments_cut', contactId: id, at: fallbackAt, outcome: 'fallback' },
    {
      row: 'segment_past',
      contactId: id,
      kind: 'queue',
      place: { queue },
      at: fallbackAt,
      endedAt: waitEnd,
      outcome: answeredAt === undefined ? end : 'talk',
    },
  ]
  if (answeredAt !== undefined)
    changes.push({
      row: 'segment_past',
      contactId: id,
      kind: 'talk',
      place: { queue, agentId },
      at: answeredAt,
      endedAt,
      outcome: end,
    })
  if (caller !== undefined) changes.push({ row: 'contact_link', id })
  return [...changes, { row: 'contact_sums', id }]
}
