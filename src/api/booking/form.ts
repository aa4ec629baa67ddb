import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A form that comes back sooner than people type (ms), or was left lying for so long. */
const SOONEST_MS = 3_000
export const LONGEST_MS = 2 * 3_600_000

/** A form of the public page: signed, so that nobody makes one up, and numbered, so that each is used once. */
export interface BookingForms {
  issue(now: number): string
  /** @returns the form's number; undefined when it is not one of ours, or too young, or too old */
  check(form: string, now: number): string | undefined
}

/** @param secret the same in every instance */
export function createBookingForms(secret: string): BookingForms {
  const key = createHmac('sha256', secret).update('cti120 booking form').digest()
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  return {
    issue(now) {
      const text = `${now.toString(36)}.${randomBytes(12).toString('base64url')}`
      return `${text}.${sign(text)}`
    },
    check(form, now) {
      const [issued = '', number = '', signature = ''] = form.split('.')
      const [given, ours] = [Buffer.from(signature), Buffer.from(sign(`${issued}.${number}`))]
      if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined
      const age = now - Number.parseInt(issued, 36)
      return age >= SOONEST_MS && age <= LONGEST_MS ? number : undefined
    },
  }
}
