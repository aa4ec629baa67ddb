import t from 'tap'
import type { AnyJournalEvent, EventData, EventType } from '../../../src/journal/events.js'
import type { Position } from '../../../src/journal/recorder/position.js'
import { recordBatch } from '../../../src/journal/recorder/record.js'
import { createDatabase } from '../../helpers/postgres.js'
import { testSealing, withCallers } from '../../helpers/sealing.js'

// What the fallback queue did comes into the record afterwards: completed, not doubled, however often and however late it is told.
const database = await createDatabase()
t.teardown(() => database.drop())
const { postgres } = database
const start = 1_700_000_000_000

let seq = 0
let position: Position | undefined
const event = <T extends EventType>(type: T, contactId: string, at: number, data: EventData<T>) =>
  ({
    id: '',
    epoch: 'e',
    seq: ++seq,
    type,
    time: start + at,
    subject: '',
    version: 1,
    contactId,
    data,
  }) as AnyJournalEvent
const record = async (...events: AnyJournalEvent[]) => {
  const client = await postgres.pool.connect()
  try {
    const entries = events.map((entry) => ({ seq: entry.seq, time: entry.time, event: entry }))
    const recorded = await recordBatch(client, 'test', position, 'e', entries, testSealing)
    position = recorded.position
    return recorded.rejected
  } finally {
    client.release()
  }
}
const contact = async (id: string) =>
  withCallers(
    (
      await postgres.query(
        `SELECT state, end_state, end_reason, caller, dialled, queue, agent_id, wait_ms, talk_ms,
         round(extract(epoch FROM created_at) * 1000) - ${start} AS created,
         round(extract(epoch FROM connected_at) * 1000) - ${start} AS connected,
         round(extract(epoch FROM ended_at) * 1000) - ${start} AS ended FROM contacts WHERE id = $1`,
        [id],
      )
    ).rows,
  ).map((row) => ({ ...row, created: Number(row.created), ended: Number(row.ended) }))[0]
const segments = async (id: string) =>
  (
    await postgres.query(
      `SELECT kind, agent_id, outcome, round(extract(epoch FROM started_at) * 1000) - ${start} AS began,
         round(extract(epoch FROM ended_at) * 1000) - ${start} AS ended FROM segments WHERE contact_id = $1 ORDER BY started_at`,
      [id],
    )
  ).rows.map((row) => [row.kind, row.agent_id, row.outcome, Number(row.began), Number(row.ended)])

const served = (more: Partial<EventData<'contact.served_by_fallback'>> = {}) => ({
  dialled: '120',
  caller: '01012345678',
  node: 'node1',
  channelId: 'node1-1.1',
  queue: 'general',
  agentId: 'a01',
  device: '2001',
  enteredAt: start,
  waitsSince: start + 1_000,
  fallbackAt: start + 20_000,
  answeredAt: start + 25_000,
  endedAt: start + 60_000,
  end: 'completed' as const,
  ...more,
})

t.test('a call of its own, told twice', async (t) => {
  const tell = () => event('contact.served_by_fallback', 'own', 900_000, served({ waitsSince: start }))
  t.equal(await record(tell()), 0)
  t.equal(await record(tell(), tell()), 0)
  t.match(await contact('own'), {
    state: 'completed',
    end_state: 'completed',
    end_reason: 'fallback',
    caller: '01012345678',
    dialled: '120',
    queue: 'general',
    agent_id: 'a01',
    wait_ms: 25_000,
    talk_ms: 35_000,
    created: 0,
    ended: 60_000,
  })
  t.same(await segments('own'), [
    ['queue', null, 'talk', 20_000, 25_000],
    ['talk', 'a01', 'completed', 25_000, 60_000],
  ])
})

t.test('a contact of the server is completed, and its wait there ends when the fallback took it', async (t) => {
  const created = { channel: 'voice', direction: 'inbound', dialled: '120', node: 'node1', channelId: 'ch' } as const
  const queued = { queue: 'tax', priority: 50, enqueuedAt: start + 1_000, attempts: 0, position: 0 }
  const lost = { queue: 'tax', waitedMs: 899_000, enqueuedAt: start + 1_000, reason: 'lost' }
  await record(event('contact.created', 'taken', 0, created), event('contact.queued', 'taken', 1_000, queued))
  await record(
    event('contact.abandoned', 'taken', 900_000, lost),
    event('contact.served_by_fallback', 'taken', 900_100, served()),
  )
  t.match(await contact('taken'), { end_state: 'completed', queue: 'tax', wait_ms: 24_000, created: 0, ended: 60_000 })
  t.same(await segments('taken'), [
    ['queue', null, 'fallback', 1_000, 20_000],
    ['queue', null, 'talk', 20_000, 25_000],
    ['talk', 'a01', 'completed', 25_000, 60_000],
  ])
})

t.test('a caller who gave up there', async (t) => {
  const gone = served({
    answeredAt: undefined,
    agentId: undefined,
    device: undefined,
    caller: undefined,
    end: 'abandoned',
  })
  await record(event('contact.served_by_fallback', 'gone', 900_000, gone))
  t.match(await contact('gone'), {
    state: 'ended',
    end_state: 'abandoned',
    agent_id: null,
    caller: null,
    connected: null,
    wait_ms: 59_000,
  })
  t.same(await segments('gone'), [['queue', null, 'abandoned', 20_000, 60_000]])
})

t.test(
  'a call that nobody had is there once; one that the server had after all is left as the server told it',
  async (t) => {
    const unseen = {
      dialled: '120',
      caller: '01012345678',
      node: 'node1',
      queue: 'general',
      enteredAt: start,
      endedAt: start + 400,
    }
    const left = (id: string, channelId: string) => event('contact.left_unseen', id, 9_000, { ...unseen, channelId })
    await record(left('u1', 'node1-7.7'))
    t.match(await contact('u1'), {
      state: 'ended',
      end_state: 'abandoned',
      end_reason: 'unseen',
      caller: '01012345678',
      queue: 'general',
      created: 0,
      ended: 400,
    })
    await record(left('u1', 'node1-7.7'))
    t.same(await segments('u1'), [])

    const created = {
      channel: 'voice',
      direction: 'inbound',
      dialled: '120',
      caller: '01012345678',
      node: 'node1',
    } as const
    await record(
      event('contact.created', 'known', 10, { ...created, channelId: 'node1-8.8' }),
      event('contact.ended', 'known', 300, { end: 'abandoned', reason: 'caller_hangup' }),
      left('u2', 'node1-8.8'),
    )
    t.equal(await contact('u2'), undefined)
    t.match(await contact('known'), { end_state: 'abandoned', end_reason: 'caller_hangup' })
    await record(left('u3', 'node2-8.8'))
    t.ok(await contact('u3'), 'another channel')
  },
)
