import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Demo } from './settings.js'

/** G.711 mu-law, 8,000 samples a second. */
const RATE = 8_000
/** One sentence: so long somebody hums, and is quiet after it (s). */
const HUM_S = 1.2
const QUIET_S = 0.8
const LOUDNESS = 6_000

/** What the two sides of a call sound like, so that they are told apart in a recording: hertz. */
const VOICES = { agent: [196, 220, 247], citizen: [330, 294, 349] } as const

/**
 * Writes what SIPp plays (`rtp_stream` in the scenarios): a phone that sends nothing leaves a recording without sound, and the
 * server would rightly raise its alarm.
 */
export function writeVoices(demo: Demo): void {
  mkdirSync(demo.scratch, { recursive: true })
  for (const [who, pitches] of Object.entries(VOICES))
    writeFileSync(join(demo.scratch, `${who}.ulaw`), Buffer.concat(pitches.map(hum)))
}

/** A soft tone that swells and fades, then quiet. */
function hum(hertz: number): Buffer {
  const samples = Math.round((HUM_S + QUIET_S) * RATE)
  return Buffer.from(
    Array.from({ length: samples }, (_, n) => {
      const swell = Math.max(0, Math.sin((Math.PI * n) / (HUM_S * RATE))) * (n < HUM_S * RATE ? 1 : 0)
      return encode(LOUDNESS * swell * Math.sin((2 * Math.PI * hertz * n) / RATE))
    }),
  )
}

/** One sample of 16 bit in mu-law (ITU-T G.711, table 2a). */
function encode(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32_635) + 0x84
  const exponent = 31 - Math.clz32(magnitude) - 7
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}
