import type { Redis } from 'ioredis'
import { createDueRows } from '../../src/callbacks/due-rows.js'
import { createEnqueue } from '../../src/callbacks/enqueue.js'
import type { Callback } from '../../src/callbacks/model.js'
import { createPromoter } from '../../src/callbacks/promoter.js'
import { QueueTroubles } from '../../src/callbacks/queue-trouble.js'
import { createCallbackStore } from '../../src/callbacks/store.js'
import { createTell } from '../../src/callbacks/tell.js'
import { queuePolicies } from '../../src/centre/policies.js'
import type { AnyJournalEvent } from '../../src/journal/events.js'
import { parseEntry, type StreamEntry } from '../../src/journal/parse.js'
import { createJournalWriter } from '../../src/journal/writer.js'
import { keyOf } from '../../src/platform/keys.js'
import type { Postgres } from '../../src/platform/postgres/pool.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import { agentRoutes } from '../../src/routing/rank.js'
import { testSealing } from '../../test/helpers/sealing.js'
import { benchCentre } from './centre.js'

export const CENTRE = 'bench-callbacks'

/** The real core, journal and store with two promoters, as two instances have them. `now` is the simulated clock. */
export async function createWorld(redis: Redis, postgres: Postgres, agents: number, clock: () => number) {
  const file = benchCentre(agents)
  const centre = { current: () => ({ version: 1, appliedAt: 0, file }), onChange: () => () => {} }
  const routing = new RedisRoutingCore(redis, CENTRE)
  const epoch = await routing.prepare()
  const tell = createTell(createJournalWriter(redis, CENTRE), postgres, clock)
  const store = createCallbackStore(postgres, tell, testSealing)
  const troubles = new QueueTroubles()
  const enqueue = createEnqueue({ store, routing, centre, node: async () => 'node1' })
  let onLetIn: (callback: Callback) => void = () => {}
  const promoter = () =>
    createPromoter({
      postgres,
      store,
      rows: createDueRows(postgres, testSealing),
      routing,
      centre,
      clock,
      async enqueue(callback, now) {
        onLetIn(callback)
        return enqueue(callback, now)
      },
      isTroubled: (queue, now) => troubles.read(queue, undefined, now).trouble,
    })
  const promoters = [promoter(), promoter()]
  let last = 0

  return {
    file,
    routing,
    store,
    tell,
    set onLetIn(listener: (callback: Callback) => void) {
      onLetIn = listener
    },
    async signIn(): Promise<void> {
      const policies = queuePolicies(file)
      for (const { id, skills } of file.agents) {
        await routing.setUpAgent({ agentId: id, routes: agentRoutes(skills, policies), configVersion: 1 }, clock())
        await routing.setPresence(id, 'available', undefined, clock())
        await routing.setDevice(id, 'up', clock())
      }
    },
    /** Both instances at once, until nobody's turn is left. */
    async promote(): Promise<void> {
      for (;;) {
        const rounds = await Promise.all(promoters.map((promote) => promote()))
        if (!rounds.some((n) => n !== undefined && n > 0)) return
      }
    },
    /** What the journal has to tell since the last time. */
    async events(): Promise<AnyJournalEvent[]> {
      const entries = (await redis.xrange(keyOf(CENTRE, 'journal'), `(${last}-0`, '+')) as StreamEntry[]
      const newest = entries.at(-1)
      if (newest) last = Number.parseInt(newest[0], 10)
      const events = entries.flatMap((entry) => parseEntry(epoch, entry) ?? [])
      for (const event of events) troubles.observe(event)
      return events
    },
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>
