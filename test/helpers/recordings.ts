import { join } from 'node:path'
import type { TestAsterisk } from './asterisk.js'
import { testEnvironment } from './environment.js'
import { energyAt } from './rtp.js'

/** Where the PBX of a test writes recordings. */
export const spoolOf = (asterisk: Pick<TestAsterisk, 'directory'>): string =>
  join(asterisk.directory, 'var/spool/monitor/cti')

/** Folder of a test centre's store. */
export const storeOf = (centre: string): string => join(testEnvironment('CTI_TEST_DIR'), `recordings-${centre}`)

/** What a server needs to record: a key, the PBX's spool, a store on disk. */
export function recordingEnvironment(asterisk: TestAsterisk, centre: string): Record<string, string> {
  return {
    CTI_RECORDING_KEY: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    CTI_RECORDING_SPOOL: spoolOf(asterisk),
    CTI_RECORDING_DIR: storeOf(centre),
    CTI_RECORDING_MIN_FREE_MB: '0',
  }
}

const RATE = 8_000
/** Samples of one judgement: 100 ms. */
const WINDOW = 800

/** A stereo WAV, read by its own header. */
export interface HeardWav {
  readonly durationMs: number
  /** Share (0..1) of the energy at `hz` in the 100 ms from `ms` on; 0 when it is silent there. */
  share(side: 'left' | 'right', hz: number, ms: number): number
  isSilent(side: 'left' | 'right', ms: number): boolean
  /** Parts (0..1) of the whole in which `hz` is the main thing on that side. */
  part(side: 'left' | 'right', hz: number): number
}

/** @throws Error when it is no stereo WAV of 16 bit and 8 kHz, or its header does not tell its length */
export function readWav(wav: Buffer): HeardWav {
  const [channels, rate, bits] = [wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]
  const data = wav.readUInt32LE(40)
  const fits = wav.toString('latin1', 0, 4) === 'RIFF' && wav.toString('latin1', 8, 16) === 'WAVEfmt '
  if (!fits || channels !== 2 || rate !== RATE || bits !== 16) throw new Error('not a stereo WAV of 16 bit and 8 kHz')
  if (data !== wav.length - 44 || wav.readUInt32LE(4) !== wav.length - 8)
    throw new Error('the header tells another length')
  const durationMs = (data / 4 / RATE) * 1000
  const at = (side: 'left' | 'right', ms: number): Int16Array => {
    const first = Math.round((ms * RATE) / 1000)
    const samples = new Int16Array(WINDOW)
    for (let n = 0; n < WINDOW; n += 1) {
      const offset = 44 + (first + n) * 4 + (side === 'left' ? 0 : 2)
      samples[n] = offset + 2 <= wav.length ? wav.readInt16LE(offset) : 0
    }
    return samples
  }
  const energy = (samples: Int16Array) => samples.reduce((sum, sample) => sum + sample * sample, 0)
  const isSilent = (side: 'left' | 'right', ms: number) => energy(at(side, ms)) / WINDOW < 10_000
  const share = (side: 'left' | 'right', hz: number, ms: number) => {
    const samples = at(side, ms)
    const all = energy(samples)
    return all / WINDOW < 10_000 ? 0 : energyAt(samples, hz) / all
  }
  return {
    durationMs,
    share,
    isSilent,
    part(side, hz) {
      let [windows, hits] = [0, 0]
      for (let ms = 0; ms + 100 <= durationMs; ms += 100) {
        windows += 1
        if (share(side, hz, ms) > 0.6) hits += 1
      }
      return windows === 0 ? 0 : hits / windows
    },
  }
}
