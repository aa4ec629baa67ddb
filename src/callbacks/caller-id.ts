import type { CentreFile } from '../centre/schema.js'
import { refuseSenderNumber } from '../centre/sender-number.js'

/** A number that the centre may not show. The code is one of the API's. */
export class CallerIdError extends Error {
  override readonly name = 'CallerIdError'
  readonly code = 'CTI_ERR_CALLER_ID_NOT_ALLOWED'
}

/**
 * PURE. The number that a call-back shows: of its queue; else the number that the citizen had dialled, when it may be shown; else the
 * centre's first. Nobody types one.
 * @throws CallerIdError when the queue names one that is not in centre.callerIds
 */
export function chooseCallerId(file: CentreFile, queue: string, dialled?: string): string {
  const own = file.queues.find(({ id }) => id === queue)?.callerId
  if (own !== undefined) return requireCallerId(file, own)
  if (dialled !== undefined && file.centre.callerIds.includes(dialled)) return dialled
  return requireCallerId(file, file.centre.callerIds[0])
}

/**
 * PURE. Lets a number of the centre through.
 * @throws CallerIdError CTI_ERR_CALLER_ID_NOT_ALLOWED for every other one
 */
export function requireCallerId(file: CentreFile, number: string | undefined): string {
  if (number === undefined || !file.centre.callerIds.includes(number) || refuseSenderNumber(number) !== undefined)
    throw new CallerIdError('The number is not a caller id of this centre.')
  return number
}
