import { StoreError } from '../platform/postgres/errors.js'
import { hasResidentNumber } from './mask.js'
import { normaliseNumber } from './numbers.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An id that can be no row's id is simply not found; PostgreSQL would call it a syntax error. */
export function isUuid(id: string): boolean {
  return UUID.test(id)
}

/** @throws StoreError CTI_ERR_PERSONAL_NUMBER_REFUSED when any text holds a resident registration number */
export function refuseResidentNumbers(...texts: readonly (string | null | undefined)[]): void {
  if (texts.some((text) => typeof text === 'string' && hasResidentNumber(text))) {
    throw new StoreError(
      'CTI_ERR_PERSONAL_NUMBER_REFUSED',
      'A text holds a resident registration number; it must not be stored.',
    )
  }
}

/** @throws StoreError CTI_ERR_PHONE_INVALID */
export function requirePhone(input: string): string {
  const number = normaliseNumber(input)
  if (number === undefined) throw new StoreError('CTI_ERR_PHONE_INVALID', 'Not a phone number.')
  return number
}

/** Keys of `changes` that are there (null clears, absent keeps), as database columns. */
export function present<T extends object>(changes: T): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>
}
