import { createHash, randomBytes } from 'node:crypto'

/** The token in a citizen's link: 192 random bits. Only its hash is kept. */
export function newLink(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(24).toString('base64url')
  return { token, hash: linkHash(token) }
}

export function linkHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
