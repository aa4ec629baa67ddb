/**
 * What a phone may show and dial. Names come from strangers' SIP headers: they are cut to what is printable, so that nothing of
 * them can become a header, a command or a trick of the screen (right-to-left marks, invisible characters).
 */

const longestName = 40
const longestNumber = 32

/**
 * @param raw a display name as it came, of any length
 * @returns at most 40 characters without control, format and unassigned characters, quotes, angle brackets and backslashes;
 *   undefined when nothing is left
 */
export function cleanDisplayName(raw: string | undefined): string | undefined {
  if (!raw) return undefined
  // Bounded before the regular expressions run: a 4 KB name costs no more than a short one.
  const printable = raw
    .slice(0, 400)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/["'`<>\\]/g, '')
    .replace(/\s+/gu, ' ')
    .trim()
  return [...printable].slice(0, longestName).join('').trim() || undefined
}

/**
 * @param raw a number as it came
 * @returns its characters out of 0-9, *, # and a leading +, at most 32; undefined when it holds no such character or is withheld
 */
export function cleanNumber(raw: string | undefined): string | undefined {
  if (!raw) return undefined
  const kept = raw.slice(0, 100).replace(/[^0-9*#+]/g, '')
  const number = kept.slice(0, 1) + kept.slice(1).replace(/\+/g, '')
  return number === '+' ? undefined : number.slice(0, longestNumber) || undefined
}
