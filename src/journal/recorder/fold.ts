import type {
  ContactValues,
  IntervalKind,
  RecordingValues,
  ReservationValues,
  RowChange,
  SegmentKind,
} from './changes.js'
import { type NewSupervision, type SupervisionEnd, SupervisionFold } from './fold-supervisions.js'

/** A batch of changes as few rows for few statements. Times are epoch ms. */
export interface Folded {
  readonly contacts: { id: string; at: number; set: ContactValues; once: ContactValues }[]
  /** What happens to the segment that is open in the database; without `at` it is only marked. */
  readonly segmentEnds: { contactId: string; at?: number; outcome: string }[]
  /** New segments; `n` counts from 1 within the contact. */
  readonly segments: NewSegment[]
  readonly cuts: { contactId: string; at: number; outcome: string }[]
  /** Told afterwards: written when the contact has no segment of this kind that began then. */
  readonly pasts: NewSegment[]
  readonly unseen: Omit<Extract<RowChange, { row: 'contact_unseen' }>, 'row'>[]
  readonly reservations: { id: string; contactId: string; at: number; set: ReservationValues }[]
  readonly recordings: { id: string; contactId: string; at: number; set: RecordingValues }[]
  readonly intervalEnds: { agentId: string; kind: IntervalKind; at: number }[]
  readonly intervals: NewInterval[]
  readonly transfers: Omit<Extract<RowChange, { row: 'transfer' }>, 'row'>[]
  readonly supervisionEnds: readonly SupervisionEnd[]
  readonly supervisions: readonly NewSupervision[]
  readonly sums: string[]
  readonly links: string[]
}

interface NewSegment {
  contactId: string
  n: number
  kind: SegmentKind
  queue?: string
  agentId?: string
  reservationId?: string
  outcome?: string
  startedAt: number
  endedAt?: number
}

interface NewInterval {
  agentId: string
  kind: IntervalKind
  state: string
  reason?: string
  contactId?: string
  reservationId?: string
  startedAt: number
  endedAt?: number
}

/** PURE. Puts the changes of a batch together: one row for each contact and reservation, segments and intervals in order. */
export function foldChanges(changes: readonly RowChange[]): Folded {
  const contacts = new Map<string, Folded['contacts'][number]>()
  const reservations = new Map<string, Folded['reservations'][number]>()
  const recordings = new Map<string, Folded['recordings'][number]>()
  const segments = new SegmentFold()
  const cuts = new Map<string, Folded['cuts'][number]>()
  const pasts = new Map<string, NewSegment>()
  const intervals = new IntervalFold()
  const unseen: Folded['unseen'] = []
  const transfers: Folded['transfers'] = []
  const supervisions = new SupervisionFold()
  const sums = new Set<string>()
  const links = new Set<string>()
  for (const change of changes) {
    switch (change.row) {
      case 'contact': {
        const row = contacts.get(change.id) ?? { id: change.id, at: change.at, set: {}, once: {} }
        contacts.set(change.id, row)
        Object.assign(row.set, defined(change.set))
        fillEmpty(row, defined(change.once))
        break
      }
      case 'reservation': {
        const row = reservations.get(change.id) ?? {
          id: change.id,
          contactId: change.contactId,
          at: change.at,
          set: {},
        }
        reservations.set(change.id, row)
        Object.assign(row.set, defined(change.set))
        break
      }
      case 'recording': {
        const { id, contactId, at } = change
        const row = recordings.get(id) ?? { id, contactId, at, set: {} }
        recordings.set(id, row)
        Object.assign(row.set, defined(change.set))
        break
      }
      case 'segment_open':
        segments.end(change.contactId, change.kind, change.at)
        segments.begin(change.contactId, { kind: change.kind, ...change.place, startedAt: change.at })
        break
      case 'segment_mark':
        segments.end(change.contactId, change.outcome)
        break
      case 'segment_close':
        segments.end(change.contactId, change.outcome, change.at)
        break
      case 'segments_cut':
        cuts.set(change.contactId, { contactId: change.contactId, at: change.at, outcome: change.outcome })
        break
      case 'segment_past': {
        const { contactId, kind, at, endedAt, outcome, place } = change
        const n = [...pasts.values()].filter((past) => past.contactId === contactId).length + 1
        const key = `${contactId} ${kind} ${at}`
        if (!pasts.has(key)) pasts.set(key, { contactId, n, kind, ...place, outcome, startedAt: at, endedAt })
        break
      }
      case 'interval': {
        const { row: _, at, ...rest } = change
        intervals.next({ ...rest, startedAt: at })
        break
      }
      case 'contact_unseen': {
        const { row: _, ...rest } = change
        unseen.push(rest)
        break
      }
      case 'transfer': {
        const { row: _, ...rest } = change
        transfers.push(rest)
        break
      }
      case 'supervision_open': {
        const { row: _, ...rest } = change
        supervisions.open(rest)
        break
      }
      case 'supervision_close':
      case 'supervisions_close': {
        const { row: _, ...rest } = change
        supervisions.close(rest)
        break
      }
      case 'contact_sums':
        sums.add(change.id)
        break
      case 'contact_link':
        links.add(change.id)
        break
    }
  }
  return {
    contacts: [...contacts.values()],
    reservations: [...reservations.values()],
    segmentEnds: [...segments.ends.values()],
    segments: segments.made,
    cuts: [...cuts.values()],
    pasts: [...pasts.values()],
    unseen,
    recordings: [...recordings.values()],
    intervalEnds: [...intervals.ends.values()],
    intervals: intervals.made,
    transfers,
    supervisionEnds: supervisions.ends,
    supervisions: supervisions.made,
    sums: [...sums],
    links: [...links],
  }
}

