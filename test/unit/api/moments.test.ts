import t from 'tap'
import { Moments } from '../../../src/api/ws/moments.js'
import { RecentEvents } from '../../../src/api/ws/recent.js'
import { EventFrameText } from '../../../src/api/ws/rendering.js'
import { snapshotText } from '../../../src/api/ws/snapshot-text.js'
import type { CentrePort } from '../../../src/centre/schema.js'
import type { AnyJournalEvent } from '../../../src/journal/events.js'
import type { Moment } from '../../../src/routing/core-port.js'

const centre = { current: () => ({ file: { queues: [] } }) } as unknown as CentrePort
const momentAt = (seq: number, epoch = 'e'): Moment => ({ epoch, seq, agents: [], contacts: [], queues: [] })

/** Moments over a core whose answers the test gives. */
function world() {
  let now = 0
  const asked: ((moment: Moment) => void)[] = []
  const snapshot = () => new Promise<Moment>((resolve) => void asked.push(resolve))
  const moments = new Moments({ snapshot }, centre, () => now)
  return { moments, asked, pass: (ms: number) => (now += ms) }
}

t.test('one reading serves all who ask at about the same time', async (t) => {
  const { moments, asked, pass } = world()
  const all = Promise.all([1, 2, 3].map(() => moments.take({ epoch: 'e', seq: 10 })))
  t.equal(asked.length, 1)
  asked[0]!(momentAt(10))
  t.same(
    (await all).map(({ seq }) => seq),
    [10, 10, 10],
  )
  pass(300)
  t.equal((await moments.take({ epoch: 'e', seq: 9 })).seq, 10, 'also a little later, for who has every event since')
  t.equal(asked.length, 1)
  const newer = moments.take({ epoch: 'e', seq: 11 })
  t.equal(asked.length, 2, 'but not for who would miss one')
  asked[1]!(momentAt(12))
  t.equal((await newer).seq, 12)
  pass(401)
  void moments.take({ epoch: 'e', seq: 12 })
  t.equal(asked.length, 3, 'nor when it is old')
})

t.test('a reading that began too early is followed by one that did not, whatever it finds', async (t) => {
  const { moments, asked } = world()
  const first = moments.take({ epoch: 'e', seq: 5 })
  const second = moments.take({ epoch: 'e', seq: 8 })
  asked[0]!(momentAt(6))
  t.equal((await first).seq, 6)
  await new Promise(setImmediate)
  t.equal(asked.length, 2)
  // Redis came back without its last moment: the reset that follows begins anew.
  asked[1]!(momentAt(4))
  t.equal((await second).seq, 4)
})

t.test('what was read before the journal began anew is void', async (t) => {
  const { moments, asked } = world()
  const before = moments.take({ epoch: 'e', seq: 5 })
  moments.forget()
  const after = moments.take({ epoch: '', seq: 0 })
  asked[0]!(momentAt(5))
  await before
  t.equal(asked.length, 2)
  asked[1]!(momentAt(1, 'f'))
  t.equal((await after).epoch, 'f')
  t.equal((await moments.take({ epoch: 'f', seq: 1 })).epoch, 'f')
})

t.test('recent events close the gap', async (t) => {
  const recent = new RecentEvents()
  const event = (seq: number, epoch = 'e') =>
    new EventFrameText({
      id: '',
      epoch,
      seq,
      type: 'config.applied',
      time: 0,
      subject: 'centre',
      version: 1,
      data: {},
    } as unknown as AnyJournalEvent)
  t.same(recent.upTo({ epoch: 'e', seq: 7 }), { since: { epoch: 'e', seq: 7 }, frames: [] })
  for (const [seq, at] of [
    [8, 0],
    [9, 700],
    [12, 900],
  ] as const)
    recent.add(event(seq), at)
  const { since, frames } = recent.upTo({ epoch: 'e', seq: 12 })
  t.same(since, { epoch: 'e', seq: 8 }, 'the first one is too old to be kept')
  t.same(
    frames.map((frame) => frame.event.seq),
    [9, 12],
  )
  t.same(recent.upTo({ epoch: 'f', seq: 1 }).frames, [], 'another life of the journal')
  recent.clear()
  t.same(recent.upTo({ epoch: 'e', seq: 12 }).frames, [])
})

t.test('a snapshot is the same text, however it is put together', async (t) => {
  const frame = {
    type: 'snapshot',
    epoch: 'e',
    seq: 1,
    serverTime: 2,
    me: { id: 'a"1' },
    agents: [{ id: 'x' }],
    queues: [],
    contacts: [],
    active: undefined,
  } as never
  t.same(JSON.parse(snapshotText(frame)), JSON.parse(JSON.stringify(frame)))
})
