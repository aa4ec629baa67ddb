import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { RecordingError } from '../model.js'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A file's key as it is kept: encrypted under the master key with this id. */
export interface WrappedKey {
  readonly keyId: string
  readonly wrapped: Buffer
}

/** Master keys by id, and what they are for: they wrap each file's own key (AES-256-GCM, bound to the recording). */
export interface Keyring {
  /** Id of the key for new files; undefined: there is none, nothing can be kept. */
  presentId(): string | undefined
  /** @throws RecordingError CTI_ERR_RECORDING_KEY_UNKNOWN without any key */
  wrap(dataKey: Buffer, recordingId: string): WrappedKey
  /** @throws RecordingError CTI_ERR_RECORDING_KEY_UNKNOWN, or CTI_ERR_RECORDING_DAMAGED when it was not wrapped for this recording */
  unwrap(key: WrappedKey, recordingId: string): Buffer
}

/** A new random key for one file. */
export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

/**
 * @param text `id:base64[,id:base64…]`, the first for new files (CTI_RECORDING_KEY, checked by config.ts)
 * @param file CTI_RECORDING_KEY_FILE: read again when it has changed, so that a key is rotated without a restart
 */
export function createKeyring(text: string | undefined, file?: string): Keyring {
  let keys = parse(text)
  let seen = file === undefined ? 0 : changedAt(file)
  const now = (): ReadonlyMap<string, Buffer> => {
    const at = file === undefined ? 0 : changedAt(file)
    if (file === undefined || at === seen) return keys
    // A file that is being written or is wrong for a moment leaves what was known.
    const read = parse(readFileSync(file, 'utf8').trim())
    if (read.size > 0) [keys, seen] = [read, at]
    return keys
  }
  return {
    presentId: () => [...now().keys()][0],
    wrap(dataKey, recordingId) {
      const [present] = now()
      if (!present) throw new RecordingError('CTI_ERR_RECORDING_KEY_UNKNOWN')
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', present[1], nonce).setAAD(aadOf(recordingId))
      const body = Buffer.concat([cipher.update(dataKey), cipher.final()])
      return { keyId: present[0], wrapped: Buffer.concat([nonce, body, cipher.getAuthTag()]) }
    },
    unwrap({ keyId, wrapped }, recordingId) {
      const key = now().get(keyId)
      if (!key) throw new RecordingError('CTI_ERR_RECORDING_KEY_UNKNOWN')
      if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) throw new RecordingError('CTI_ERR_RECORDING_DAMAGED')
      const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE_BYTES))
        .setAAD(aadOf(recordingId))
        .setAuthTag(wrapped.subarray(-TAG_BYTES))
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
      } catch {
        throw new RecordingError('CTI_ERR_RECORDING_DAMAGED')
      }
    },
  }
}

const aadOf = (recordingId: string): Buffer => Buffer.from(`cti120-recording-key:${recordingId}`)

function parse(text: string | undefined): Map<string, Buffer> {
  const entries = (text ?? '').split(',').flatMap((each) => {
    const at = each.indexOf(':')
    const key = Buffer.from(each.slice(at + 1), 'base64')
    return at > 0 && key.length === KEY_BYTES ? [[each.slice(0, at), key] as const] : []
  })
  return new Map(entries)
}

function changedAt(file: string): number {
  try {
    return statSync(file).mtimeMs
  } catch {
    return 0
  }
}
