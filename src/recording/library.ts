import { createHash, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Page } from '../context/page.js'
import { keyOf } from '../platform/keys.js'
import type { Keyring } from './crypto/keyring.js'
import { openRange, readHeader } from './crypto/open.js'
import { RecordingError } from './model.js'
import type { RecordingRow, RecordingRows, RecordingSearch } from './rows.js'
import type { RecordingStore } from './stores/store.js'

/** Life of a link to a download, seconds: time to click, and for a large file to begin. */
const LINK_SECONDS = 120

/** The sound of one recording, ready to be read. */
export interface Sound {
  readonly row: RecordingRow
  /** Bytes of the WAV. */
  readonly length: number
  /** Bytes `from` to `to`, inclusive, decrypted as they are read. */
  read(from: number, to: number): AsyncIterable<Buffer>
}

/** Recordings that are over: found, heard, taken away, held. Whoever gives a sound out writes the use into the access log first (src/privacy). */
export interface RecordingLibrary {
  search(search: RecordingSearch): Promise<Page<RecordingRow>>
  /** @throws RecordingError CTI_ERR_RECORDING_NOT_FOUND */
  read(id: string): Promise<RecordingRow>
  /** Finds the sound; nothing is given out yet. @throws RecordingError NOT_FOUND, NOT_STORED, DELETED, KEY_UNKNOWN, DAMAGED, STORE_UNAVAILABLE */
  open(id: string): Promise<Sound>
  /**
   * A secret for downloads within two minutes.
   * @param who for the access log of the download, which carries no other name
   */
  linkFor(sound: Sound, who: string): Promise<{ readonly secret: string; readonly expiresInSeconds: number }>
  /** @throws RecordingError CTI_ERR_RECORDING_LINK_INVALID, and as `open` */
  download(secret: string): Promise<{ readonly sound: Sound; readonly who: string }>
  /** @throws RecordingError CTI_ERR_RECORDING_NOT_FOUND, CTI_ERR_RECORDING_DELETED */
  hold(id: string, hold: boolean, reason: string, by: string): Promise<RecordingRow>
}

export function createRecordingLibrary(deps: {
  readonly rows: RecordingRows
  readonly keyring: Keyring
  /** undefined: none is configured here. */
  readonly store: RecordingStore | undefined
  readonly redis: Redis
  readonly centre: string
}): RecordingLibrary {
  const { rows, keyring, store, redis, centre } = deps
  const linkKey = (secret: string): string =>
    keyOf(centre, 'recordingLink', createHash('sha256').update(secret).digest('base64url'))

  const read = async (id: string): Promise<RecordingRow> => {
    const row = await rows.read(id)
    if (!row) throw new RecordingError('CTI_ERR_RECORDING_NOT_FOUND')
    return row
  }
  const open = async (id: string): Promise<Sound> => {
    const row = await read(id)
    const { objectKey, key } = row
    if (row.state === 'deleted') throw new RecordingError('CTI_ERR_RECORDING_DELETED')
    if (row.state !== 'stored' || objectKey === undefined || !key)
      throw new RecordingError('CTI_ERR_RECORDING_NOT_STORED')
    if (!store) throw new RecordingError('CTI_ERR_RECORDING_STORE_UNAVAILABLE')
    const dataKey = keyring.unwrap(key, id)
    const header = await readHeader(store, objectKey)
    const file = { objectKey, recordingId: id, header, key: dataKey }
    return { row, length: header.length, read: (from, to) => openRange(store, file, from, to) }
  }

  return {
    search: (search) => rows.search(search),
    read,
    open,
    async linkFor({ row }, who) {
      const secret = randomBytes(32).toString('base64url')
      await redis.set(linkKey(secret), JSON.stringify({ id: row.id, who }), 'EX', LINK_SECONDS)
      return { secret, expiresInSeconds: LINK_SECONDS }
    },
    async download(secret) {
      const text = await redis.get(linkKey(secret))
      if (text === null) throw new RecordingError('CTI_ERR_RECORDING_LINK_INVALID')
      const { id, who } = JSON.parse(text) as { id: string; who: string }
      return { sound: await open(id), who }
    },
    async hold(id, hold, reason, by) {
      const before = await read(id)
      if (before.state === 'deleted') throw new RecordingError('CTI_ERR_RECORDING_DELETED')
      const row = await rows.hold(id, hold, reason, by)
      // Deleted between the two looks.
      if (!row) throw new RecordingError('CTI_ERR_RECORDING_DELETED')
      return row
    },
  }
}
