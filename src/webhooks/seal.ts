import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16

/** Keeps what must not stand in the database in plain: signing secrets, and bodies with numbers and names. */
export interface Seal {
  close(plain: string | Buffer): Buffer
  /** @throws Error when it was sealed with another key, or changed */
  open(sealed: Buffer): Buffer
}

/**
 * AES-256-GCM with a key made from the server's secret.
 * @param secret the same in every instance
 */
export function createSeal(secret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, 'cti120', 'webhooks', 32))
  return {
    close(plain) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      return Buffer.concat([
        nonce,
        cipher.update(typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain),
        cipher.final(),
        cipher.getAuthTag(),
      ])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
    },
  }
}
