import type { Redis } from 'ioredis'
import type { JournalWriter } from '../journal/ports.js'
import { keyOf } from '../platform/keys.js'

/**
 * Tells the journal that a version of the centre file is in force, once the routing core has it. Every instance comes here with every version:
 * the first one tells. Two at the same instant, or one that dies between its two steps, tell it twice; never is better not.
 * @param version of the centre file
 * @param now epoch ms
 */
export async function tellCentreInForce(
  { redis, journal, centreId }: { readonly redis: Redis; readonly journal: JournalWriter; readonly centreId: string },
  version: number,
  now: number,
): Promise<void> {
  const key = keyOf(centreId, 'centreTold')
  if (Number(await redis.get(key)) >= version) return
  await journal.append('config.applied', { subject: 'centre', time: now, data: { version } })
  await redis.set(key, version)
}
