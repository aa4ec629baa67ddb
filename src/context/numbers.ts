import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/**
 * PURE. Phone numbers as the record keeps them: Korean ones in national form without signs (01012345678, 0212345678, 15881234,
 * 120), foreign ones in E.164 (+84912345678). Sources: domain.md section 5, the numbering plan of Korea.
 */

/** Special numbers that a number library does not know as valid. */
const SHORT_CODES = new Set([
  '107',
  '109',
  '110',
  '111',
  '112',
  '113',
  '114',
  '117',
  '118',
  '119',
  '120',
  '121',
  '122',
  '123',
  '125',
  '126',
  '127',
  '128',
  '129',
  '131',
  '132',
  '182',
  '188',
  '1301',
  '1330',
  '1331',
  '1332',
  '1333',
  '1336',
  '1345',
  '1350',
  '1355',
  '1357',
  '1366',
  '1372',
  '1377',
  '1388',
  '1389',
  '1390',
  '1398',
  '1399',
])

/** What a PBX shows for a caller who withholds the number, or for none at all. */
const WITHHELD =
  /^(|anonymous|unknown|unavailable|restricted|private|withheld|asterisk|invalid|null|undefined|none|s|0+)$/i

const NATIONAL = [
  /^(010\d{8}|01[16789]\d{7,8})$/, // mobile
  /^02\d{7,8}$/, // Seoul
  /^0(3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}$/, // areas
  /^070\d{8}$/, // internet telephony
  /^050\d{8,9}$/, // personal and safety numbers
  /^080\d{7}$/, // free of charge
  /^0[36]0\d{7,8}$/, // premium and relay
  /^1[5-8]\d{6}$/, // representative numbers (15xx, 16xx, 18xx)
]

/** 120 and its like with an area code before it, as a mobile phone dials them. */
const WITH_AREA = /^0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4])(1[0-9]{2})$/

/**
 * Normalises a number as it came from a PBX or a person.
 * @param raw digits with any of `+ - . ( ) space`, `sip:` and `tel:` forms, `+82`, `0082`, `00700…82` prefixes
 * @returns the normalised number; undefined when it was withheld or is no phone number
 */
export function normaliseNumber(raw: string | undefined | null): string | undefined {
  if (raw === undefined || raw === null || raw.length > 100) return undefined
  const bare = raw
    .trim()
    .replace(/^(sip|sips|tel):/i, '')
    .replace(/[@;].*$/s, '')
    .trim()
  if (WITHHELD.test(bare) || !/^\+?[0-9 ().\-/]+$/.test(bare)) return undefined
  const digits = bare.replace(/[^0-9+]/g, '')
  const international = toInternational(digits)
  if (international === undefined) return normaliseNational(digits)
  return international.startsWith('+82')
    ? normaliseNational(nationalOf(international))
    : normaliseForeign(international)
}

/**
 * A number with `+`, 00 or a carrier's prefix (001, 002, 005, 006, 008; 003xx and 007xx) as `+…`; undefined for a number dialled at
 * home. 0033… is France before it is the carrier 003xx, so the reading that makes a valid number wins.
 */
function toInternational(digits: string): string | undefined {
  if (digits.startsWith('+')) return digits
  if (!digits.startsWith('00')) return undefined
  const readings = [/^00([1-9]\d{6,14})$/, /^00[12568]([1-9]\d{6,14})$/, /^00[37]\d{2}([1-9]\d{6,14})$/].flatMap(
    (form) => {
      const rest = form.exec(digits)?.[1]
      return rest === undefined ? [] : [`+${rest}`]
    },
  )
  return readings.find(isValid) ?? readings[0]
}

function isValid(number: string): boolean {
  return number.startsWith('+82') || parsePhoneNumberFromString(number)?.isValid() === true
}

/** +8210…, +82010…, +82 2 …, +821588… */
function nationalOf(international: string): string {
  const rest = international.slice(3)
  if (rest.startsWith('0') || /^1[5-8]\d{6}$/.test(rest) || SHORT_CODES.has(rest)) return rest
  return `0${rest}`
}

function normaliseNational(digits: string): string | undefined {
  if (SHORT_CODES.has(digits)) return digits
  const special = WITH_AREA.exec(digits)?.[1]
  if (special !== undefined && SHORT_CODES.has(special)) return special
  if (NATIONAL.some((form) => form.test(digits))) return digits
  // A presented number without its leading zero (some trunks send 1012345678 and 212345678).
  if (/^(10\d{8}|1[16789]\d{7,8}|70\d{8})$/.test(digits)) return `0${digits}`
  // The country without its plus, as some trunks present it.
  const abroad = /^82([1-9]\d{8,9})$/.exec(digits)?.[1]
  if (abroad !== undefined) return normaliseNational(`0${abroad}`)
  // Extensions of the house and of other offices.
  return /^[1-9]\d{2,5}$/.test(digits) ? digits : undefined
}

function normaliseForeign(international: string): string | undefined {
  const parsed = parsePhoneNumberFromString(international)
  if (parsed?.isPossible()) return parsed.number
  return /^\+[1-9]\d{6,14}$/.test(international) ? international : undefined
}
