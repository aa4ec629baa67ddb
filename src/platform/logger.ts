import { type DestinationStream, type Logger, pino } from 'pino'

/** Keys that hold a person's number or name; removed wherever they turn up, should a log call carry them by mistake. */
const PERSONAL = [
  'caller',
  'callerNumber',
  'callerName',
  'phone',
  'phones',
  'name',
  'displayName',
  'displayNumber',
  'password',
  'token',
]

/**
 * Structured logs: ids, never phone numbers, names or secrets.
 * @param destination where to write; default stdout
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = PERSONAL.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])
  return pino(
    { level, base: { service: 'cti120' }, redact: { paths, censor: '[removed]' }, serializers: { err: withoutDetail } },
    destination,
  )
}

/** An error's kind, message and stack; not its other fields (database drivers put row values into `detail`). */
function withoutDetail(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = (error as { code?: unknown }).code
  return {
    type: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    stack: error.stack,
  }
}
