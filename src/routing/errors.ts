import { ROUTING_ERRORS, type RoutingErrorCode } from './model.js'

/** A routing command that was refused; nothing was changed. */
export class RoutingError extends Error {
  /** @param detail what was wrong, without personal data */
  constructor(
    readonly code: RoutingErrorCode,
    detail?: string,
  ) {
    super(detail === undefined ? code : `${code}: ${detail}`)
    this.name = 'RoutingError'
  }
}

/** The error for a number that a script returned (the only place that maps them). */
export function routingErrorOf(number: number): RoutingError {
  const code = (ROUTING_ERRORS as Record<number, RoutingErrorCode>)[number]
  if (code === undefined) throw new Error(`routing script returned unknown error ${number}`)
  return new RoutingError(code)
}

export function isRoutingError(error: unknown): error is RoutingError {
  return error instanceof RoutingError
}
