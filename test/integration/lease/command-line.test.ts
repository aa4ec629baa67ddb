import t from 'tap'
import { type CallCommand, createCommandLine } from '../../../src/calls/command-line.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { createTestCentre } from '../../helpers/redis.js'

const centre = createTestCentre()
t.teardown(() => centre.cleanUp())

async function instance(name: string, carryOut?: (command: CallCommand) => boolean) {
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

t.test('a command is done by the one that carries the call, whoever was asked', async (t) => {
  const done: string[] = []
  const carrying = (contactId: string) => (command: CallCommand) => {
    if (command.contactId !== contactId) return false
    done.push(command.contactId)
    return true
  }
  const edge = await instance('edge')
  t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c1' }), 'nobody', 'nobody is there')
  await instance('one', carrying('c1'))
  const two = await instance('two', carrying('c2'))
  t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c1' }), 'done')
  t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c2' }), 'done')
  t.equal(await two.line.ask({ do: 'hang_up', contactId: 'c1' }), 'done')
  t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c3' }), 'nobody', 'everybody said so')
  t.same(done, ['c1', 'c2', 'c1'])
})

t.test('an instance that does not answer is not waited for for ever', async (t) => {
  const frozen = await instance('frozen', () => false)
  frozen.listening.removeAllListeners('message')
  const edge = await instance('edge-2')
  t.equal(await edge.line.ask({ do: 'hang_up', contactId: 'c9' }), 'silent')
})
