import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { Keyring } from './crypto/keyring.js'
import type { RecordingRows } from './rows.js'
import type { RecordingStore } from './stores/store.js'

/** Done at once; what is left comes with the next turn. */
const BATCH = 200

/**
 * Deletes recordings whose time is over, except those on legal hold. The key goes first, then the object: a process that dies in between leaves
 * an object that nobody can open, and the next turn finds it.
 * @returns how many were deleted
 */
export async function deleteExpired(deps: {
  readonly rows: RecordingRows
  readonly store: RecordingStore
  readonly journal: JournalWriter
  readonly clock: Clock
}): Promise<number> {
  const { rows, store, journal, clock } = deps
  let deleted = 0
  for (const { id, contactId, queue, agentId } of await rows.expired(BATCH)) {
    if (!(await rows.forgetKey(id))) continue
    deleted += 1
    const data = { recordingId: id, queue, agentId, why: 'retention' }
    await journal.append('recording.deleted', { subject: `contact:${contactId}`, contactId, time: clock(), data })
  }
  for (const { id, objectKey } of await rows.undeletedObjects(BATCH)) {
    await store.delete(objectKey)
    await rows.objectGone(id)
  }
  return deleted
}

/** Wraps the keys of older files under the present master key, so that an old one can be taken away. @returns how many */
export async function rewrapKeys(rows: RecordingRows, keyring: Keyring): Promise<number> {
  const presentId = keyring.presentId()
  if (presentId === undefined) return 0
  let count = 0
  for (const { id, key } of await rows.otherKeys(presentId, BATCH)) {
    await rows.rewrap(id, key, keyring.wrap(keyring.unwrap(key, id), id))
    count += 1
  }
  return count
}
