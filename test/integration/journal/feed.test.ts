import { pino } from 'pino'
import t from 'tap'
import type { AnyJournalEvent } from '../../../src/journal/events.js'
import { createJournalFeed } from '../../../src/journal/feed.js'
import { createJournalWriter } from '../../../src/journal/writer.js'
import { keyPrefix } from '../../../src/platform/keys.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { createTestCentre } from '../../helpers/redis.js'
import { until } from '../../helpers/until.js'

const silent = pino({ level: 'silent' })

t.test('journal: writer and live feed', async (t) => {
  const { centre, redis, url, cleanUp } = createTestCentre()
  const reading = connectRedis({ url, name: 'test-reading' })
  const feed = createJournalFeed(reading, redis, centre, silent)
  const writer = createJournalWriter(redis, centre)
  t.teardown(async () => {
    await feed.stop()
    await cleanUp()
  })
  const write = (n: number) =>
    writer.append('contact.ended', {
      subject: `contact:c${n}`,
      contactId: `c${n}`,
      time: 1000 + n,
      data: { end: `r${n}` },
    })

  await write(0)
  await feed.start()
  const seen: AnyJournalEvent[] = []
  const order: string[] = []
  feed.subscribe('first', (event) => {
    order.push(`first ${event.seq}`)
    throw new Error('a broken reader must not stop the others')
  })
  feed.subscribe('second', (event) => {
    order.push(`second ${event.seq}`)
    seen.push(event)
  })

  await t.test('events come live, in order, to each reader in the order of subscription', async (t) => {
    for (const n of [1, 2, 3]) await write(n)
    await until(() => seen.length === 3, { what: 'three events were read' })
    t.strictSame(
      order,
      ['first 2', 'second 2', 'first 3', 'second 3', 'first 4', 'second 4'],
      'what was written before the start is not read',
    )
    t.match(seen[0], {
      seq: 2,
      type: 'contact.ended',
      time: 1001,
      subject: 'contact:c1',
      contactId: 'c1',
      version: 1,
      data: { end: 'r1' },
    })
    t.strictSame(await feed.position(), { epoch: seen[0]?.epoch, seq: 4 })
  })

  await t.test('replay after a position; undefined when it is gone', async (t) => {
    const epoch = seen[0]?.epoch ?? ''
    t.strictSame(
      (await feed.readAfter(epoch, 2, 10))?.map((e) => e.seq),
      [3, 4],
    )
    t.strictSame(await feed.readAfter(epoch, 4, 10), [])
    t.equal(await feed.readAfter('other', 2, 10), undefined)
    await redis.xtrim(`${keyPrefix(centre)}journal`, 'MINID', '3-0')
    t.equal(await feed.readAfter(epoch, 1, 10), undefined, 'seq 2 was trimmed')
    t.strictSame(
      (await feed.readAfter(epoch, 2, 10))?.map((e) => e.seq),
      [3, 4],
    )
  })

  await t.test('an event of a newer release is passed over', async (t) => {
    const before = seen.length
    const seq = await redis.incr(`${keyPrefix(centre)}seq`)
    await redis.xadd(`${keyPrefix(centre)}journal`, `${seq}-0`, 'type', 'contact.from_the_future', 'data', '{}')
    await write(5)
    await until(() => seen.length === before + 1, { what: 'the event after it was read' })
    t.match(seen.at(-1), { data: { end: 'r5' } })
  })

  await t.test('Redis emptied: a new epoch, readers are told and go on', async (t) => {
    let resets = 0
    feed.onReset(() => resets++)
    const old = seen[0]?.epoch
    const keys = await redis.keys(`${keyPrefix(centre)}*`)
    await redis.del(...keys)
    const before = seen.length
    await until(() => resets === 1, { what: 'the new epoch was noticed' })
    await write(6)
    await until(() => seen.length > before, { what: 'the first event of the new epoch was read' })
    t.match(seen.at(-1), { seq: 1, data: { end: 'r6' } })
    t.not(seen.at(-1)?.epoch, old)
  })
})
