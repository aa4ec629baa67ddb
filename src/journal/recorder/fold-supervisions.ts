import type { RowChange } from './changes.js'
import { RELEASED } from './reduce-supervision.js'

export type NewSupervision = Omit<Extract<RowChange, { row: 'supervision_open' }>, 'row'> & {
  endedAt?: number
  endReason?: string
}
export interface SupervisionEnd {
  readonly supervisionId?: string
  readonly contactId?: string
  readonly at: number
  readonly reason: string
}

/** Rows of who listens to whom, within a batch. PURE. What is open in the database is ended before new rows are made. */
export class SupervisionFold {
  readonly made: NewSupervision[] = []
  /** For rows of earlier batches. */
  readonly ends: SupervisionEnd[] = []

  open(row: NewSupervision): void {
    this.close({ supervisionId: row.supervisionId, at: row.startedAt, reason: 'mode_changed' })
    this.made.push({ ...row })
  }

  close(end: SupervisionEnd): void {
    this.ends.push(end)
    for (const row of this.made) {
      if (row.supervisionId !== end.supervisionId && row.contactId !== end.contactId) continue
      const open = row.endedAt === undefined
      if (!open && (row.endReason !== RELEASED || end.reason === RELEASED)) continue
      row.endedAt ??= Math.max(end.at, row.startedAt)
      row.endReason = end.reason
    }
  }
}
