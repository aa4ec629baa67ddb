import { createDecipheriv } from 'node:crypto'
import { RecordingError } from '../model.js'
import type { RecordingStore } from '../stores/store.js'
import { aadOf, HEADER_BYTES, nonceOf, parseHeader, type SealedHeader, sealedRange, TAG_BYTES } from './sealed.js'

/** Reads the header of a stored file. @throws RecordingError CTI_ERR_RECORDING_DAMAGED, and what the store throws */
export async function readHeader(store: RecordingStore, objectKey: string): Promise<SealedHeader> {
  const parts: Buffer[] = []
  for await (const part of store.read(objectKey, 0, HEADER_BYTES - 1)) parts.push(part)
  const header = parseHeader(Buffer.concat(parts))
  if (!header) throw new RecordingError('CTI_ERR_RECORDING_DAMAGED')
  return header
}

/**
 * The clear bytes `from` to `to` (inclusive) of a stored file; only the chunks that they lie in are read and decrypted.
 * @throws RecordingError CTI_ERR_RECORDING_DAMAGED for a chunk that is not as it was sealed, and what the store throws
 */
export async function* openRange(
  store: RecordingStore,
  file: {
    readonly objectKey: string
    readonly recordingId: string
    readonly header: SealedHeader
    readonly key: Buffer
  },
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  const { objectKey, recordingId, header, key } = file
  const range = sealedRange(header, from, to)
  const step = header.chunkBytes + TAG_BYTES
  let n = range.firstChunk
  let kept: Buffer = Buffer.alloc(0)
  const clearOf = (chunk: Buffer): Buffer => {
    const clear = openChunk(header, key, recordingId, n, chunk)
    const start = n * header.chunkBytes
    n += 1
    return clear.subarray(Math.max(0, from - start), Math.max(0, to + 1 - start))
  }
  for await (const part of store.read(objectKey, range.from, range.to)) {
    kept = Buffer.concat([kept, part])
    while (kept.length >= step) {
      yield clearOf(kept.subarray(0, step))
      kept = kept.subarray(step)
    }
  }
  if (kept.length > 0) yield clearOf(kept)
  if (n !== range.lastChunk + 1) throw new RecordingError('CTI_ERR_RECORDING_DAMAGED')
}

function openChunk(header: SealedHeader, key: Buffer, recordingId: string, n: number, chunk: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(header, n))
      .setAAD(aadOf(header, recordingId, n))
      .setAuthTag(chunk.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(chunk.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new RecordingError('CTI_ERR_RECORDING_DAMAGED')
  }
}
