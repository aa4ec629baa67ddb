import type { ImportColumn } from './import-columns.js'

export interface ImportMistake {
  readonly line: number
  readonly column?: ImportColumn
  readonly code: string
  readonly message: string
}

export interface ImportReport {
  readonly applied: boolean
  readonly lines: number
  readonly valid: number
  readonly created: number
  readonly existing: number
  readonly moved: number
  readonly mistakes: readonly ImportMistake[]
  readonly moreMistakes: number
}

export interface ImportOptions {
  readonly dryRun: boolean
  /** all: one bad line and nothing is done; valid: the good lines are done. */
  readonly mode: 'all' | 'valid'
  readonly by: string
}
