import type { ErrorCode, Problem } from './generated/contracts.js'

/** An answer of the server that is not a success: `code` is stable and listed in docs/errors.md. */
export class CtiProblem extends Error {
  override readonly name: string = 'CtiProblem'

  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail ?? problem.title}`)
  }

  get code(): ErrorCode {
    return this.problem.code as ErrorCode
  }

  get status(): number {
    return this.problem.status
  }

  /** True when the same request may work later. */
  get isTemporary(): boolean {
    return this.problem.status === 429 || this.problem.status >= 500
  }
}

/** The server did not answer at all. */
export class CtiUnreachable extends Error {
  override readonly name: string = 'CtiUnreachable'

  constructor(cause: unknown) {
    super('the server cannot be reached', { cause })
  }
}

/** Nobody is signed in (any more): show the sign-in. */
export class CtiSignedOut extends Error {
  override readonly name: string = 'CtiSignedOut'

  constructor() {
    super('nobody is signed in')
  }
}
