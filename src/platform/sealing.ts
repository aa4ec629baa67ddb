import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { StoreError } from './postgres/errors.js'

/** Keys as the environment gives them: 32 bytes in hex each. */
export interface SealingKeys {
  /** Seals; also opens what it sealed. CTI_DATA_KEY */
  readonly dataKey: string
  /** Only open what they sealed before. CTI_DATA_KEY_OLD */
  readonly oldDataKeys?: readonly string[]
  /** Makes the blind index. Another one would find nothing that is stored. CTI_INDEX_KEY */
  readonly indexKey: string
}

/** What is sealed is bound to what it is: a sealed phone number is no second factor. */
export type SealedKind = 'phone' | 'totp'

/**
 * Values that nobody reads without the key, and a way to find them all the same.
 *
 * A sealed value is `s1.<key id>.<iv, tag and text>`: AES-256-GCM (NIST SP 800-38D) with a random 96-bit iv, key ids are the first 8 hex
 * digits of the key's SHA-256. The blind index of a number is an HMAC-SHA-256 cut to 128 bits: equal numbers have equal ones, and
 * without the key nobody can try numbers.
 */
export interface Sealing {
  seal(plain: string, kind?: SealedKind): string
  /**
   * A value that was never sealed comes back as it is (rows from before, see privacy/seal-numbers.ts).
   * @throws StoreError CTI_ERR_DATA_KEY_UNKNOWN when its key is not here, or it was tampered with
   */
  open(value: string, kind?: SealedKind): string
  /** Blind index of a normalised number. */
  index(number: string): string
  /** Blind index of its last four digits; undefined for short codes and extensions, which are no person's. */
  lastFour(number: string): string | undefined
  /** Blind index of four digits that were asked for. */
  fourDigits(digits: string): string
  /** What every value begins with that is sealed by the present key. */
  readonly currentPrefix: string
  /** Keys to open with beside the present one: then older values are worth looking for. */
  readonly hasOldKeys: boolean
  /** A key for another purpose, 32 bytes, the same in every instance and after every change of the data key. */
  derive(purpose: string): Buffer
}

const PREFIX = 's1.'
const IV_BYTES = 12
const TAG_BYTES = 16
const INDEX_BYTES = 16
const FOUR_BYTES = 8

export function isSealed(value: string): boolean {
  return value.startsWith(PREFIX)
}

export function createSealing(keys: SealingKeys): Sealing {
  const present = readKey(keys.dataKey)
  const byId = new Map([...(keys.oldDataKeys ?? []), keys.dataKey].map((hex) => [idOf(readKey(hex)), readKey(hex)]))
  const indexKey = readKey(keys.indexKey)
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', indexKey, '', `cti120 ${purpose}`, 32))
  const [numberKey, fourKey] = [derive('number'), derive('last four')]
  const currentPrefix = `${PREFIX}${idOf(present)}.`
  const mac = (key: Buffer, text: string, bytes: number) =>
    createHmac('sha256', key).update(text, 'utf8').digest().subarray(0, bytes).toString('base64url')

  return {
    currentPrefix,
    hasOldKeys: byId.size > 1,
    derive,
    seal(plain, kind = 'phone') {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', present, iv).setAAD(Buffer.from(kind))
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return currentPrefix + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
    },
    open(value, kind = 'phone') {
      if (!isSealed(value)) return value
      const [, id = '', body = ''] = value.split('.')
      const key = byId.get(id)
      const bytes = Buffer.from(body, 'base64url')
      if (key === undefined || bytes.length < IV_BYTES + TAG_BYTES) throw unreadable()
      try {
        const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
        opening.setAAD(Buffer.from(kind)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return opening.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + opening.final('utf8')
      } catch {
        throw unreadable()
      }
    },
    index: (number) => mac(numberKey, number, INDEX_BYTES),
    lastFour: (number) => (number.length < 7 ? undefined : mac(fourKey, number.slice(-4), FOUR_BYTES)),
    fourDigits: (digits) => mac(fourKey, digits, FOUR_BYTES),
  }
}

function readKey(hex: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new TypeError('a key is 32 bytes in hex (64 digits)')
  return Buffer.from(hex, 'hex')
}

function idOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}

function unreadable(): StoreError {
  return new StoreError('CTI_ERR_DATA_KEY_UNKNOWN', 'A stored value cannot be opened with the keys that are here.')
}
