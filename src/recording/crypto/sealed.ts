/**
 * The file in the store. PURE arithmetic of its form:
 *
 *   header (28 bytes): "CTIREC1\n" | chunk size u32 | length of the clear file u64 | nonce prefix (8 random bytes)
 *   chunks: AES-256-GCM of 64 KiB each (the last one shorter) with their tag of 16 bytes
 *
 * Nonce of chunk n: prefix, then n as u32. Additional data of each: header, recording id, n. So a chunk that was changed, moved, taken from
 * another file, or cut off does not open, and any range is read by opening the chunks that it touches and no others.
 */
export const MAGIC = Buffer.from('CTIREC1\n', 'latin1')
export const HEADER_BYTES = 28
export const TAG_BYTES = 16
export const CHUNK_BYTES = 65_536

export interface SealedHeader {
  readonly chunkBytes: number
  /** Of the clear file. */
  readonly length: number
  readonly prefix: Buffer
  /** The header as it stands in the file. */
  readonly raw: Buffer
}

export function formatHeader(length: number, prefix: Buffer, chunkBytes = CHUNK_BYTES): SealedHeader {
  const raw = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(raw)
  raw.writeUInt32BE(chunkBytes, 8)
  raw.writeBigUInt64BE(BigInt(length), 12)
  prefix.copy(raw, 20)
  return { chunkBytes, length, prefix, raw }
}

/** @returns undefined when it is none of ours */
export function parseHeader(raw: Buffer): SealedHeader | undefined {
  if (raw.length !== HEADER_BYTES || !raw.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const chunkBytes = raw.readUInt32BE(8)
  const length = Number(raw.readBigUInt64BE(12))
  if (chunkBytes < 1024 || chunkBytes > 16_777_216 || !Number.isSafeInteger(length)) return undefined
  return { chunkBytes, length, prefix: raw.subarray(20, 28), raw }
}

export function nonceOf(header: SealedHeader, n: number): Buffer {
  const nonce = Buffer.alloc(12)
  header.prefix.copy(nonce)
  nonce.writeUInt32BE(n, 8)
  return nonce
}

export function aadOf(header: SealedHeader, recordingId: string, n: number): Buffer {
  return Buffer.concat([header.raw, Buffer.from(`${recordingId}:${n}`)])
}

/** Length of the file in the store. */
export function sealedBytes(length: number, chunkBytes = CHUNK_BYTES): number {
  return HEADER_BYTES + length + Math.ceil(length / chunkBytes) * TAG_BYTES
}

/** Which bytes of the stored file hold the clear bytes `from` to `to` (inclusive), and in which chunks they are. */
export function sealedRange(
  header: Pick<SealedHeader, 'chunkBytes' | 'length'>,
  from: number,
  to: number,
): { readonly firstChunk: number; readonly lastChunk: number; readonly from: number; readonly to: number } {
  const { chunkBytes, length } = header
  const [firstChunk, lastChunk] = [Math.floor(from / chunkBytes), Math.floor(to / chunkBytes)]
  const step = chunkBytes + TAG_BYTES
  const end = Math.min(HEADER_BYTES + (lastChunk + 1) * step, sealedBytes(length, chunkBytes))
  return { firstChunk, lastChunk, from: HEADER_BYTES + firstChunk * step, to: end - 1 }
}
