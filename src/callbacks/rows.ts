import type { Sealing } from '../platform/sealing.js'
import type { Callback, CallbackKind, CallbackState, ChecklistItem } from './model.js'

/** A row of `callbacks` as pg gives it. */
export interface CallbackRow {
  readonly id: string
  readonly kind: CallbackKind
  readonly state: CallbackState
  readonly queue: string
  readonly number: string
  readonly second_number: string | null
  readonly caller_id: string
  readonly citizen_id: string | null
  readonly ticket_id: string | null
  readonly source_contact_id: string | null
  readonly reason: string | null
  readonly owner_agent: string | null
  readonly owner_until: Date | null
  readonly priority: number
  readonly enqueued_at: Date | null
  readonly requested_at: Date
  readonly promised_at: Date
  readonly first_promised_at: Date
  readonly due_at: Date
  readonly expires_at: Date | null
  readonly attempts: number
  readonly max_attempts: number
  readonly first_attempt_at: Date | null
  readonly contact_id: string | null
  readonly agent_id: string | null
  readonly outcome: string | null
  readonly ended_at: Date | null
  readonly ended_reason: string | null
  readonly superseded_by: string | null
  readonly slot_at: Date | null
  readonly schedule_id: string | null
  readonly checklist: ChecklistItem[] | null
  readonly version: number
  readonly created_by: string
}

/** A call-back without its numbers: what most readers need, and nothing to open. */
export type CallbackFacts = Omit<Callback, 'number' | 'secondNumber'>

/** @throws StoreError CTI_ERR_DATA_KEY_UNKNOWN */
export function toCallback(row: CallbackRow, sealing: Pick<Sealing, 'open'>): Callback {
  return {
    ...toFacts(row),
    number: sealing.open(row.number),
    secondNumber: row.second_number === null ? undefined : sealing.open(row.second_number),
  }
}

export function toFacts(row: CallbackRow): CallbackFacts {
  const time = (at: Date | null) => at?.getTime()
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    queue: row.queue,
    callerId: row.caller_id,
    citizenId: row.citizen_id ?? undefined,
    ticketId: row.ticket_id ?? undefined,
    sourceContactId: row.source_contact_id ?? undefined,
    reason: row.reason ?? undefined,
    ownerAgent: row.owner_agent ?? undefined,
    ownerUntil: time(row.owner_until),
    priority: row.priority,
    enqueuedAt: time(row.enqueued_at),
    requestedAt: row.requested_at.getTime(),
    promisedAt: row.promised_at.getTime(),
    firstPromisedAt: row.first_promised_at.getTime(),
    dueAt: row.due_at.getTime(),
    expiresAt: time(row.expires_at),
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    firstAttemptAt: time(row.first_attempt_at),
    contactId: row.contact_id ?? undefined,
    agentId: row.agent_id ?? undefined,
    outcome: row.outcome ?? undefined,
    endedAt: time(row.ended_at),
    endedReason: row.ended_reason ?? undefined,
    supersededBy: row.superseded_by ?? undefined,
    slotAt: time(row.slot_at),
    scheduleId: row.schedule_id ?? undefined,
    checklist: row.checklist ?? undefined,
    version: row.version,
    createdBy: row.created_by,
  }
}
