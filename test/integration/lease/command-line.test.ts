import t from 'tap'
import { type CarryOut, createCommandLine } from '../../../src/calls/command-line.js'
import { createContact } from '../../../src/calls/contact.js'
import type { OrderResult } from '../../../src/calls/talk/call-order.js'
import { viewCall } from '../../../src/calls/talk/call-view.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { createTestCentre } from '../../helpers/redis.js'

const centre = createTestCentre()
t.teardown(() => centre.cleanUp())

async function instance(name: string, carryOut?: CarryOut) {
  const listening = connectRedis({ url: centre.url, name: `test-${name}` })
  t.teardown(() => listening.disconnect())
  const line = createCommandLine({
    redis: centre.redis,
    listening,
    centre: centre.centre,
    instance: name,
    carryOut,
  })
  await line.start()
  return { line, listening }
}
const done = (contactId: string): OrderResult => ({
  ok: true,
  changed: true,
  call: viewCall(createContact(contactId, 'ch')),
  supervisions: [],
})

t.test(
  'a command is done by the one that carries the call, whoever was asked, and its result comes back',
  async (t) => {
    const obeyed: string[] = []
    const carrying =
      (mine: string): CarryOut =>
      ({ contactId, do: what }) => {
        if (contactId !== mine) return undefined
        obeyed.push(`${what} ${contactId}`)
        return what === 'park'
          ? Promise.resolve({ ok: false, code: 'CTI_ERR_CALL_PARKED' })
          : what === 'swap'
            ? Promise.reject(new Error('the PBX is away'))
            : Promise.resolve(done(contactId))
      }
    const edge = await instance('edge')
    t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c1' }), 'nobody', 'nobody is there')
    await instance('one', carrying('c1'))
    const two = await instance('two', carrying('c2'))
    t.same(await edge.line.ask({ do: 'hang_up', contactId: 'c1' }), done('c1'))
    t.same(await edge.line.ask({ do: 'hold', contactId: 'c2', agentId: 'a1', ifVersion: 3 }), done('c2'))
    t.same(await two.line.ask({ do: 'park', contactId: 'c1' }), { ok: false, code: 'CTI_ERR_CALL_PARKED' })
    t.same(
      await edge.line.ask({ do: 'swap', contactId: 'c2' }),
      { ok: false, code: 'CTI_ERR_UNAVAILABLE' },
      'a failure is an answer, too',
    )
    t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c3' }), 'nobody', 'everybody said so')
    t.same(obeyed, ['hang_up c1', 'hold c2', 'park c1', 'swap c2'])
  },
)

t.test('an instance that does not answer is not waited for for ever', async (t) => {
  const frozen = await instance('frozen', () => undefined)
  frozen.listening.removeAllListeners('message')
  const edge = await instance('edge-2')
  t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c9' }), 'silent')
})
