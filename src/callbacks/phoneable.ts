/** PURE. Numbers that can be phoned back, normalised (context/numbers.ts). */
const PHONEABLE: readonly RegExp[] = [
  /^01[016789]\d{7,8}$/, // mobile
  /^0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4])[2-9]\d{6,7}$/, // fixed lines with their area code
  /^070\d{8}$/, // internet telephony
  /^050\d{8,9}$/, // safety numbers that forward
]

/**
 * A citizen's number in Korea: no extension, special, representative, free, premium or foreign number. Nobody waits for a call there, and
 * some of them cost the centre money.
 */
export function isPhoneable(number: string): boolean {
  return PHONEABLE.some((form) => form.test(number))
}
