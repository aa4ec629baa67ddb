/** What one event changes in the record. PURE: types only. Times are epoch ms. */

export type SegmentKind = 'ivr' | 'queue' | 'ring' | 'talk' | 'hold' | 'wrap'
export type IntervalKind = 'presence' | 'work' | 'device'

/** Columns of `contacts` that events may set; null empties. */
export interface ContactValues {
  channel?: string
  direction?: string
  node?: string | null
  channel_id?: string | null
  dialled?: string | null
  caller?: string | null
  state?: string
  end_state?: string | null
  end_reason?: string | null
  ended_by?: string | null
  queue?: string | null
  priority?: number
  attempts?: number
  agent_id?: string | null
  disposition?: string
  category?: string | null
  notes?: string | null
  queued_at?: number | null
  connected_at?: number | null
  talk_ended_at?: number | null
  ended_at?: number | null
  wait_ms?: number | null
  forwarded_to?: string
  forward_ended_at?: number
}

export interface ReservationValues {
  agent_id?: string
  queue?: string
  route?: string
  token?: number
  attempt?: number
  state?: string
  reason?: string | null
  accepted_by?: string
  created_at?: number
  deadline?: number
  accepted_at?: number
  ended_at?: number
}

export interface RecordingValues {
  node?: string
  queue?: string
  agent_id?: string
  mode?: string
  state?: string
  started_at?: number
  stopped_at?: number
  stop_reason?: string
  pauses?: unknown
}

export interface SegmentPlace {
  readonly queue?: string
  readonly agentId?: string
  readonly reservationId?: string
}

export type RowChange =
  /** `set` overwrites, `once` fills what is empty. The row is made when it is not there (its beginning was lost). */
  | {
      readonly row: 'contact'
      readonly id: string
      readonly at: number
      readonly set?: ContactValues
      readonly once?: ContactValues
    }
  /** Ends the open segment (its outcome: the new kind, unless marked) and begins one. */
  | {
      readonly row: 'segment_open'
      readonly contactId: string
      readonly at: number
      readonly kind: SegmentKind
      readonly place: SegmentPlace
    }
  /** Says how the open segment came to its end before it ends. */
  | { readonly row: 'segment_mark'; readonly contactId: string; readonly outcome: string }
  | { readonly row: 'segment_close'; readonly contactId: string; readonly at: number; readonly outcome: string }
  /** What was open at `at`, or ended later than that, ended then: the call was taken out of our hands unseen. */
  | { readonly row: 'segments_cut'; readonly contactId: string; readonly at: number; readonly outcome: string }
  /** A segment that is over already, told afterwards; told twice it is there once. */
  | {
      readonly row: 'segment_past'
      readonly contactId: string
      readonly kind: SegmentKind
      readonly place: SegmentPlace
      readonly at: number
      readonly endedAt: number
      readonly outcome: string
    }
  /** A contact that is over, told afterwards, unless the channel is known as another contact's. */
  | {
      readonly row: 'contact_unseen'
      readonly id: string
      readonly at: number
      readonly endedAt: number
      readonly node: string
      readonly channelId: string
      readonly dialled: string
      readonly caller?: string
      readonly queue?: string
    }
  | {
      readonly row: 'transfer'
      readonly contactId: string
      readonly at: number
      readonly kind: string
      readonly fromAgent?: string
      readonly toAgent?: string
      readonly toQueue?: string
      readonly toDepartment?: string
      readonly outside: boolean
    }
  /** Somebody listens from now on, or is heard in another way: what was before ends. */
  | {
      readonly row: 'supervision_open'
      readonly supervisionId: string
      readonly contactId: string
      readonly supervisorId: string
      readonly agentId: string
      readonly queue?: string
      readonly mode: string
      readonly shown: boolean
      readonly startedAt: number
    }
  | {
      readonly row: 'supervision_close'
      readonly supervisionId: string
      readonly at: number
      readonly reason: string
    }
  /** Of everybody who listens to the contact. */
  | { readonly row: 'supervisions_close'; readonly contactId: string; readonly at: number; readonly reason: string }
  /** Sums of the contact's segments are to be taken. */
  | { readonly row: 'contact_sums'; readonly id: string }
  /** The caller's number is known: link the citizen who has it. */
  | { readonly row: 'contact_link'; readonly id: string }
  | {
      readonly row: 'reservation'
      readonly id: string
      readonly contactId: string
      readonly at: number
      readonly set: ReservationValues
    }
  /** A recording as it stands after the change; a row that the finisher has completed keeps its state. */
  | {
      readonly row: 'recording'
      readonly id: string
      readonly contactId: string
      readonly at: number
      readonly set: RecordingValues
    }
  /** Ends the agent's open interval of this kind and begins one. */
  | {
      readonly row: 'interval'
      readonly agentId: string
      readonly kind: IntervalKind
      readonly at: number
      readonly state: string
      readonly reason?: string
      readonly contactId?: string
      readonly reservationId?: string
    }
