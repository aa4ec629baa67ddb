const AREA = '(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4])'
/** Numbers that a public body may show, in national form without signs. */
const ALLOWED: readonly RegExp[] = [
  new RegExp(`^0${AREA}[2-9]\\d{6,7}$`), // fixed lines with their area code
  new RegExp(`^0${AREA}1\\d{6}$`), // exchanges of public offices (031-120-0120)
  new RegExp(`^(?:0${AREA})?120$`), // the special number itself: its holder, a local government, may show it
  /^070[2-9]\d{7}$/, // internet telephony
  /^080\d{7}$/, // free of charge
  /^1[5-8]\d{6}$/, // representative numbers: 8 digits, no area code
]

/**
 * PURE. Why a number cannot be a caller id of the centre; undefined: it can.
 *
 * Sources: 전기통신사업법 제84조의2 (no false caller number) and KISA's 거짓으로 표시된 전화번호로 인한 이용자의 피해 예방 등에 관한
 * 세부지침 제13조 제4항 and 제16조, as message carriers publish it: a fixed line carries its area code; representative and 0N0 numbers
 * are whole and carry none; 050 numbers, which only forward, cannot be shown; special numbers only by the body that holds them. A mobile
 * phone is a person's, not the centre's (domain.md section 5: only numbers that the centre owns).
 */
export function refuseSenderNumber(number: string): string | undefined {
  if (ALLOWED.some((form) => form.test(number))) return undefined
  if (/^\+(?!82)|^00/.test(number)) return 'is a foreign number'
  if (number.startsWith('+')) return 'must be in national form (031…, not +8231…)'
  if (/^01\d/.test(number)) return 'is a mobile number: it belongs to a person, not to the centre'
  if (/^050/.test(number)) return 'is a 050 number, which only forwards calls and cannot be shown'
  if (/^0[36]0/.test(number)) return 'is a premium or relay number'
  if (new RegExp(`^0${AREA}1[5-8]\\d{6}$`).test(number)) return 'has an area code before a representative number'
  if (/^\d{3,4}$/.test(number)) return 'is a special number that belongs to somebody else'
  if (/^[2-9]\d{6,7}$/.test(number)) return 'lacks its area code'
  return 'is not a number of the Korean plan that may be shown'
}
