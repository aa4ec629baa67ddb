/** What a command may touch of the world around it, so that tests can stand in for a terminal. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  out(text: string): void
  err(text: string): void
  /** Asks a yes/no question; undefined when nobody can answer (no terminal). */
  confirm(question: string): Promise<boolean | undefined>
}

/** Ends a command with a message for the operator. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode = 2,
  ) {
    super(message)
  }
}
