import t from 'tap'
import { createCitizensRepo } from '../../../src/context/citizens-repo.js'
import { createFlagsRepo } from '../../../src/context/flags-repo.js'
import { createCallerLookup, LOOK_UP_QUERY } from '../../../src/context/lookup.js'
import { createTicketsRepo } from '../../../src/context/tickets-repo.js'
import { createDatabase } from '../../helpers/postgres.js'
import { sealWritten, testSealing } from '../../helpers/sealing.js'

const database = await createDatabase()
t.teardown(() => database.drop())
const { postgres } = database
await postgres.query(
  `INSERT INTO users (id, name, role) VALUES ('a01', 'A', 'agent'), ('a02', 'B', 'agent'), ('s01', 'S', 'supervisor')`,
)
const NOW = Date.now()
const lookup = createCallerLookup(postgres, testSealing)
const brief = async (number: string | undefined, now: number) => (await lookup.lookUp(number, now)).brief
const context = async (number: string | undefined) => (await lookup.lookUp(number, NOW)).context
const citizens = createCitizensRepo(postgres, testSealing)
const MINUTE = 60_000

let made = 0
async function contact(
  caller: string,
  ago: number,
  values: { agent?: string; end?: string; queued?: boolean; open?: boolean },
): Promise<string> {
  const id = `c${++made}`
  const at = new Date(NOW - ago)
  await postgres.query(
    `INSERT INTO contacts (id, caller, agent_id, end_state, created_at, queued_at, connected_at, ended_at, disposition)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'informed')`,
    [
      id,
      caller,
      values.agent ?? null,
      values.end ?? null,
      at,
      values.queued === false ? null : at,
      values.agent ? at : null,
      values.open ? null : at,
    ],
  )
  await sealWritten(postgres)
  return id
}
const person = (phone: string, more: { vulnerable?: boolean; morePhones?: string[] } = {}) =>
  citizens.create({ name: '홍길동', phone, ...more }, 'a01')

t.test('nobody, and a withheld number', async (t) => {
  const nothing = {
    stickyAgent: undefined,
    keptApart: [],
    restricted: false,
    vulnerable: false,
    droppedRecently: false,
  }
  t.match(await brief(undefined, NOW), { keptApart: [], restricted: false })
  t.same(await brief('01000000000', NOW), nothing)
  t.same(await context(undefined), { tickets: [], contacts: [], flags: [] })
  t.match(await context('01000000000'), { citizen: undefined, tickets: [], contacts: [], flags: [] })
  t.same(await brief("'; DROP TABLE citizens; --", NOW), nothing)
})

t.test('sticky: the last agent within a day while a matter is open', async (t) => {
  const p = await person('01011110001')
  await contact('01011110001', 60 * MINUTE, { agent: 'a02' })
  await contact('01011110001', 30 * MINUTE, { agent: 'a01' })
  t.equal((await brief('01011110001', NOW)).stickyAgent, undefined, 'no open matter')
  const tickets = createTicketsRepo(postgres)
  const ticket = await tickets.create({ subject: 'x', citizenId: p.id }, 'a01')
  t.equal((await brief('01011110001', NOW)).stickyAgent, 'a01')
  t.equal((await brief('01011110001', NOW + 25 * 60 * MINUTE)).stickyAgent, undefined, 'a day later')
  await createFlagsRepo(postgres).create(p.id, { kind: 'keep_apart', agentId: 'a01' }, 's01')
  t.match(await brief('01011110001', NOW), { stickyAgent: undefined, keptApart: ['a01'] })
  await tickets.update(ticket.id, 1, { status: 'closed' }, 'a01')
  const unknown = await contact('01011110009', 5 * MINUTE, { agent: 'a02' })
  await tickets.create({ subject: 'y', contactId: unknown }, 'a02')
  t.equal(
    (await brief('01011110009', NOW)).stickyAgent,
    'a02',
    'a caller without a citizen row, by the ticket of the contact',
  )
})

t.test('dropped: the last contact left the queue or broke, within ten minutes', async (t) => {
  await contact('01011110002', 5 * MINUTE, { end: 'abandoned' })
  t.ok((await brief('01011110002', NOW)).droppedRecently)
  t.notOk((await brief('01011110002', NOW + 6 * MINUTE)).droppedRecently, 'eleven minutes later')
  await contact('01011110002', 2 * MINUTE, { end: 'completed', agent: 'a01' })
  t.notOk((await brief('01011110002', NOW)).droppedRecently, 'served since then')
  await contact('01011110003', MINUTE, { end: 'abandoned', queued: false })
  t.notOk((await brief('01011110003', NOW)).droppedRecently, 'hung up before the queue')
  await contact('01011110004', MINUTE, { end: 'failed' })
  t.ok((await brief('01011110004', NOW)).droppedRecently)
})

t.test('restricted and vulnerable, by person, further number and bare number', async (t) => {
  const p = await person('01011110005', { vulnerable: true, morePhones: ['01011110006'] })
  t.ok((await brief('01011110006', NOW)).vulnerable, 'the further number is the person too')
  await createFlagsRepo(postgres).create(
    p.id,
    { kind: 'restricted', until: new Date(NOW + 60 * MINUTE).toISOString() },
    's01',
  )
  t.ok((await brief('01011110006', NOW)).restricted)
  t.notOk((await brief('01011110006', NOW + 61 * MINUTE)).restricted, 'a restriction ends by itself')
  await postgres.query(`INSERT INTO citizen_flags (id, phone, kind, until, approved_by, created_by)
    VALUES (gen_random_uuid(), '01011110007', 'restricted', now() + interval '1 hour', 's01', 's01')`)
  await sealWritten(postgres)
  t.ok((await brief('01011110007', NOW)).restricted)
})

