import { hasResidentNumber } from '../../context/mask.js'
import { ApiError } from '../problem.js'

/**
 * Refuses texts that hold a resident registration number (domain rules: it is never stored). PURE.
 * @param fields name of the field in the body -> what was typed
 * @throws ApiError CTI_ERR_PERSONAL_NUMBER_REFUSED pointing at the fields
 */
export function refusePersonalNumbers(fields: Readonly<Record<string, string | null | undefined>>): void {
  const errors = Object.entries(fields)
    .filter(([, text]) => typeof text === 'string' && hasResidentNumber(text))
    .map(([name]) => ({ in: 'body', pointer: `/${name}`, message: 'holds a resident registration number' }))
  if (errors.length > 0) throw new ApiError('CTI_ERR_PERSONAL_NUMBER_REFUSED', undefined, { errors })
}
