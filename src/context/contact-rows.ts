import type { contacts, reservations, segments } from '../platform/postgres/schema/index.js'
import type { Sealing } from '../platform/sealing.js'

/** Rows of the record as the rest of the house reads them. PURE. */

export type RecordedContactState =
  | 'created'
  | 'ivr'
  | 'queued'
  | 'reserved'
  | 'offered'
  | 'connected'
  | 'held'
  | 'wrapping'
  | 'completed'
  | 'ended'
export type RecordedReservationState =
  | 'pending'
  | 'accepted'
  | 'rejected'
  | 'timed_out'
  | 'cancelled'
  | 'rescinded'
  | 'failed'
  | 'wrapping'
  | 'completed'

export interface ContactRecord {
  id: string
  channel: string
  direction: 'inbound' | 'outbound'
  state: RecordedContactState
  end?: string
  queue?: string
  agentId?: string
  dialled?: string
  caller?: string
  citizenId?: string
  startedAt: string
  queuedAt?: string
  connectedAt?: string
  endedAt?: string
  waitMs?: number
  talkMs?: number
  wrapMs?: number
  disposition?: string
  category?: string
  notes?: string
  transfers: number
  forwardedTo?: string
}
export interface SegmentRecord {
  kind: 'ivr' | 'queue' | 'ring' | 'talk' | 'hold' | 'wrap'
  startedAt: string
  endedAt?: string
  queue?: string
  agentId?: string
  reservationId?: string
  end?: string
}
/** Times in epoch ms, as in the live state. */
export interface ReservationRecord {
  id: string
  contactId: string
  agentId: string
  queue: string
  state: RecordedReservationState
  token: number
  createdAt: number
  deadline?: number
  endedAt?: number
  reason?: string
}

export function toContact(row: typeof contacts.$inferSelect, sealing: Pick<Sealing, 'open'>): ContactRecord {
  return {
    id: row.id,
    channel: row.channel,
    direction: row.direction,
    state: row.state as RecordedContactState,
    end: row.endState ?? undefined,
    queue: row.queue ?? undefined,
    agentId: row.agentId ?? undefined,
    dialled: row.dialled ?? undefined,
    caller: row.caller === null ? undefined : sealing.open(row.caller),
    citizenId: row.citizenId ?? undefined,
    startedAt: row.createdAt.toISOString(),
    queuedAt: row.queuedAt?.toISOString(),
    connectedAt: row.connectedAt?.toISOString(),
    endedAt: row.endedAt?.toISOString(),
    waitMs: row.waitMs ?? undefined,
    talkMs: row.talkMs ?? undefined,
    wrapMs: row.wrapMs ?? undefined,
    disposition: row.disposition ?? undefined,
    category: row.category ?? undefined,
    notes: row.notes ?? undefined,
    transfers: row.transfers,
    forwardedTo: row.forwardedTo ?? undefined,
  }
}

export function toSegment(row: typeof segments.$inferSelect): SegmentRecord {
  return {
    kind: row.kind,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString(),
    queue: row.queue ?? undefined,
    agentId: row.agentId ?? undefined,
    reservationId: row.reservationId ?? undefined,
    end: row.outcome ?? undefined,
  }
}

export function toReservation(row: typeof reservations.$inferSelect): ReservationRecord {
  return {
    id: row.id,
    contactId: row.contactId,
    agentId: row.agentId,
    queue: row.queue,
    state: row.state as RecordedReservationState,
    token: row.token,
    createdAt: row.createdAt.getTime(),
    deadline: row.deadline?.getTime(),
    endedAt: row.endedAt?.getTime(),
    reason: row.reason ?? undefined,
  }
}
