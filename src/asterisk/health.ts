export interface PartHealth {
  readonly ok: boolean
  /** Why not, and what to do. */
  readonly detail?: string
  /** Nothing listens there: Asterisk itself does not run, and its calls are gone. Absent: it may run. */
  readonly gone?: true
}

export interface AsteriskHealth {
  readonly ari: PartHealth
  readonly ami: PartHealth
}
