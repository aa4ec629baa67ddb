/** A refused or failed use of the store, with a stable code that the API shows unchanged. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

export const STORE_ERRORS = [
  'CTI_ERR_DATABASE_UNAVAILABLE',
  'CTI_ERR_DATABASE_TIMEOUT',
  'CTI_ERR_DATABASE_FAILED',
  'CTI_ERR_CONFLICT',
  'CTI_ERR_REFERENCE_NOT_FOUND',
  'CTI_ERR_VALUE_REFUSED',
  'CTI_ERR_VERSION_MISMATCH',
  'CTI_ERR_CURSOR_INVALID',
  'CTI_ERR_CITIZEN_NOT_FOUND',
  'CTI_ERR_TICKET_NOT_FOUND',
  'CTI_ERR_CALLBACK_NOT_FOUND',
  'CTI_ERR_CALLBACK_WRONG_STATE',
  'CTI_ERR_FLAG_NOT_FOUND',
  'CTI_ERR_CONTACT_NOT_FOUND',
  'CTI_ERR_USER_NOT_FOUND',
  'CTI_ERR_API_KEY_NOT_FOUND',
  'CTI_ERR_WEBHOOK_NOT_FOUND',
  'CTI_ERR_WEBHOOK_MESSAGE_NOT_FOUND',
  'CTI_ERR_WEBHOOKS_TOO_MANY',
  'CTI_ERR_FLAG_INVALID',
  'CTI_ERR_PHONE_INVALID',
  'CTI_ERR_PERSONAL_NUMBER_REFUSED',
  'CTI_ERR_PASSWORD_TOO_SHORT',
  'CTI_ERR_DATA_KEY_UNKNOWN',
  'CTI_ERR_CITIZEN_EXPECTS_CALL',
  'CTI_ERR_CENTRE_INVALID',
  'CTI_ERR_CENTRE_CHANGED_MEANWHILE',
  'CTI_ERR_CENTRE_OTHER',
  'CTI_ERR_CENTRE_NOT_APPLIED',
  'CTI_ERR_CALLBACK_KIND_OFF',
  'CTI_ERR_CALLBACK_SLOT_FULL',
  'CTI_ERR_CALLBACK_SLOT_UNKNOWN',
  'CTI_ERR_MIGRATION_FILES',
  'CTI_ERR_MIGRATION_CHANGED',
  'CTI_ERR_MIGRATION_UNKNOWN',
  'CTI_ERR_MIGRATION_FAILED',
] as const
export type StoreErrorCode = (typeof STORE_ERRORS)[number]

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
])
// Connection exceptions, shutdowns, start-up, too many connections, disk or memory full, "read-only" after a fail-over.
const UNAVAILABLE_STATE = /^(08|57P0|53)|^25006$|^57P05$/
const UNAVAILABLE_TEXT =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|pool after calling end|Client has encountered a connection error/i

/**
 * Turns whatever pg threw into a StoreError; the text of the database never reaches a caller because it may carry
 * values of a row (kept as `cause` for a debugger, not for the log).
 */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const root = deepest(error)
  const code = typeof root.code === 'string' ? root.code : ''
  const text = typeof root.message === 'string' ? root.message : ''
  const detail = { cause: error }
  if (NETWORK.has(code) || UNAVAILABLE_STATE.test(code) || UNAVAILABLE_TEXT.test(text)) {
    return new StoreError('CTI_ERR_DATABASE_UNAVAILABLE', 'The database cannot be reached.', detail)
  }
  if (code === '57014' || /timeout/i.test(text)) {
    return new StoreError('CTI_ERR_DATABASE_TIMEOUT', 'The database took too long.', detail)
  }
  if (code === '23505') return new StoreError('CTI_ERR_CONFLICT', 'Exists already.', detail)
  if (code === '23503')
    return new StoreError('CTI_ERR_REFERENCE_NOT_FOUND', 'Names something that does not exist.', detail)
  if (/^(22|23)/.test(code)) return new StoreError('CTI_ERR_VALUE_REFUSED', 'A value is outside its limits.', detail)
  return new StoreError('CTI_ERR_DATABASE_FAILED', 'The database could not do it.', detail)
}

/** Is it worth trying again without changing anything? */
export function isTransient(error: unknown): boolean {
  const { code } = toStoreError(error)
  return code === 'CTI_ERR_DATABASE_UNAVAILABLE' || code === 'CTI_ERR_DATABASE_TIMEOUT'
}

/** drizzle and AggregateError (several addresses refused) wrap the driver's error. */
function deepest(error: unknown): { code?: unknown; message?: unknown } {
  let at: unknown = error
  for (let depth = 0; depth < 5; depth++) {
    if (typeof at !== 'object' || at === null) break
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && code !== '') break
    const next = at instanceof AggregateError ? at.errors[0] : (at as { cause?: unknown }).cause
    if (next === undefined || next === null) break
    at = next
  }
  return typeof at === 'object' && at !== null ? at : { message: String(at) }
}
