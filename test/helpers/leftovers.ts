import { keyOf, keyPrefix } from '../../src/platform/keys.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import type { TestCentre } from './redis.js'

/** What a centre still holds in Redis although no call is up: contacts, promises, alarms, jobs at work. Empty: nothing. */
export async function findLeftovers({ redis, centre }: TestCentre): Promise<string[]> {
  const core = new RedisRoutingCore(redis, centre)
  const left: string[] = []
  for (const contact of await core.listContacts()) left.push(`contact ${contact.contactId} ${contact.state}`)
  for (const agent of await core.listAgents()) {
    if (agent.reservationId !== undefined) left.push(`reservation of ${agent.agentId}, ${agent.work}`)
  }
  for (const alarm of await redis.zrange(keyOf(centre, 'deadlines'), '0', '-1')) {
    // These belong to the open pages of agents, not to calls.
    if (!alarm.startsWith('client:')) left.push(`alarm ${alarm}`)
  }
  for (const key of await activeJobLists(redis, centre)) {
    const jobs = await redis.llen(key)
    if (jobs > 0) left.push(`${jobs} active jobs in ${key}`)
  }
  return left
}

/** BullMQ keeps the jobs at work of one queue in a list `<prefix>:<queue>:active`. */
async function activeJobLists(redis: TestCentre['redis'], centre: string): Promise<string[]> {
  const found: string[] = []
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(
      cursor,
      'MATCH',
      `${keyPrefix(centre).replaceAll(/[[\]?*\\]/g, '\\$&')}*:active`,
      'COUNT',
      1000,
    )
    found.push(...keys)
    cursor = next
  } while (cursor !== '0')
  return found
}
