/** What live calls count (no phone number, no name, no id in a label). */
export interface CallMetrics {
  arrived(): void
  /** The look-up of the caller was late or failed. */
  lookUpLate(): void
  /** A pop went out without context. */
  popIncomplete(): void
  /** An effect failed, by the effect's name. */
  effectFailed(effect: string): void
}
