import { createHmac, randomBytes } from 'node:crypto'

/** Form of a signing secret: Standard Webhooks' prefix and 32 random bytes. */
const PREFIX = 'whsec_'

export function newSigningSecret(): string {
  return `${PREFIX}${randomBytes(32).toString('base64')}`
}

export interface Signed {
  readonly 'webhook-id': string
  /** Seconds since 1970, of this attempt: a receiver refuses what is old. */
  readonly 'webhook-timestamp': string
  /** `v1,<base64>`, several with a blank between while a secret is being changed. */
  readonly 'webhook-signature': string
}

/**
 * Headers of one attempt, as Standard Webhooks has them: HMAC-SHA256 over `<id>.<timestamp>.<body>`. PURE.
 * @param secrets every one that is in force
 * @param now epoch ms
 */
export function signMessage(id: string, body: Buffer, secrets: readonly string[], now: number): Signed {
  const timestamp = String(Math.floor(now / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
