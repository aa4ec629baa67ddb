import type { CentreFile } from '../centre/schema.js'
import { normaliseNumber } from '../context/numbers.js'
import { isPhoneable } from './phoneable.js'
import { CallbackRefused } from './refused.js'

/**
 * PURE. The number of a citizen as it will be dialled.
 * @param raw as typed or presented
 * @throws CallbackRefused CTI_ERR_PHONE_INVALID, CTI_ERR_NUMBER_NOT_PHONEABLE (also for the centre's own numbers)
 */
export function requireDialable(file: CentreFile, raw: string | undefined): string {
  const number = normaliseNumber(raw)
  if (number === undefined) throw new CallbackRefused('CTI_ERR_PHONE_INVALID')
  const own = file.centre.callerIds.includes(number) || file.numbers.some((entry) => entry.number === number)
  if (own || !isPhoneable(number)) throw new CallbackRefused('CTI_ERR_NUMBER_NOT_PHONEABLE')
  return number
}
