import { constants } from 'node:fs'
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { RecordingError } from '../model.js'
import type { RecordingStore } from './store.js'

/** Recordings as files below one folder. An object appears whole (written beside its place, synced, renamed). */
export function createDiskStore(folder: string): RecordingStore {
  const pathOf = (objectKey: string): string => join(folder, objectKey)
  return {
    kind: 'disk',
    async put(objectKey, content, length) {
      const path = pathOf(objectKey)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      // Of this try alone: another process may be at the same one.
      const part = `${path}.part-${process.pid}-${Date.now()}`
      try {
        const file = await open(part, 'wx', 0o600)
        try {
          let written = 0
          for await (const piece of content) {
            await file.writeFile(piece)
            written += piece.length
          }
          if (written !== length) throw new Error('the object is not as long as it was said to be')
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(part, path)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    },
    async *read(objectKey, from, to) {
      const file = await open(pathOf(objectKey), 'r').catch((error: NodeJS.ErrnoException) => {
        throw new RecordingError(
          error.code === 'ENOENT' ? 'CTI_ERR_RECORDING_DAMAGED' : 'CTI_ERR_RECORDING_STORE_UNAVAILABLE',
        )
      })
      // The stream closes the file, also when nobody reads on.
      for await (const piece of file.createReadStream({ start: from, end: to })) yield piece as Buffer
    },
    async size(objectKey) {
      try {
        return (await stat(pathOf(objectKey))).size
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async delete(objectKey) {
      await rm(pathOf(objectKey), { force: true })
    },
    async check() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await access(folder, constants.W_OK)
    },
  }
}
