import t from 'tap'
import { createAbandonedFinder, REDIAL_MS } from '../../../src/callbacks/abandoned.js'
import { createFollowUp } from '../../../src/callbacks/follow-up.js'
import { createWelfarePlanner } from '../../../src/callbacks/welfare.js'
import { ensureEpoch } from '../../../src/journal/writer.js'
import { keyOf } from '../../../src/platform/keys.js'
import { createDatabase } from '../../helpers/postgres.js'
import { createTestCentre } from '../../helpers/redis.js'
import { sealWritten, testSealing } from '../../helpers/sealing.js'
import { centreInForce, openCentre, startInstance, wanted } from './world.js'

/** What makes call-backs by rule, and what is left of them, on a real record. The clock is the test's. */
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const database = await createDatabase()
const { redis, centre: centreId, url, cleanUp } = createTestCentre()
t.teardown(() => database.drop())
t.teardown(cleanUp)
const { postgres } = database
let now = Date.parse('2026-11-26T01:00:00Z')
const clock = () => now
const centre = centreInForce()
const one = await startInstance({ redisUrl: url, pgUrl: database.url, centreId, centre, clock }, false)
t.teardown(() => one.stop())
const { store } = one
const deps = { postgres, redis, centreId, centre, store, clock, sealing: testSealing }

const epoch = await ensureEpoch(redis, centreId)
/** The recorder has come to this event; `behind`: the journal has more. */
async function recorded(at: number, behind = 0): Promise<void> {
  await one.tell.settled()
  const seq = Number((await redis.get(keyOf(centreId, 'seq'))) ?? 0) - behind
  await postgres.query(
    `INSERT INTO recorder_positions (centre_id, epoch, seq, event_time) VALUES ($1, $2, $4, $3)
     ON CONFLICT (centre_id) DO UPDATE SET event_time = $3, seq = $4`,
    [centreId, epoch, new Date(at), Math.max(0, seq)],
  )
}

let contacts = 0
/** A contact in the record that ended `agoMs` ago. */
async function contact(
  agoMs: number,
  more: { caller?: string | null; waitMs?: number; end?: string; direction?: string } = {},
) {
  const id = `k${++contacts}`
  const ended = now - agoMs
  const { waitMs = 30_000, end = 'abandoned', direction = 'inbound' } = more
  const caller = more.caller === undefined ? `0101111${String(contacts).padStart(4, '0')}` : more.caller
  await postgres.query(
    `INSERT INTO contacts (id, direction, caller, dialled, queue, state, end_state, created_at, queued_at, ended_at, wait_ms)
     VALUES ($1, $2, $3, '120', 'general', 'ended', $4, $5, $5, $6, $7)`,
    [id, direction, caller, end, new Date(ended - waitMs - 5_000), new Date(ended), waitMs],
  )
  return { id, caller: caller ?? '' }
}
const restrict = (phone: string) =>
  postgres.query(
    `INSERT INTO citizen_flags (id, phone, kind, until, approved_by, created_by) VALUES (gen_random_uuid(), $1, 'restricted', $2, 'a01', 'a01')`,
    [phone, new Date(now + HOUR)],
  )

t.test('abandoned callers: who waited, did not ring again and may be phoned; each once', async (t) => {
  await postgres.query(`INSERT INTO users (id, name, role) VALUES ('a01', 'A', 'agent')`)
  const found = await contact(10 * MINUTE)
  const newer = await contact(5 * MINUTE)
  await contact(9 * MINUTE, { waitMs: 19_999 })
  await contact(10 * HOUR)
  await contact(REDIAL_MS - 1)
  await contact(9 * MINUTE, { caller: null })
  await contact(9 * MINUTE, { caller: '2001' })
  await contact(9 * MINUTE, { direction: 'outbound' })
  await contact(9 * MINUTE, { end: 'completed' })
  const again = await contact(9 * MINUTE)
  await contact(3 * MINUTE, { caller: again.caller, end: 'completed' })
  const twice = await contact(9 * MINUTE)
  const second = await contact(4 * MINUTE, { caller: twice.caller })
  const open = await contact(9 * MINUTE)
  await store.create(wanted(now, { number: open.caller, queue: 'tax' }), now)
  // Both rang in while a call-back was open for them: one hung up, the other's was superseded by another call.
  const [hungUp, served] = [await contact(9 * MINUTE), await contact(9 * MINUTE)]
  for (const [{ caller }, by] of [
    [hungUp, hungUp.id],
    [served, 'another'],
  ] as const) {
    const { callback } = await store.create(wanted(now, { number: caller }), now)
    await store.move(callback.id, { do: 'supersede', by }, now)
  }
  await restrict((await contact(9 * MINUTE)).caller)
  const person = await contact(9 * MINUTE)
  await postgres.query(
    `WITH p AS (INSERT INTO citizens (id, name, more_phones, created_by) VALUES (gen_random_uuid(), 'P', ARRAY[$1], 'a01') RETURNING id)
     INSERT INTO citizen_flags (id, citizen_id, kind, until, approved_by, created_by) SELECT gen_random_uuid(), id, 'restricted', $2, 'a01', 'a01' FROM p`,
    [person.caller, new Date(now + HOUR)],
  )
  const find = createAbandonedFinder(deps)
  await sealWritten(postgres)
  await recorded(now - 20 * MINUTE, 1)
  t.equal(await find(), 0, 'a record that lags behind may not have heard of those who rang again')
  await recorded(now - 20 * MINUTE)
  const made = await Promise.all([find(), find(), find()])
  t.equal(
    made.reduce((sum, n) => sum + n, 0),
    4,
  )
  t.equal(await find(), 0)
  const { items } = await store.list({ kinds: ['abandoned'], limit: 50 })
  t.same(items.map((row) => row.sourceContactId).sort(), [found.id, newer.id, second.id, hungUp.id].sort())
  t.match(items[0], {
    state: 'requested',
    priority: 60,
    maxAttempts: 2,
    dueAt: now,
    callerId: '0311200120',
    createdBy: 'system',
  })
  // Ended: it is not promised again for the same matter.
  await store.move(items[0]!.id, { do: 'cancel', reason: 'citizen' }, now)
  t.equal(await find(), 0)
  centre.apply({ ...openCentre, callbacks: { ...openCentre.callbacks, abandoned: undefined } })
  await contact(5 * MINUTE)
  await sealWritten(postgres)
  await recorded(now)
  t.equal(await find(), 0, 'the kind is off')
  centre.apply(openCentre)
  t.equal(await find(), 1, 'what was missed is caught up')
})

