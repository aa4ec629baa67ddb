export interface PartHealth {
  readonly ok: boolean
  /** Why not, and what to do. */
  readonly detail?: string
}

export interface AsteriskHealth {
  readonly ari: PartHealth
  readonly ami: PartHealth
}
