import t from 'tap'
import type { QueuePolicy } from '../../../src/routing/model.js'
import { agentRoutes, meetsRequirement, rankAgent } from '../../../src/routing/rank.js'

t.test('a requirement is met when every skill has its level', async (t) => {
  t.ok(meetsRequirement({ tax: 3, 'lang:vi': 2 }, { tax: 3, 'lang:vi': 1 }))
  t.notOk(meetsRequirement({ tax: 3 }, { tax: 4 }), 'level too low')
  t.notOk(meetsRequirement({ tax: 5 }, { tax: 1, 'lang:vi': 1 }), 'one skill missing')
  t.notOk(meetsRequirement({ water: 5 }, { tax: 1 }), 'no matching skill')
  t.notOk(meetsRequirement({}, { constructor: 1 }), 'a name that every object knows is no skill')
  t.ok(meetsRequirement({}, {}), 'nothing required')
})

t.test('the rank is the sum of the levels of the required skills', async (t) => {
  t.equal(rankAgent({ tax: 4, 'lang:vi': 2, water: 5 }, { tax: 1, 'lang:vi': 1 }), 6)
  t.equal(rankAgent({ tax: 4 }, {}), 0)
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`s${n}`, 5]))
  t.equal(rankAgent(many, many), 99, 'capped')
})

t.test('an agent serves each step it meets, in several queues', async (t) => {
  const policies: QueuePolicy[] = [
    {
      id: 'tax',
      channel: 'voice',
      steps: [
        { afterMs: 0, requirement: { tax: 3 } },
        { afterMs: 20_000, requirement: { tax: 1 } },
      ],
    },
    { id: 'vi', channel: 'voice', steps: [{ afterMs: 0, requirement: { tax: 1, 'lang:vi': 2 } }] },
    { id: 'sign', channel: 'voice', steps: [{ afterMs: 0, requirement: { sign: 1 } }] },
  ]
  t.same(agentRoutes({ tax: 2, 'lang:vi': 4 }, policies), [
    { route: 'tax/1', rank: 2 },
    { route: 'vi/0', rank: 6 },
  ])
  t.same(agentRoutes({}, policies), [], 'without any matching skill: never offered')
})