t.test('welfare schedules: one promise of a person and date; misses, then a visit ticket', async (t) => {
  const { rows } = await postgres.query<{ id: string; citizen: string }>(
    `WITH p AS (INSERT INTO citizens (id, name, created_by) VALUES (gen_random_uuid(), 'W', 'a01') RETURNING id)
     INSERT INTO welfare_schedules (id, citizen_id, queue, number, second_number, days, at_time, owner_agent, checklist, starts_on, created_by)
     SELECT gen_random_uuid(), id, 'general', '01099990001', '0312345678', ARRAY['thu'], '14:00', 'a03', '[{"id":"meal","label":"식사"}]', '2026-11-01', 'a01'
       FROM p RETURNING id, citizen_id AS citizen`,
  )
  const { id: scheduleId, citizen } = rows[0]!
  const plan = createWelfarePlanner(deps)
  const made = await Promise.all([plan(), plan()])
  t.equal(made[0]! + made[1]!, 1, 'however many plan it at once')
  const { items } = await store.list({ kinds: ['welfare'], limit: 5 })
  const at = Date.parse('2026-11-26T14:00:00+09:00')
  t.match(items, [
    {
      scheduleId,
      citizenId: citizen,
      dueAt: at,
      promisedAt: at + HOUR,
      ownerAgent: 'a03',
      ownerUntil: at + HOUR / 2,
      checklist: [{ id: 'meal' }],
      secondNumber: '0312345678',
    },
  ])
  await postgres.query('UPDATE welfare_schedules SET paused = true')
  now += 7 * 24 * HOUR
  t.equal(await plan(), 0, 'paused')
  now -= 7 * 24 * HOUR

  const followUp = createFollowUp({ postgres, centre, clock })
  t.equal(await followUp(), 0)
  await store.move(items[0]!.id, { do: 'exhaust', reason: 'all_tries' }, now)
  const promised = (await store.create(wanted(now), now)).callback
  const about = (await store.create(wanted(now), now)).callback
  const lost = (await store.create(wanted(now, { kind: 'abandoned' }), now)).callback
  for (const row of [promised, about, lost]) await store.move(row.id, { do: 'expire' }, now)
  await postgres.query(
    `WITH k AS (INSERT INTO tickets (id, number, subject, created_by) VALUES (gen_random_uuid(), 'X1', 's', 'a01') RETURNING id)
     UPDATE callbacks SET ticket_id = k.id FROM k WHERE callbacks.id = $1`,
    [about.id],
  )
  const written = await Promise.all([followUp(), followUp()])
  t.equal(
    written[0]! + written[1]!,
    2,
    'welfare and agent-promised; abandoned ones leave none, one about a ticket has one',
  )
  t.equal(await followUp(), 0)
  const tickets = await postgres.query(
    `SELECT subject, department, citizen_id FROM tickets WHERE created_by = 'system' ORDER BY department`,
  )
  t.match(tickets.rows, [{ subject: /콜백/ }, { subject: /안심콜/, department: 'welfare_policy', citizen_id: citizen }])
  t.equal((await store.get(items[0]!.id))?.ticketId !== undefined, true)
  t.match((await postgres.query('SELECT misses FROM welfare_schedules')).rows, [{ misses: 1 }])
})

