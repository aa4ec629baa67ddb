import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Citizen } from '../../helpers/callers.js'
import { testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Without us: who is signed in rings when the server is dead, and the record knows of it afterwards.
const world = await startWorld({
  server: 'process',
  asterisk: { phones: 6, fallbackMembers: '3006', env: { CTI_DEAD_MAN_SECONDS: '15' } },
})
t.teardown(() => world.stop())
t.afterEach(() => world.observer.expectNothing())

/** The members as Asterisk has them: device -> paused. */
const members = () => {
  const text = world.asterisk.cli('queue show cti-fallback')
  const lines = [...text.matchAll(/^\s+(\d{4}) \(PJSIP.*$/gm)]
  return Object.fromEntries(lines.map((line) => [line[1]!, line[0].includes('(paused')])) as Record<string, boolean>
}
const hasMembers = (wanted: Record<string, boolean>) =>
  until(() => JSON.stringify(members()) === JSON.stringify(wanted), {
    what: `the fallback queue has the members ${JSON.stringify(wanted)}`,
    timeout: 15_000,
    every: 200,
  }).catch((error: Error) => {
    throw new Error(`${error.message}, but ${JSON.stringify(members())}`)
  })
const notes = () => world.asterisk.cli('database show cti-fallback')
interface Row {
  [column: string]: unknown
  created_at: Date
  connected_at: Date
  ended_at: Date
}
/** The caller's only contact, once its record is complete. */
const recordOf = async (caller: string): Promise<Row> => {
  const rows = await until(
    async () => {
      const found = await world.postgres.query<Row>('SELECT * FROM contacts WHERE caller_index = $1', [
        testSealing.index(caller),
      ])
      return found.rows.some((row) => row.end_reason === 'fallback') ? found.rows : undefined
    },
    { what: 'the call is in the record', timeout: 40_000, every: 200 },
  )
  if (rows.length !== 1) throw new Error(`one call became ${rows.length} contacts`)
  return rows[0]!
}
const segmentsOf = async (id: unknown) =>
  (
    await world.postgres.query(
      'SELECT kind, agent_id, outcome, ended_at IS NULL AS open FROM segments WHERE contact_id = $1 ORDER BY started_at, ordinal',
      [id],
    )
  ).rows
const isIn = (citizen: Citizen, hz: number) => until(() => citizen.audio?.hears(hz), { what: `the caller hears ${hz}` })
const near = (time: Date, ms: number) => Math.abs(time.getTime() - ms) < 1_500

t.test('members are who is signed in; those of the configuration ring only for an empty centre', async () => {
  await hasMembers({ 3006: false })
  const [a1, a2] = [await world.signIn('a1'), await world.signIn('a2')]
  await a1.available()
  await a2.available()
  await hasMembers({ 3001: false, 3002: false, 3006: true })
  await a2.takeBreak('meal')
  await hasMembers({ 3001: false, 3002: true, 3006: true })
  world.asterisk.cli('queue remove member PJSIP/3001 from cti-fallback')
  await a2.available()
  await hasMembers({ 3001: false, 3002: false, 3006: true })
  await a2.offline()
  await hasMembers({ 3001: false, 3006: true })
  await a1.offline()
  await hasMembers({ 3006: false })
})

t.test('the server dies: signed-in agents serve new and waiting callers, the record tells it afterwards', async (t) => {
  const [a1, a4] = [await world.signIn('a1'), await world.signIn('a4')]
  const [phone1, phone4] = [await world.phone('3001', { tone: 500 }), await world.phone('3004', { tone: 700 })]
  await a1.available()
  const talking = await world.call({ number: '7001', tone: 900 })
  await until(() => phone1.isRinging(), { what: 'a1 rings' })
  await phone1.answer()
  await isIn(talking, 500)
  await a4.available()
  await hasMembers({ 3001: false, 3004: false, 3006: true })
  // For tax experts, of whom nobody is there.
  const waiting = await world.call({ number: '7004', tone: 1100 })
  const waitId = await world.contactOf(waiting.caller)
  const { channelId } = (await world.event(waitId, 'contact.created')).data
  const mark = `channels/${channelId}/variable?variable=CTI_ENQUEUED_AT`
  await until(async () => ((await world.asterisk.ari(mark)) as { value: string }).value !== '', {
    what: 'the caller is marked',
  })
  await until(() => waiting.audio?.hearsAnything(), { what: 'the caller hears music' })
  await world.server().kill()

  const late = await world.call({ number: '7001', tone: 1300 })
  const lateAt = Date.now()
  await until(() => phone4.isRinging(), { what: 'a free member rings for the new call' })
  await phone4.answer()
  await isIn(late, 700)
  const answeredAt = Date.now()
  t.equal(phone1.invites().length, 1, 'who talks through the server is not rung')

  await until(() => notes().includes(waitId), { what: 'the waiting caller is in the fallback', timeout: 30_000 })
  await until(() => waiting.audio?.hearsAnything(), { what: 'with music' })
  t.equal(phone1.invites().length, 1, 'nobody is free for the second one')
  await talking.hangUp()
  // With nobody to end the other side of a talk, the agent puts the phone down.
  await phone1.hangUp()
  await until(() => phone1.invites().length === 2 && phone1.isRinging(), {
    what: 'who was talking rings now',
    timeout: 30_000,
  })
  await phone1.answer()
  await isIn(waiting, 500)

  await late.hangUp()
  const lateEnd = Date.now()
  await until(() => !phone4.isTalking(), { what: 'the talk is over' })

  await world.startServer('process')
  const record = await recordOf(late.caller)
  t.match(record, {
    state: 'completed',
    end_state: 'completed',
    agent_id: 'a4',
    dialled: '7001',
    queue: 'quick',
    node: 'node1',
  })
  t.ok(near(record.created_at, lateAt) && near(record.connected_at, answeredAt) && near(record.ended_at, lateEnd))
  t.same(await segmentsOf(record.id), [
    { kind: 'queue', agent_id: null, outcome: 'talk', open: false },
    { kind: 'talk', agent_id: 'a4', outcome: 'completed', open: false },
  ])

  t.ok(waiting.audio?.hears(500), 'who is in the fallback stays there when the server is back')
  // New calls are the server's again, which knows that a1 talks.
  await (await world.signIn('a4')).offline()
  const again = await world.signIn('a1')
  await until(async () => (await again.me())?.device === 'busy', {
    what: 'the phone of a1 is known to be busy',
    timeout: 40_000,
  })
  const next = await world.call({ number: '7001', tone: 1500 })
  await until(() => next.audio?.hearsAnything(), { what: 'the caller waits with music' })
  t.equal(phone1.invites().length, 2, 'nobody rings')
  const end = Date.now()
  await waiting.hangUp()
  await until(() => phone1.invites().length === 3 && phone1.isRinging(), { what: 'a1 rings when the talk is over' })
  t.ok(phone1.invites().at(-1)?.headers['x-contact-id'], 'by the server')
  await phone1.answer()
  await isIn(next, 500)
  await next.hangUp()
  await again.untilWork('idle')
  const completed = await recordOf(waiting.caller)
  t.equal(completed.id, waitId, 'the contact that it took over keeps its id')
  t.match(completed, { end_state: 'completed', agent_id: 'a1', queue: 'tax_expert' })
  t.ok(near(completed.ended_at, end))
  t.same(await segmentsOf(waitId), [
    { kind: 'queue', agent_id: null, outcome: 'fallback', open: false },
    { kind: 'queue', agent_id: null, outcome: 'talk', open: false },
    { kind: 'talk', agent_id: 'a1', outcome: 'completed', open: false },
  ])
  await until(() => /\b0 results/.test(notes()), { what: 'the notes with the numbers are deleted', timeout: 15_000 })
  await world.expectClean()
})

t.test('the caller gives up in the fallback, and Asterisk dies under another: both are in the record', async (t) => {
  await world.server().kill()
  const gone = await world.call({ number: '7001', tone: 1100 })
  await until(() => gone.audio?.hearsAnything(), { what: 'the caller hears music' })
  await gone.hangUp()
  const cut = await world.call({ number: '7001', tone: 1100 })
  await until(() => cut.audio?.hearsAnything(), { what: 'the caller hears music' })
  await until(() => notes().match(/entered/g)?.length === 2, { what: 'both are noted' })
  const entries = notes().match(/cti-fallback\/[^/ ]+\/(entered|ended)/g) ?? []
  t.equal(entries.length, 3)
  const file = join(world.asterisk.directory, 'var/lib/astdb.sqlite3')
  const written = () => entries.every((entry) => readFileSync(file, 'latin1').includes(entry))
  // While SQLite's journal is there, a killed Asterisk takes the pages back when it starts.
  await until(() => written() && !existsSync(`${file}-journal`), {
    what: 'Asterisk, which does so once a second, has written its database',
  })
  await world.asterisk.kill()
  await world.asterisk.restart()
  await cut.stop()
  await world.startServer('process')
  t.match(await recordOf(gone.caller), { end_state: 'abandoned', agent_id: null, queue: 'quick' })
  t.match(await recordOf(cut.caller), { end_state: 'failed', agent_id: null, queue: 'quick' })
})

t.test('who hangs up before anybody had the call is in the record once, with a server and without', async (t) => {
  const ended = (caller: string) =>
    until(
      async () => {
        const { rows } = await world.postgres.query<Row>('SELECT * FROM contacts WHERE caller_index = $1', [
          testSealing.index(caller),
        ])
        return rows.length > 0 && rows.every((row) => row.ended_at !== null) && rows
      },
      { what: 'the call is in the record', timeout: 40_000, every: 200 },
    )
  const ringAndLeave = async () => {
    const citizen = await world.call({ number: '7001' })
    await citizen.hangUp()
    return citizen.caller
  }
  const withServer = [await ringAndLeave(), await ringAndLeave()]
  await world.server().kill()
  const without = [await ringAndLeave(), await ringAndLeave()]
  await world.startServer('process')
  await until(() => /\b0 results/.test(notes()), { what: 'the notes are read and deleted', timeout: 40_000 })
  for (const caller of [...withServer, ...without]) {
    const rows = await ended(caller)
    t.match(rows, [{ end_state: 'abandoned', dialled: '7001', agent_id: null }])
    t.equal(rows.length, 1)
  }
  await world.expectClean()
})
