import type { FileHandle } from 'node:fs/promises'
import { open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { LEGS, legFile, parseSpoolFile, type SpoolName } from './file-name.js'
import { FRAME_BYTES, interleave, wavBytes, wavHeader, wholeSamples } from './wav.js'

/** Samples that are put side by side at once: 4 s. */
const BLOCK_SAMPLES = 32_768

/** One recording as it lies in the spool: the PBX may still write it. */
export interface SpoolEntry extends SpoolName {
  /** Name without leg and ending. */
  readonly base: string
  /** Bytes of the two legs; 0 for one that is not there. */
  readonly bytes: readonly [number, number]
  /** When the PBX last wrote, epoch ms. */
  readonly writtenAt: number
}

/** The folder that the PBX writes recordings to (its `monitor/cti`), as this process sees it. */
export interface Spool {
  /** Everything of ours in it. @throws when the folder cannot be read; one that is not there is empty */
  list(): Promise<SpoolEntry[]>
  /** One recording as it is now; undefined when nothing of it is there. */
  look(entry: SpoolName & { readonly base: string }): Promise<SpoolEntry | undefined>
  /** The stereo WAV of an entry, as long as the entry says. */
  readWav(entry: SpoolEntry): AsyncGenerator<Buffer>
  remove(entry: Pick<SpoolEntry, 'base'>): Promise<void>
  /** Free bytes on its disk. */
  free(): Promise<number>
}

export function createSpool(folder: string): Spool {
  const pathOf = (base: string, leg: (typeof LEGS)[number]) => join(folder, legFile(base, leg))
  const look = async (name: SpoolName & { readonly base: string }): Promise<SpoolEntry | undefined> => {
    const [r, t] = await Promise.all(LEGS.map((leg) => stat(pathOf(name.base, leg)).catch(orGone)))
    if (!r && !t) return undefined
    const { recordingId, contactId, startedAt, base } = name
    const writtenAt = Math.max(r?.mtimeMs ?? 0, t?.mtimeMs ?? 0)
    return { recordingId, contactId, startedAt, base, bytes: [r?.size ?? 0, t?.size ?? 0], writtenAt }
  }
  return {
    look,
    async list() {
      const files = (await readdir(folder).catch(orGone)) ?? []
      const names = new Map(
        files.flatMap((file) => {
          const name = parseSpoolFile(file)
          return name ? [[name.base, name] as const] : []
        }),
      )
      const entries = await Promise.all([...names.values()].map(look))
      return entries.filter((entry) => entry !== undefined)
    },
    async *readWav({ base, bytes }) {
      const total = wavBytes(bytes)
      yield wavHeader(total)
      const files = await Promise.all(LEGS.map((leg) => open(pathOf(base, leg), 'r').catch(orGone)))
      try {
        const samples = (total - wavHeader(total).length) / FRAME_BYTES
        for (let at = 0; at < samples; at += BLOCK_SAMPLES) {
          const count = Math.min(BLOCK_SAMPLES, samples - at)
          const [left, right] = await Promise.all(files.map((file, i) => readSamples(file, bytes[i] ?? 0, at, count)))
          yield interleave(left!, right!, count)
        }
      } finally {
        await Promise.all(files.map((file) => file?.close()))
      }
    },
    async remove({ base }) {
      await Promise.all(LEGS.map((leg) => rm(pathOf(base, leg), { force: true })))
    },
    async free() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}

/** `count` samples from sample `at`; fewer where the leg ends before (its length is what was seen at first: it may grow). */
async function readSamples(file: FileHandle | undefined, bytes: number, at: number, count: number): Promise<Buffer> {
  const length = 2 * Math.max(0, Math.min(count, wholeSamples(bytes) - at))
  const into = Buffer.alloc(length)
  let read = 0
  while (file && read < length) {
    const { bytesRead } = await file.read(into, read, length - read, at * 2 + read)
    if (bytesRead === 0) throw new Error('a file of the spool became shorter')
    read += bytesRead
  }
  return into
}

function orGone(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
