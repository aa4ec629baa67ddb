import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A secret that the server gives out once and keeps only as SHA-256 (it has 256 random bits, so no slow hash is needed). */
export function newSecret(prefix: string): { readonly secret: string; readonly hash: Buffer } {
  const secret = `${prefix}${randomBytes(32).toString('base64url')}`
  return { secret, hash: hashSecret(secret) }
}

/**
 * The secret that follows another one, the same however often and in whichever instance it is asked for: only who has the server's
 * key can tell it, so a repeated refresh can be answered alike although the secret itself is kept nowhere.
 * @param key the server's signing secret
 */
export function secretAfter(
  prefix: string,
  secret: string,
  key: string,
): { readonly secret: string; readonly hash: Buffer } {
  const next = `${prefix}${createHmac('sha256', key).update(`refresh ${secret}`, 'utf8').digest('base64url')}`
  return { secret: next, hash: hashSecret(next) }
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest()
}

/** Start of every API key, so that a leaked one is recognised by scanners; `prefix` of a stored key is its first 12 characters. */
export const API_KEY_PREFIX = 'cti_'
export const API_KEY_SHOWN = 12
