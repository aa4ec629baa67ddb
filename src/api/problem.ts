import type { Problem } from './contracts/problem.js'
import { ERROR_CATALOGUE, type ErrorCode, isErrorCode } from './error-catalogue.js'

/** An answer that is not a success, thrown anywhere in the edge. `detail` must hold no number, name or secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
    readonly more: {
      readonly retryAfterSeconds?: number
      readonly errors?: NonNullable<Problem['errors']>
      readonly cause?: unknown
    } = {},
  ) {
    super(`${code}${detail === undefined ? '' : `: ${detail}`}`, { cause: more.cause })
  }
}

/** Fastify's and the plugins' own error codes. */
const FRAMEWORK: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'CTI_ERR_BAD_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'CTI_ERR_BAD_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'CTI_ERR_PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CTI_ERR_UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'CTI_ERR_REQUEST_REFUSED',
  FST_ERR_BAD_URL: 'CTI_ERR_REQUEST_REFUSED',
  FST_ERR_MAX_PARAM_LENGTH: 'CTI_ERR_ROUTE_NOT_FOUND',
  FST_UNDER_PRESSURE: 'CTI_ERR_OVERLOADED',
}

/** Errors of sockets and drivers that mean: a dependency is away, not a fault of ours. */
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])

/** Narrow view of what may be thrown at us. */
interface Thrown {
  readonly code?: unknown
  readonly statusCode?: unknown
  readonly message?: unknown
  readonly validation?: readonly { instancePath: string; message?: string }[]
  readonly validationContext?: string
  readonly cause?: unknown
  readonly name?: unknown
}

/** Turns anything thrown into an ApiError. Unknown things become CTI_ERR_INTERNAL without their text. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  const error = (thrown ?? {}) as Thrown
  if (error.validation !== undefined) return validationError(error)
  if (isErrorCode(error.code)) {
    return new ApiError(
      error.code,
      undefined,
      ERROR_CATALOGUE[error.code].status === 503 ? { retryAfterSeconds: 5, cause: thrown } : { cause: thrown },
    )
  }
  if (typeof error.code === 'string') {
    const code = FRAMEWORK[error.code]
    if (code !== undefined)
      return new ApiError(code, undefined, code === 'CTI_ERR_OVERLOADED' ? { retryAfterSeconds: 5 } : {})
  }
  if (isAway(error)) return new ApiError('CTI_ERR_UNAVAILABLE', undefined, { retryAfterSeconds: 5, cause: thrown })
  if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500)
    return fromStatus(error.statusCode)
  return new ApiError('CTI_ERR_INTERNAL', undefined, { cause: thrown })
}

function validationError(error: Thrown): ApiError {
  const where = error.validationContext ?? 'body'
  const errors = (error.validation ?? []).slice(0, 20).map((v) => ({
    in: where,
    pointer: v.instancePath,
    message: v.message ?? 'is not valid',
  }))
  return new ApiError('CTI_ERR_VALIDATION', undefined, { errors })
}

function isAway(error: Thrown, depth = 0): boolean {
  if (typeof error.code === 'string' && AWAY.has(error.code)) return true
  if (error.name === 'MaxRetriesPerRequestError') return true
  // Redis is there and cannot write: full, without its replicas, loading, or not the primary.
  if (typeof error.message === 'string' && /^(OOM|NOREPLICAS|MISCONF|READONLY|LOADING|MASTERDOWN) /.test(error.message))
    return true
  if (
    typeof error.message === 'string' &&
    /connection (is closed|terminated)|timeout exceeded when trying to connect|command timed out/i.test(error.message)
  )
    return true
  return (
    depth < 3 && typeof error.cause === 'object' && error.cause !== null && isAway(error.cause as Thrown, depth + 1)
  )
}

function fromStatus(status: number): ApiError {
  const codes: Readonly<Record<number, ErrorCode>> = {
    401: 'CTI_ERR_UNAUTHENTICATED',
    // Of the files of the pages only (//x, ../x): what somebody may not do is refused by us.
    403: 'CTI_ERR_ROUTE_NOT_FOUND',
    404: 'CTI_ERR_ROUTE_NOT_FOUND',
    413: 'CTI_ERR_PAYLOAD_TOO_LARGE',
    415: 'CTI_ERR_UNSUPPORTED_MEDIA_TYPE',
    429: 'CTI_ERR_RATE_LIMITED',
  }
  return new ApiError(codes[status] ?? 'CTI_ERR_REQUEST_REFUSED')
}

/**
 * The problem document (RFC 9457) of an error.
 * @param requestId id of the request as the log has it
 */
export function toProblem(error: ApiError, requestId: string): Problem {
  const kind = ERROR_CATALOGUE[error.code]
  const problem: Problem = {
    type: `/docs/errors#${error.code.toLowerCase()}`,
    title: kind.title,
    status: kind.status,
    code: error.code,
    detail: error.detail ?? kind.action,
    requestId,
  }
  if (error.more.retryAfterSeconds !== undefined) problem.retryAfterSeconds = error.more.retryAfterSeconds
  if (error.more.errors !== undefined) problem.errors = [...error.more.errors]
  return problem
}
