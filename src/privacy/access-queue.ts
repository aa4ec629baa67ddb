import type { Redis } from 'ioredis'
import type { Clock } from '../platform/clock.js'
import { newId } from '../platform/ids.js'
import { keyOf } from '../platform/keys.js'
import type { Access, AccessLog } from './access-log-port.js'
import type { TimedAccess } from './chain.js'

/** Longest reason and address that are kept, characters. */
const MOST_TEXT = 500

/** Writes accesses into the stream that access-drain.ts empties into the record. */
export function createAccessLog(redis: Redis, centre: string, clock: Clock): AccessLog {
  const key = keyOf(centre, 'accessLog')
  return {
    async write(access) {
      await redis.xadd(key, '*', 'access', JSON.stringify(timed(access, clock())))
    },
  }
}

/** The access as it is kept: with id and time, and without what PostgreSQL cannot hold. */
export function timed(access: Access, at: number): TimedAccess {
  return {
    ...access,
    from: access.from === undefined ? undefined : storable(access.from),
    whose: access.whose.map(storable),
    what: access.what.map(storable),
    reason: access.reason === undefined ? undefined : storable(access.reason),
    id: newId(),
    at,
  }
}

function storable(text: string): string {
  // Half an emoji becomes a replacement character on the way through UTF-8.
  return Buffer.from(text.slice(0, MOST_TEXT), 'utf8').toString('utf8').replaceAll('\0', '')
}
