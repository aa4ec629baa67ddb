import t from 'tap'
import { announcementFor } from '../../../src/calls/announce.js'
import { expectedWaitMs } from '../../../src/calls/expected-wait.js'

t.test('expected wait: the reference values of domain.md section 3', async (t) => {
  t.equal(Math.round((expectedWaitMs(4, 10, 180_000, 240_000) ?? 0) / 10), 7894)
  t.equal(expectedWaitMs(4, 10, 180_000), 90_000)
  t.equal(expectedWaitMs(0, 0, 180_000), undefined)
})

t.test('place and wait are spoken and never rise', async (t) => {
  const first = announcementFor(3, 5 * 60_000)
  t.strictSame(first.prompts, ['cti/wait-people', 'cti/people-3', 'cti/wait-minutes', 'cti/minutes-5'])
  const second = announcementFor(4, 7 * 60_000, first.told)
  t.strictSame(second.prompts, first.prompts)
  t.strictSame(announcementFor(80, 9 * 60_000).prompts[1], 'cti/people-many')
})

t.test('soon, and over ten minutes', async (t) => {
  t.strictSame(announcementFor(1, 20_000).prompts, ['cti/soon'])
  t.strictSame(announcementFor(30, 11 * 60_000).prompts, ['cti/long'])
  t.strictSame(announcementFor(1, undefined).prompts, ['cti/long'])
})
