import { mock } from 'node:test'
import t from 'tap'
import { CALLS_LOST_MS, NodeLoss, PHONES_LOST_MS } from '../../../src/calls/node-loss.js'

t.test('phones first, calls once nobody can wait there any more, and again while it lasts', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  let now = 0
  const said: string[] = []
  const loss = new NodeLoss({
    phonesLost: async () => void said.push('phones'),
    callsLost: async (awayMs) => {
      said.push('calls')
      t.ok(awayMs >= CALLS_LOST_MS)
    },
    clock: () => now,
  })
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += PHONES_LOST_MS) {
      now += PHONES_LOST_MS
      mock.timers.tick(PHONES_LOST_MS)
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    }
  }
  loss.down()
  loss.up()
  await pass(CALLS_LOST_MS)
  t.same(said, [], 'a cut that was over soon is none')
  loss.down()
  await pass(PHONES_LOST_MS)
  t.same(said, ['phones'])
  loss.down()
  await pass(CALLS_LOST_MS)
  t.equal(said.indexOf('calls'), Math.ceil(CALLS_LOST_MS / PHONES_LOST_MS))
  loss.up()
  const before = said.length
  await pass(CALLS_LOST_MS)
  t.equal(said.length, before)
})
