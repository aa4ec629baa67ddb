import t, { type Test } from 'tap'
import { armFaults, around, type FaultSetting, pointName, readFault } from '../../../src/platform/fault.js'

const setting = (more: Partial<FaultSetting>): FaultSetting => ({
  fault: 'effect.ring.before',
  allowedCentre: 'c1',
  centre: 'c1',
  from: 'start',
  ...more,
})

/** Arms and gathers what is said, with a death that only counts. */
function arm(t: Test, more: Partial<FaultSetting>) {
  const said: { level: string; fields: object }[] = []
  const say = (level: string) => (fields: object) => void said.push({ level, fields })
  const deaths: number[] = []
  const disarm = armFaults(setting(more), { info: say('info'), warn: say('warn'), error: say('error') }, () =>
    deaths.push(deaths.length + 1),
  )
  t.teardown(disarm)
  return { said, deaths }
}

t.test('unset: a step is done as it is', async (t) => {
  const { said } = arm(t, { fault: undefined })
  const promise = Promise.resolve(7)
  t.equal(
    around('effect', 'ring', () => promise),
    promise,
    'the very same promise',
  )
  t.strictSame(said, [])
})

t.test('dies before the step, and after it has settled', async (t) => {
  const before = arm(t, {})
  around('effect', 'ring', () => t.equal(before.deaths.length, 1, 'dead before the step began'))
  const after = arm(t, { fault: 'effect.ring.after' })
  let settle = () => {}
  const step = around(
    'effect',
    'ring',
    () =>
      new Promise<void>((resolve) => {
        settle = resolve
      }),
  )
  t.equal(after.deaths.length, 0, 'it is under way')
  settle()
  await step
  t.equal(after.deaths.length, 1)
  const failing = arm(t, { fault: 'effect.ring.after' })
  await t.rejects(around('effect', 'ring', () => Promise.reject(new Error('no'))))
  t.equal(failing.deaths.length, 1, 'a step that failed is over, too')
})

t.test('the n-th time, and not before the signal', async (t) => {
  const third = arm(t, { fault: 'effect.ring.before:3' })
  for (let n = 0; n < 2; n++) around('effect', 'ring', () => undefined)
  t.equal(third.deaths.length, 0)
  around('effect', 'ring', () => undefined)
  t.equal(third.deaths.length, 1)
  const late = arm(t, { from: 'signal' })
  around('effect', 'ring', () => undefined)
  t.equal(late.deaths.length, 0)
  process.emit('SIGUSR2', 'SIGUSR2')
  around('effect', 'ring', () => undefined)
  t.equal(late.deaths.length, 1)
})

t.test('a setting for another centre does nothing but a loud line', async (t) => {
  for (const allowedCentre of [undefined, 'c2']) {
    const { said, deaths } = arm(t, { allowedCentre })
    around('effect', 'ring', () => undefined)
    t.equal(deaths.length, 0)
    t.match(said, [{ level: 'error' }])
  }
})

t.test('a list of what is passed', async (t) => {
  const { said } = arm(t, { fault: 'list' })
  around('ari', 'POST', () => undefined, '/channels/{channelId}/play/{playbackId}')
  t.match(said.slice(1), [
    { level: 'info', fields: { point: 'ari.post-channels-channelid-play-playbackid.before' } },
    { level: 'info', fields: { point: 'ari.post-channels-channelid-play-playbackid.after' } },
  ])
})

t.test('names', async (t) => {
  t.equal(pointName('effect', 'mark_ringing'), 'effect.mark_ringing')
  t.equal(pointName('journal', 'contact.created'), 'journal.contact.created')
  t.strictSame(readFault('script.sweep-deadlines.after:12'), { point: 'script.sweep-deadlines.after', n: 12 })
  t.throws(() => readFault('Effect ring'))
})