class SegmentFold {
  readonly ends = new Map<string, Folded['segmentEnds'][number]>()
  readonly made: NewSegment[] = []
  private readonly last = new Map<string, NewSegment>()

  begin(contactId: string, segment: Omit<NewSegment, 'contactId' | 'n'>): void {
    const made = { contactId, n: (this.last.get(contactId)?.n ?? 0) + 1, ...segment }
    this.last.set(contactId, made)
    this.made.push(made)
  }

  /** Ends (or, without `at`, marks) the segment that is open: the newest of this batch, else the database's. First mark wins. */
  end(contactId: string, outcome: string, at?: number): void {
    const last = this.last.get(contactId)
    if (last) {
      if (last.endedAt !== undefined) return
      last.outcome ??= outcome
      if (at !== undefined) last.endedAt = Math.max(at, last.startedAt)
      return
    }
    const stored = this.ends.get(contactId)
    if (stored?.at !== undefined) return
    this.ends.set(contactId, { contactId, outcome: stored?.outcome ?? outcome, at })
  }
}

class IntervalFold {
  readonly ends = new Map<string, Folded['intervalEnds'][number]>()
  readonly made: NewInterval[] = []
  private readonly last = new Map<string, NewInterval>()

  next(interval: NewInterval): void {
    const key = `${interval.kind} ${interval.agentId}`
    const last = this.last.get(key)
    if (last) last.endedAt = Math.max(interval.startedAt, last.startedAt)
    else this.ends.set(key, { agentId: interval.agentId, kind: interval.kind, at: interval.startedAt })
    this.last.set(key, interval)
    this.made.push(interval)
  }
}

function defined<T extends object>(values: T | undefined): T {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as T
}

/** First wins: a value fills what this batch emptied, or waits to fill what the database has empty. */
function fillEmpty(row: Folded['contacts'][number], once: ContactValues): void {
  const set = row.set as Record<string, unknown>
  for (const [key, value] of Object.entries(once)) {
    if (set[key] === null) set[key] = value
    else if (!(key in set) && !(key in row.once)) (row.once as Record<string, unknown>)[key] = value
  }
}
