import { globals } from '../platform.js'

/** How old a message may be, s: it keeps somebody who overheard one from sending it again. */
const TOLERANCE_SECONDS = 300

/** The headers of a webhook, as frameworks give them (lower case) or as fetch does. */
export type WebhookHeaders =
  | Readonly<Record<string, string | string[] | undefined>>
  | { get(name: string): string | null }

/**
 * Verifies a webhook of the server (Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`). The id is the same for every attempt: take
 * each only once.
 * @param secret `whsec_…`, as it was shown when the webhook was made
 * @param body the body exactly as it came, before any parsing
 * @param now epoch ms
 * @returns the id, or undefined when it is not genuine or too old
 */
export async function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string,
  now: number = globals.Date.now(),
): Promise<string | undefined> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    read(headers, name),
  )
  if (id === undefined || signatures === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp))
    return undefined
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return undefined
  const { subtle } = globals.crypto
  const signed = new globals.TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const key = await subtle.importKey(
    'raw',
    bytesOf(secret.replace(/^whsec_/, '')),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  )
  for (const each of signatures.split(' ')) {
    const [version, signature] = each.split(',')
    // `verify` compares in constant time.
    if (version === 'v1' && signature !== undefined && (await subtle.verify('HMAC', key, bytesOf(signature), signed)))
      return id
  }
  return undefined
}

function read(headers: WebhookHeaders, name: string): string | undefined {
  const { get } = headers as { get?: unknown }
  const value =
    typeof get === 'function'
      ? (headers as { get(name: string): string | null }).get(name)
      : (headers as Record<string, string | undefined>)[name]
  return typeof value === 'string' ? value : undefined
}

/** Bytes of base64; what is no base64 is no signature. */
function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(globals.atob(base64), (sign) => sign.charCodeAt(0))
  } catch {
    return new Uint8Array(1)
  }
}
