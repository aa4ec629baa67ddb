import type { Redis } from 'ioredis'
import { keyOf } from '../platform/keys.js'

/** The first of these PBX nodes that some process owns now; undefined: none. @throws while Redis is away */
export async function findOwnedNode(
  redis: Redis,
  centre: string,
  names: readonly string[],
): Promise<string | undefined> {
  const leases = await redis.mget(names.map((name) => keyOf(centre, 'lease', name)))
  return names.find((_, n) => leases[n] !== null)
}
