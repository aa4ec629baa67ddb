import t from 'tap'
import type { CallerFacts } from '../../../src/calls/context-port.js'
import { Later } from '../../../src/calls/later.js'
import { LookUps } from '../../../src/calls/look-ups.js'

t.test('what waits is done in its order when the time comes, and at once afterwards', async (t) => {
  const done: string[] = []
  const later = new Later()
  later.run(() => done.push('answer'))
  later.run(() => done.push('mark'))
  t.same(done, [])
  later.come()
  later.run(() => done.push('music'))
  later.come()
  t.same(done, ['answer', 'mark', 'music'])
  const adopted = new Later(true)
  adopted.run(() => done.push('at once'))
  t.equal(done.at(-1), 'at once')
})

t.test('it comes by itself when nobody calls for it, and never for a caller who is gone', async (t) => {
  await new Promise<void>((resolve) => new Later().run(resolve))
  const gone = new Later()
  gone.run(() => t.fail('the caller is gone'))
  gone.forget()
  gone.come()
  // As long as a later one that is still wanted takes to come by itself.
  await new Promise<void>((resolve) => new Later().run(resolve))
})

t.test('the look-up of an announced call is used once, for the same number, and not kept for ever', async (t) => {
  const asked: (string | undefined)[] = []
  const facts = {} as CallerFacts
  const lookUps = new LookUps({
    lookUp: async (number) => {
      asked.push(number)
      if (number === 'bad') throw new Error('away')
      return facts
    },
  })
  lookUps.begin('ch1', '010', 0)
  t.equal(await lookUps.take('ch1', '010', 1), facts)
  t.same(asked, ['010'], 'asked once')
  await lookUps.take('ch1', '010', 2)
  t.same(asked, ['010', '010'], 'a second call of the channel asks anew')
  lookUps.begin('ch2', '010', 3)
  await lookUps.take('ch2', '020', 4)
  t.equal(asked.at(-1), '020', 'another number than announced')
  lookUps.begin('old', '030', 5)
  lookUps.begin('new', 'bad', 10_000)
  await lookUps.take('old', '030', 10_001)
  t.same(asked.filter((n) => n === '030').length, 2, 'too old')
  await t.rejects(lookUps.take('new', 'bad', 10_002), 'a failure reaches whoever uses it')
})
