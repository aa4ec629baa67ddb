import type { Redis } from 'ioredis'
import { keyOf } from '../platform/keys.js'
import type { LiveRecording } from './model.js'

/** The recordings that run in the whole centre, for every instance to read. Written by the owner of the PBX node that records. */
export interface LiveRecordings {
  read(contactId: string): Promise<LiveRecording | undefined>
  all(): Promise<LiveRecording[]>
  write(live: LiveRecording): Promise<void>
  /** Takes it away if it is still this recording. */
  remove(live: Pick<LiveRecording, 'contactId' | 'recordingId'>): Promise<void>
}

export function createLiveRecordings(redis: Redis, centre: string): LiveRecordings {
  const key = keyOf(centre, 'recordings')
  const read = async (contactId: string): Promise<LiveRecording | undefined> => {
    const text = await redis.hget(key, contactId)
    return text === null ? undefined : (JSON.parse(text) as LiveRecording)
  }
  return {
    read,
    async all() {
      return Object.values(await redis.hgetall(key)).map((text) => JSON.parse(text) as LiveRecording)
    },
    async write(live) {
      await redis.hset(key, live.contactId, JSON.stringify(live))
    },
    async remove({ contactId, recordingId }) {
      // Nobody else writes this field but the owner of the contact's node, so a look before is enough.
      if ((await read(contactId))?.recordingId === recordingId) await redis.hdel(key, contactId)
    },
  }
}
