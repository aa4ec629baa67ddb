/** Stereo WAV of two legs. PURE. Sound of the spool: signed 16 bit little endian, 8 kHz, one channel a file, no header. */

export const SAMPLE_RATE = 8_000
const BYTES_PER_SAMPLE = 2
export const WAV_HEADER_BYTES = 44
/** One moment of both channels. */
export const FRAME_BYTES = 2 * BYTES_PER_SAMPLE

/** Whole samples in a leg: a crash may cut one in half. */
export function wholeSamples(bytes: number): number {
  return Math.floor(bytes / BYTES_PER_SAMPLE)
}

/** Length of the WAV of two legs, the shorter one filled up with silence: a crash may have cut one before the other. */
export function wavBytes(legBytes: readonly [number, number]): number {
  return WAV_HEADER_BYTES + FRAME_BYTES * Math.max(...legBytes.map(wholeSamples))
}

/** ms */
export function wavDuration(bytes: number): number {
  return Math.round((((bytes - WAV_HEADER_BYTES) / FRAME_BYTES) * 1000) / SAMPLE_RATE)
}

/** Header of a stereo PCM file of this total length (RIFF, bytes of `data` after it). */
export function wavHeader(totalBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES)
  header.write('RIFF', 0)
  header.writeUInt32LE(totalBytes - 8, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(2, 22)
  header.writeUInt32LE(SAMPLE_RATE, 24)
  header.writeUInt32LE(SAMPLE_RATE * FRAME_BYTES, 28)
  header.writeUInt16LE(FRAME_BYTES, 32)
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34)
  header.write('data', 36)
  header.writeUInt32LE(totalBytes - WAV_HEADER_BYTES, 40)
  return header
}

/** Puts `count` samples of both legs side by side, citizen left, staff right; a leg that ends before is silent. */
export function interleave(left: Buffer, right: Buffer, count: number): Buffer {
  const out = Buffer.alloc(count * FRAME_BYTES)
  for (const [leg, offset] of [[left, 0] as const, [right, BYTES_PER_SAMPLE] as const]) {
    const samples = Math.min(count, wholeSamples(leg.length))
    for (let n = 0; n < samples; n += 1) leg.copy(out, n * FRAME_BYTES + offset, n * 2, n * 2 + 2)
  }
  return out
}
