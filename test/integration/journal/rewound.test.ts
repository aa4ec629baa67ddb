import { Redis } from 'ioredis'
import { pino } from 'pino'
import t from 'tap'
import { createJournalFeed } from '../../../src/journal/feed.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { until } from '../../helpers/until.js'

const CENTRE = 'rewound'

/** A feed on a Redis that loses everything since the last SAVE when it is killed. */
async function open(t: Tap) {
  const own = await startOwnRedis('manual')
  const asking = connectRedis({ url: own.url, name: 'test' })
  const reading = connectRedis({ url: own.url, name: 'test-reading' })
  const feed = createJournalFeed(reading, asking, CENTRE, pino({ level: 'silent' }))
  const writer = createJournalWriter(asking, CENTRE)
  t.teardown(async () => {
    await feed.stop()
    asking.disconnect()
    await own.remove()
  })
  const write = (what: string, by = writer) =>
    by.append('contact.ended', { subject: `contact:${what}`, contactId: what, time: 1000, data: { end: what } })
  const heard: string[] = []
  feed.onReset((why) => heard.push(why))
  feed.subscribe('test', (event) => heard.push(`${event.seq} ${event.contactId}`))
  await write('a')
  await feed.start()
  await write('b')
  await asking.save()
  await write('c')
  await write('d')
  await until(() => heard.length === 3, { what: 'all was read' })
  const { epoch } = await feed.position()
  return { own, asking, feed, write, heard, epoch }
}
type Tap = Pick<typeof t, 'teardown'>

t.test('Redis comes back without its last events: readers are told before anything else', async (t) => {
  const { own, feed, write, heard, epoch } = await open(t)
  await own.kill()
  await own.start()
  await until(() => heard.includes('ahead'), { what: 'the loss was noticed' })
  await write('e')
  await until(() => heard.includes('3 e'), { what: 'the event with a number given out before was read' })
  t.strictSame(heard, ['2 b', '3 c', '4 d', 'ahead', '3 e'])
  t.strictSame(await feed.position(), { epoch, seq: 3 })
  t.equal(await feed.isDoubtful(epoch, 4), true, 'who stands at 4 saw an event that never was')
  t.equal(await feed.isDoubtful(epoch, 5), false)
})

t.test('also when others wrote more than was lost before this reader was back', async (t) => {
  const { own, write, heard } = await open(t)
  await own.kill()
  await own.start()
  const other = new Redis(own.url)
  for (const what of ['e', 'f', 'g']) await write(what, createJournalWriter(other, CENTRE))
  other.disconnect()
  await until(() => heard.includes('ahead'), { what: 'the loss was noticed' })
  await write('h')
  await until(() => heard.includes('6 h'), { what: 'the next event was read' })
  t.equal(heard.indexOf('ahead'), 3, 'nothing was delivered before')
})

t.test("a restart that loses nothing is none of the readers' business", async (t) => {
  const { own, asking, write, heard } = await open(t)
  await asking.save()
  await own.kill()
  await own.start()
  await write('e')
  await until(() => heard.includes('5 e'), { what: 'the next event was read' })
  t.strictSame(heard, ['2 b', '3 c', '4 d', '5 e'])
})
