/** A place in the journal. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}