t.test('slots: two at once cannot overbook; moving takes a place and gives one back', async (t) => {
  const { bookings } = one
  const [first, next] = await bookings.free('general')
  t.match(first, { free: 4 })
  const book = (number: string, slotAt: number) => bookings.book({ number, queue: 'general', slotAt, createdBy: 'web' })
  const numbers = Array.from({ length: 9 }, (_, i) => `0102222000${i}`)
  const booked = await Promise.allSettled(numbers.map((number) => book(number, first!.at)))
  const made = booked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.callback] : []))
  t.equal(made.length, 4)
  const why = booked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
  t.same([...new Set(why)], ['CTI_ERR_CALLBACK_SLOT_FULL'])
  t.match(made[0], { slotAt: first!.at, dueAt: first!.at, promisedAt: next!.at })
  t.equal((await bookings.free('general'))[0]?.at, next!.at, 'a full slot is not offered')
  const moved = await bookings.move(made[0]!, next!.at, { by: 'a01', reason: 'asked' })
  t.match(moved, { state: 'scheduled', slotAt: next!.at, dueAt: next!.at })
  t.match((await bookings.free('general')).slice(0, 2), [
    { at: first!.at, free: 1 },
    { at: next!.at, free: 3 },
  ])
  await t.rejects(book('01022220009', first!.at + MINUTE), { code: 'CTI_ERR_CALLBACK_SLOT_UNKNOWN' })
  await t.rejects(bookings.book({ number: '01022220009', queue: 'nowhere', slotAt: first!.at, createdBy: 'web' }), {
    code: 'CTI_ERR_CALLBACK_SLOT_UNKNOWN',
  })
  centre.apply({ ...openCentre, callbacks: { ...openCentre.callbacks, booked: undefined } })
  await t.rejects(book('01022220009', first!.at), { code: 'CTI_ERR_CALLBACK_KIND_OFF' })
  t.same(await bookings.free('general'), [])
  centre.apply(openCentre)
})

t.test('figures of a known history', async (t) => {
  await postgres.query('DELETE FROM callbacks')
  const begin = now
  const make = async (queue: string, promisedAt: number) =>
    (await store.create(wanted(begin, { queue, promisedAt }), begin)).callback
  /** Dialled at `at`; then answered and completed, or missed. */
  const attempt = async (id: string, contactId: string, at: number, answered: boolean) => {
    await store.move(id, { do: 'fall_due' }, at)
    await store.move(id, { do: 'queue', contactId, enqueuedAt: at }, at)
    await store.claim(contactId, { agentId: 'a01' }, at)
    if (answered) await store.answered(contactId, at)
    await store.endAttempt(contactId, answered ? 'answered' : 'no_answer', at)
    await store.move(
      id,
      answered ? { do: 'complete', outcome: 'reached' } : { do: 'miss', as: 'no_answer', dueAt: at },
      at,
    )
  }
  const [kept, late, rang, untried, , tax] = [
    await make('general', begin + 10 * MINUTE),
    await make('general', begin + 10 * MINUTE),
    await make('general', begin + 10 * MINUTE),
    await make('general', begin + 10 * MINUTE),
    await make('general', begin + 10 * HOUR),
    await make('tax', begin + 10 * MINUTE),
  ]
  await attempt(kept.id, 'f1', begin + 4 * MINUTE, true)
  await attempt(late.id, 'f2', begin + 12 * MINUTE, false)
  await attempt(late.id, 'f3', begin + 20 * MINUTE, true)
  await store.move(rang.id, { do: 'supersede', by: 'k1' }, begin + MINUTE)
  await attempt(tax.id, 'f4', begin + 8 * MINUTE, false)
  const figures = await one.figures.read({ from: begin, to: begin + 1, now: begin + HOUR })
  t.equal(figures.lines.length, 2)
  t.match(figures.lines[0], { kind: 'agent_promised', queue: 'general' })
  const { counts, ...rates } = figures.lines[0]!.figures
  t.match(counts, {
    requested: 5,
    superseded: 1,
    completed: 2,
    reached: 2,
    attempts: 3,
    attempted: 2,
    fallen: 3,
    onTime: 1,
  })
  t.same(rates.success, { value: 2 / 4, n: 2, base: 4 })
  t.same(rates.onTime, { value: 1 / 3, n: 1, base: 3 }, 'the untried one is late, the one of tonight is not yet')
  t.same(rates.timeToFirstMs, { value: 8 * MINUTE, n: 16 * MINUTE, base: 2 })
  t.match(figures.total.figures.counts, { requested: 6, attempts: 4, onTime: 2 })
  t.equal(
    (await one.figures.read({ from: begin, to: begin + 1, now: begin, queues: ['tax'] })).total.figures.counts
      .requested,
    1,
  )
  t.ok(untried)
})