t.test('the look-up: person, open tickets, last five contacts without the present one, flags', async (t) => {
  const p = await person('01011110008')
  const tickets = createTicketsRepo(postgres)
  const late = await tickets.create(
    { subject: '나중', citizenId: p.id, dueAt: new Date(NOW + 2 * MINUTE).toISOString() },
    'a01',
  )
  const soon = await tickets.create(
    { subject: '먼저', citizenId: p.id, dueAt: new Date(NOW + MINUTE).toISOString() },
    'a01',
  )
  const done = await tickets.create({ subject: '끝', citizenId: p.id }, 'a01')
  await tickets.update(done.id, 1, { status: 'closed' }, 'a01')
  for (let i = 7; i > 0; i--) await contact('01011110008', i * MINUTE, { agent: 'a01', end: 'completed' })
  await contact('01011110008', 0, { open: true })
  await createFlagsRepo(postgres).create(p.id, { kind: 'interpreter', note: '베트남어' }, 's01')
  const found = await context('01011110008')
  t.match(found.citizen, { id: p.id, name: '홍길동', phone: '01011110008' })
  t.same(
    found.tickets.map(({ id }) => id),
    [soon.id, late.id],
  )
  t.equal(found.tickets[0]?.dueAt, new Date(NOW + MINUTE).toISOString())
  t.same(
    found.contacts.map(({ startedAt }) => NOW - Date.parse(startedAt)),
    [1, 2, 3, 4, 5].map((i) => i * MINUTE),
  )
  t.match(found.flags, [{ kind: 'interpreter', note: '베트남어' }])
})

t.test('with many rows every part of the query is a look-up in an index', async (t) => {
  await postgres.query(`INSERT INTO citizens (id, name, phone, more_phones, phone_index, more_phones_index, created_by)
    SELECT gen_random_uuid(), 'P' || n, 's1.x', ARRAY['s1.x'], md5('a' || n), ARRAY[md5('b' || n)], 't' FROM generate_series(50000, 80000) n`)
  await postgres.query(`INSERT INTO contacts (id, caller, caller_index, created_at, ended_at)
    SELECT 'm' || n, 's1.x', md5('a' || n / 2), now() - n * interval '1 second', now() FROM generate_series(100000, 150000) n`)
  await postgres.query(`INSERT INTO tickets (id, number, citizen_id, subject, created_by)
    SELECT gen_random_uuid(), 'X' || row_number() OVER (), id, 's', 't' FROM citizens LIMIT 20000`)
  await postgres.query(
    `INSERT INTO citizen_flags (id, citizen_id, kind, created_by) SELECT gen_random_uuid(), id, 'attention', 't' FROM citizens LIMIT 20000`,
  )
  await postgres.query(`INSERT INTO callbacks (id, kind, state, queue, number, number_index, caller_id, priority, requested_at, promised_at, first_promised_at,
      due_at, max_attempts, created_by)
    SELECT gen_random_uuid(), 'booked', 'scheduled', 'general', 's1.x', md5('a' || n), '0311200120', 50, now(), now(), now(), now(), 3, 't'
      FROM generate_series(50000, 80000) n`)
  await postgres.query('ANALYZE')
  const noScan = (rows: { 'QUERY PLAN': string }[], name: string) => {
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    t.notMatch(plan, /Seq Scan on (citizens|contacts|tickets|citizen_flags|callbacks)/, `${name}:\n${plan}`)
  }
  const values = ['01000060000', new Date(NOW), testSealing.index('01000060000')]
  noScan(
    (await postgres.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${LOOK_UP_QUERY}`, values)).rows,
    'planned for the values',
  )
  // The prepared statement may change to a generic plan after five uses; it must use the indexes too.
  await postgres.transaction(async (client) => {
    await client.query('SET LOCAL plan_cache_mode = force_generic_plan')
    await client.query(`PREPARE p (text, timestamptz, text) AS ${LOOK_UP_QUERY}`)
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE p('01000060000', now(), 'x')`)
    noScan(rows, 'generic')
  })
})

t.test('open call-backs of the number come with the look-up, in the same query', async (t) => {
  const number = '01011119999'
  const insert = (state: string, more: string, queue: string) =>
    postgres.query(
      `INSERT INTO callbacks (id, kind, state, queue, number, caller_id, priority, requested_at, promised_at, first_promised_at, due_at,
         enqueued_at, max_attempts, contact_id, agent_id, source_contact_id, created_by, ended_at)
       VALUES (gen_random_uuid(), 'virtual_hold', $1, $2, $3, '0311200120', 50, $4, $4, $4, $4, $4, 3, ${more}, 'c9', 'citizen',
         CASE WHEN $1 = 'completed' THEN $4::timestamptz END)`,
      [state, queue, number, new Date(NOW)],
    )
  t.equal((await brief(number, NOW)).callbacks, undefined)
  await insert('dialing', "'cb-1', 'a01'", 'tax')
  await insert('completed', "'cb-2', 'a01'", 'general')
  await sealWritten(postgres)
  const { callbacks } = await brief(number, NOW)
  t.match(callbacks, [
    {
      kind: 'virtual_hold',
      state: 'dialing',
      queue: 'tax',
      enqueuedAt: NOW,
      dueAt: NOW,
      contactId: 'cb-1',
      agentId: 'a01',
      sourceContactId: 'c9',
      attempts: 0,
    },
  ])
  t.equal(callbacks?.length, 1)
})
