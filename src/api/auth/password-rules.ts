/** What a password must be. PURE. Length before kinds of characters, no known ones (NIST SP 800-63B 5.1.1.2). */

export const LEAST_PASSWORD = 10
export const MOST_PASSWORD = 128

export type PasswordFault = 'too_short' | 'too_long' | 'control_characters' | 'holds_name' | 'common' | 'monotonous'

/** The most usual ones of ten characters or more, and what Korean keyboards make easy; compared without case and without digits at the end. */
const COMMON: ReadonlySet<string> = new Set([
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'asdfasdf',
  'asdf',
  'zxcvbnm',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  '1q2w3e4r',
  'q1w2e3r4',
  'q1w2e3r4t5',
  'qwer',
  'qwerasdf',
  'qwerasdfzxcv',
  '1qaz2wsx',
  '1qaz2wsx3edc',
  'zaq12wsx',
  'password',
  'passw0rd',
  'p@ssword',
  'p@ssw0rd',
  'iloveyou',
  'letmein',
  'welcome',
  'administrator',
  'admin',
  'superman',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'trustno',
  'abcdefghij',
  'abcdefg',
  'abcd',
  'abc',
  'aaaa',
  'dragon',
  'monkey',
  'master',
  'changeme',
  'default',
  'secret',
  'test',
  'guest',
  'korea',
  'seoul',
  'busan',
  'daehanminguk',
  'dkssudgktpdy',
  'dkssud',
  'tkfkdgo',
  'tkfkd',
  'qlalfqjsgh',
  'rkskekfk',
  'ekgkrry',
  'sarang',
  'callcenter',
  'callcentre',
  'minwon',
  'dasan',
  'asterisk',
  'cti',
])
/** Ten digits in a row on a keyboard, either way. */
const ROWS = [
  '01234567890123456789',
  '09876543210987654321',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
]

/** @param person id and name, which a password must not hold (3 characters or more) */
export function findPasswordFault(
  password: string,
  person: { readonly id: string; readonly name?: string },
): PasswordFault | undefined {
  const text = password.normalize('NFC')
  if ([...text].length < LEAST_PASSWORD) return 'too_short'
  if ([...text].length > MOST_PASSWORD) return 'too_long'
  if (/\p{Cc}/u.test(text)) return 'control_characters'
  const low = text.toLowerCase()
  const names = [person.id, person.name ?? ''].map((name) => name.normalize('NFC').toLowerCase())
  if (names.some((name) => name.length >= 3 && low.includes(name))) return 'holds_name'
  if (new Set(low).size < 4 || ROWS.some((row) => row.includes(low))) return 'monotonous'
  const bare = low.replace(/[^\p{L}]+$/u, '')
  if (COMMON.has(low) || COMMON.has(bare) || COMMON.has(low.replace(/[!@#$%^&*.]+$/, ''))) return 'common'
  return undefined
}
