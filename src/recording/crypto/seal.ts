import { createCipheriv, randomBytes } from 'node:crypto'
import { aadOf, CHUNK_BYTES, formatHeader, nonceOf, type SealedHeader } from './sealed.js'

/**
 * Encrypts a clear file of known length, chunk by chunk (form: sealed.ts). The prefix of the nonces is new each time, so a repeated try under the
 * same key never uses a nonce twice.
 * @throws Error when `clear` does not give exactly `length` bytes
 */
export async function* seal(
  clear: AsyncIterable<Buffer>,
  length: number,
  key: Buffer,
  recordingId: string,
): AsyncGenerator<Buffer> {
  const header = formatHeader(length, randomBytes(8))
  yield header.raw
  let kept: Buffer[] = []
  let size = 0
  let n = 0
  let total = 0
  for await (const part of clear) {
    total += part.length
    kept.push(part)
    size += part.length
    while (size >= CHUNK_BYTES) {
      const all = Buffer.concat(kept)
      yield sealChunk(header, key, recordingId, n, all.subarray(0, CHUNK_BYTES))
      n += 1
      kept = [all.subarray(CHUNK_BYTES)]
      size = all.length - CHUNK_BYTES
    }
  }
  if (total !== length) throw new Error('the sound is not as long as it was said to be')
  if (size > 0) yield sealChunk(header, key, recordingId, n, Buffer.concat(kept))
}

function sealChunk(header: SealedHeader, key: Buffer, recordingId: string, n: number, clear: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(header, n)).setAAD(aadOf(header, recordingId, n))
  return Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}
