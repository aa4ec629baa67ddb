import t from 'tap'
import { tellCentreInForce } from '../../../src/agents/centre-in-force.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { keyOf } from '../../../src/platform/keys.js'
import { createTestCentre } from '../../helpers/redis.js'

t.test(
  'a version of the centre file is told once, by the first instance that has it; an older one never',
  async (t) => {
    const { centre, redis, cleanUp } = createTestCentre()
    t.teardown(cleanUp)
    const instance = { redis, journal: createJournalWriter(redis, centre), centreId: centre }
    for (const version of [3, 3, 2, 4, 3, 4]) await tellCentreInForce(instance, version, 1_000)
    const entries = await redis.xrange(keyOf(centre, 'journal'), '-', '+')
    t.equal(entries.length, 2)
    t.match(JSON.stringify(entries[0]), /config\.applied.*\{\\"version\\":3\}/)
    t.match(JSON.stringify(entries[1]), /config\.applied.*\{\\"version\\":4\}/)
  },
)
