import t from 'tap'
import { keyOf } from '../../../src/platform/keys.js'
import { createSealing } from '../../../src/platform/sealing.js'
import { createAccessDrain } from '../../../src/privacy/access-drain.js'
import { verifyAccessLog } from '../../../src/privacy/access-table.js'
import { applyRetention } from '../../../src/privacy/retention.js'
import { countUnsealed, sealNumbers } from '../../../src/privacy/seal-numbers.js'
import { openApiHouse } from '../../helpers/api.js'
import { createDatabase } from '../../helpers/postgres.js'
import { TEST_KEYS, testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse()
t.teardown(() => house.close())
const { postgres } = house.database
const { redis, centre } = house.redis
const logKey = testSealing.derive('access log')
const silent = { warn: () => undefined, error: () => undefined }
const drain = createAccessDrain({ redis, postgres, centre, key: logKey, logger: silent })
const [agent, supervisor, admin] = [
  await house.signedIn('a01'),
  await house.signedIn('s01'),
  await house.signedIn('m01'),
]

interface Row {
  who: string
  action: string
  subject: string
  whose: string[]
  what: string[]
  reason: string | null
}
/** What the log got since the last look. */
let seen = 0
async function logged(): Promise<Row[]> {
  await drain.drain()
  const { rows } = await postgres.query<Row & { seq: number }>('SELECT * FROM access_log WHERE seq > $1 ORDER BY seq', [
    seen,
  ])
  seen = rows.at(-1)?.seq ?? seen
  return rows
}

t.test('numbers are sealed in the tables and found by number and by last four digits', async (t) => {
  const made = await agent.citizens.create({ name: '홍길동', phone: '010-0000-5678', morePhones: ['02-730-4321'] })
  t.match(made, { phone: '01000005678', morePhones: ['027304321'] })
  const { rows } = await postgres.query('SELECT * FROM citizens WHERE id = $1', [made.id])
  t.notMatch(JSON.stringify(rows), /01000005678|027304321|5678"|4321"/)
  for (const query of [
    { phone: '010 0000 5678' },
    { phone: '027304321' },
    { phoneLast4: '5678' },
    { phoneLast4: '4321' },
  ])
    t.same(
      (await agent.citizens.search(query)).items.map(({ id }) => id),
      [made.id],
      JSON.stringify(query),
    )
  t.same((await agent.citizens.search({ phoneLast4: '9999' })).items, [])
  const changed = await agent.citizens.update(made.id, 1, { phone: null })
  t.match(changed, { phone: undefined, morePhones: ['027304321'] })
  t.same((await agent.citizens.search({ phoneLast4: '5678' })).items, [])
  await postgres.query(
    `INSERT INTO contacts (id, caller, agent_id, queue, state, created_at, ended_at)
     VALUES ('sealed-1', '01000009876', 'a01', 'tax', 'completed', now(), now())`,
  )
  t.equal(await sealNumbers(postgres, testSealing), 1)
  for (const query of [{ caller: '010-0000-9876' }, { callerLast4: '9876' }])
    t.match((await agent.contacts.search(query)).items, [{ id: 'sealed-1', caller: '01000009876' }])
})

t.test('rows from before are sealed, cut off and begun again, and sealed anew by another key', async (t) => {
  const old = await createDatabase()
  t.teardown(() => old.drop())
  await old.postgres.query(`INSERT INTO citizens (id, name, phone, more_phones, created_by)
    SELECT gen_random_uuid(), 'P', '0100000' || lpad(n::text, 4, '0'), ARRAY['0310000' || lpad(n::text, 4, '0')], 't' FROM generate_series(1, 1200) n`)
  await old.postgres.query(
    `INSERT INTO contacts (id, caller, created_at) SELECT 'c' || n, '01011112222', now() FROM generate_series(1, 3) n`,
  )
  await old.postgres.query(`INSERT INTO users (id, name, role) VALUES ('s1', 'S', 'supervisor')`)
  await old.postgres.query(`INSERT INTO citizen_flags (id, phone, kind, until, approved_by, created_by)
    VALUES (gen_random_uuid(), '01033334444', 'restricted', now() + interval '1 hour', 's1', 's1')`)
  await old.postgres.query(`INSERT INTO callbacks (id, kind, state, queue, number, second_number, caller_id, priority, requested_at, promised_at,
      first_promised_at, due_at, max_attempts, created_by)
    VALUES (gen_random_uuid(), 'welfare', 'requested', 'tax', '01055556666', '0310005555', '120', 50, now(), now(), now(), now(), 3, 's1')`)
  await old.postgres.query(`INSERT INTO welfare_schedules (id, citizen_id, queue, number, days, at_time, starts_on, created_by)
    SELECT gen_random_uuid(), id, 'tax', '01055556666', ARRAY['mon'], '10:00', now(), 's1' FROM citizens LIMIT 1`)
  t.equal(await countUnsealed(old.postgres), 2407)
  let queries = 0
  const cut = {
    query: ((...args: Parameters<typeof old.postgres.query>) => {
      if (++queries > 300) throw new Error('the process dies here')
      return old.postgres.query(...args)
    }) as typeof old.postgres.query,
  }
  await t.rejects(sealNumbers(cut, testSealing), { message: 'the process dies here' })
  const left = await countUnsealed(old.postgres)
  t.ok(left > 0 && left < 2407, 'half of it is done')
  t.equal(await sealNumbers(old.postgres, testSealing), left, 'it goes on with the rest')
  t.equal(await sealNumbers(old.postgres, testSealing), 0)
  const plain = `SELECT (SELECT count(*) FROM citizens WHERE phone NOT LIKE 's1.%' OR more_phones[1] NOT LIKE 's1.%')
    + (SELECT count(*) FROM contacts WHERE caller NOT LIKE 's1.%') + (SELECT count(*) FROM citizen_flags WHERE phone NOT LIKE 's1.%')
    + (SELECT count(*) FROM callbacks WHERE number NOT LIKE 's1.%' OR second_number NOT LIKE 's1.%')
    + (SELECT count(*) FROM welfare_schedules WHERE number NOT LIKE 's1.%') AS n`
  t.same((await old.postgres.query(plain)).rows, [{ n: 0 }])
  const next = createSealing({
    dataKey: '77'.repeat(32),
    oldDataKeys: [TEST_KEYS.CTI_DATA_KEY],
    indexKey: TEST_KEYS.CTI_INDEX_KEY,
  })
  await old.postgres.query(`INSERT INTO user_totp (user_id, secret) VALUES ('s1', $1)`, [
    testSealing.seal('JBSWY3DP', 'totp'),
  ])
  t.equal(await sealNumbers(old.postgres, next), 2408, 'the second factor, too')
  t.equal(await sealNumbers(old.postgres, next), 0)
  const alone = createSealing({ dataKey: '77'.repeat(32), indexKey: TEST_KEYS.CTI_INDEX_KEY })
  const { rows } = await old.postgres.query<{ phone: string }>('SELECT phone FROM citizens WHERE phone_index = $1', [
    alone.index('01000000007'),
  ])
  t.same(
    rows.map(({ phone }) => alone.open(phone)),
    ['01000000007'],
    'the old key may go',
  )
  const factor = (await old.postgres.query<{ secret: string }>('SELECT secret FROM user_totp')).rows[0]
  t.equal(alone.open(factor?.secret ?? '', 'totp'), 'JBSWY3DP')
})

t.test('every sight of a person in full, and every search, is in the log; masked ones are not', async (t) => {
  const { id } = await agent.citizens.create({ name: '성춘향', phone: '01000001111' })
  const ticket = await agent.tickets.create({ subject: '가로등', citizenId: id })
  await logged()
  await supervisor.citizens.get(id)
  await supervisor.citizens.search({ phone: '01000001111' })
  await supervisor.tickets.get(ticket.id)
  await supervisor.contacts.get('sealed-1')
  t.match(await logged(), [
    {
      who: 'user:s01',
      action: 'read',
      subject: 'citizen',
      whose: [`citizen:${id}`],
      what: ['name', 'phone', 'morePhones', 'notes'],
    },
    { action: 'search', subject: 'citizen', whose: [`citizen:${id}`], what: ['phone'] },
    { action: 'read', subject: 'ticket', whose: [`citizen:${id}`] },
    { action: 'read', subject: 'contact', whose: ['contact:sealed-1'] },
  ])
  house.setCentre((file) => {
    file.centre.unmaskedRoles = []
  })
  t.match(await agent.citizens.get(id), { name: '성*향' })
  t.same(await logged(), [], 'who saw masks has seen nobody')
  await agent.citizens.search({ name: '성' })
  t.match(await logged(), [{ action: 'search', what: ['name'] }])
  const all = JSON.stringify((await postgres.query('SELECT * FROM access_log')).rows)
  t.notMatch(all, /01000001111|성춘향|홍길동/, 'the log itself names nobody')
})

t.test('unmask: one field, with a reason, written down before it is shown', async (t) => {
  const { id } = await agent.citizens.create({ name: '이몽룡', phone: '01000002222' })
  await logged()
  const shown = await agent.privacy.unmask({ subject: 'citizen', id, field: 'phone', reason: '본인 확인 요청' })
  t.match(shown, { field: 'phone', values: ['01000002222'] })
  t.ok(shown.showUntil > Date.now() && shown.showUntil < Date.now() + 120_000)
  t.match(await logged(), [
    { who: 'user:a01', action: 'unmask', whose: [`citizen:${id}`], what: ['phone'], reason: '본인 확인 요청' },
  ])
  t.match(await agent.privacy.unmask({ subject: 'contact', id: 'sealed-1', field: 'caller', reason: '되걸기 확인' }), {
    values: ['01000009876'],
  })
  await logged()
  const { token } = { token: agent.session!.accessToken }
  const ask = (body: object) => house.request('POST', '/v1/unmask', { token, body })
  t.equal((await ask({ subject: 'citizen', id, field: 'phone' })).body.code, 'CTI_ERR_VALIDATION', 'no reason')
  for (const reason of ['     ', '.....', '\u200b'.repeat(5), '\u3000'.repeat(5)])
    t.equal(
      (await ask({ subject: 'citizen', id, field: 'phone', reason })).body.code,
      'CTI_ERR_VALIDATION',
      'says nothing',
    )
  t.equal((await ask({ subject: 'citizen', id, field: 'body', reason: '이유 있음' })).body.code, 'CTI_ERR_VALIDATION')
  t.equal(
    (await ask({ subject: 'ticket', id, field: 'body', reason: '이유 있음' })).body.code,
    'CTI_ERR_TICKET_NOT_FOUND',
  )
  const refused = await ask({ subject: 'citizen', id, field: 'name', reason: '주민 900101-1234567' })
  t.equal(refused.body.code, 'CTI_ERR_PERSONAL_NUMBER_REFUSED', 'a reason is a free text, too')
  t.same(await logged(), [], 'what was refused has shown nobody')
  const key = 'unmask-never-kept-1'
  await house.request('POST', '/v1/unmask', {
    token,
    body: { subject: 'citizen', id, field: 'phone', reason: '다시 확인' },
    headers: { 'idempotency-key': key },
  })
  const kept = await redis.keys(`${keyOf(centre, 'idempotency')}*`)
  for (const name of kept) t.notMatch(await redis.get(name), /01000002222/, 'the answer is kept nowhere')
  const viewer = await house.signedIn('v01')
  await t.rejects(viewer.privacy.unmask({ subject: 'citizen', id, field: 'name', reason: '그냥 궁금해서' }), {
    code: 'CTI_ERR_FORBIDDEN',
  })
  const officer = await house.signedIn('o01')
  await t.rejects(officer.privacy.unmask({ subject: 'citizen', id, field: 'name', reason: '그냥 궁금해서' }), {
    code: 'CTI_ERR_FORBIDDEN',
  })
})

t.test('the log: in the record once whatever goes away, and nobody changes it', async (t) => {
  await logged()
  const before = (await verifyAccessLog(postgres, logKey)).head
  t.ok(before.seq > 5)
  await house.postgresGate.shut()
  const { token } = { token: supervisor.session!.accessToken }
  t.equal((await house.request('GET', '/v1/citizens?name=x', { token })).status, 503)
  await house.postgresGate.open()
  await until(async () => (await house.request('GET', '/v1/citizens?name=x', { token })).status === 200, {
    what: 'the record is back',
  })
  const stream = keyOf(centre, 'accessLog')
  t.ok((await redis.xlen(stream)) >= 1, 'it waits in Redis')
  const waiting = (await redis.xrange(stream, '-', '+')) as [string, string[]][]
  const taken = await Promise.all([drain.drain(), drain.drain()])
  t.ok(Math.max(...taken) >= 1)
  for (const [, fields] of waiting) await redis.xadd(stream, '*', ...fields)
  await drain.drain()
  const verdict = await verifyAccessLog(postgres, logKey, before)
  t.match(verdict, { broken: undefined, anchorLost: undefined })
  t.equal(verdict.head.seq, before.seq + waiting.length, 'an entry that comes twice is there once')

  for (const sql of ['UPDATE access_log SET who = $1', 'DELETE FROM access_log WHERE who <> $1'])
    await t.rejects(postgres.query(sql, ['user:nobody']), { code: 'CTI_ERR_DATABASE_FAILED' })
  await t.rejects(postgres.query('TRUNCATE access_log'), { code: 'CTI_ERR_DATABASE_FAILED' })
  t.equal((await verifyAccessLog(postgres, logKey)).broken, undefined)
  // Who owns the database can switch the trigger off, but has not got the key.
  const asOwner = (sql: string) =>
    postgres.transaction(async (client) => {
      await client.query('ALTER TABLE access_log DISABLE TRIGGER access_log_append_only')
      await client.query(sql)
      await client.query('ALTER TABLE access_log ENABLE TRIGGER access_log_append_only')
    })
  await asOwner(`DELETE FROM access_log WHERE seq = ${verdict.head.seq}`)
  t.match(await verifyAccessLog(postgres, logKey), { broken: undefined }, 'a cut at the end shows')
  t.match(
    await verifyAccessLog(postgres, logKey, verdict.head),
    { anchorLost: true },
    'by a head that was kept elsewhere',
  )
  await asOwner(`UPDATE access_log SET whose = '{}' WHERE seq = 3`)
  t.match(await verifyAccessLog(postgres, logKey), { broken: { seq: 3, what: 'changed' } })
})

t.test('a person is deleted; the record stays without them', async (t) => {
  const { id } = await agent.citizens.create({ name: '변학도', phone: '01000003333', morePhones: ['01000004444'] })
  const other = await agent.citizens.create({ name: '향단', phone: '01000004444' })
  const ticket = await agent.tickets.create({ subject: '소음 민원', body: '변학도 010-0000-3333', citizenId: id })
  await postgres.query(
    `INSERT INTO contacts (id, caller, citizen_id, notes, queue, state, end_state, wait_ms, created_at, ended_at) VALUES
      ('f1', '01000003333', $1, '변학도 님', 'tax', 'completed', 'completed', 900, now(), now()),
      ('f2', '01000003333', NULL, 'x', 'tax', 'completed', 'completed', 900, now(), now()),
      ('f3', '01000004444', NULL, 'y', 'tax', 'completed', 'completed', 900, now(), now())`,
    [id],
  )
  await postgres.query(
    `INSERT INTO callbacks (id, kind, state, queue, number, caller_id, citizen_id, reason, priority, requested_at, promised_at, first_promised_at,
       due_at, max_attempts, ended_at, created_by)
     VALUES (gen_random_uuid(), 'booked', 'completed', 'tax', '01000003333', '120', $1, '변학도', 50, now(), now(), now(), now(), 3, now(), 'a01'),
            (gen_random_uuid(), 'booked', 'scheduled', 'tax', '01000003333', '120', $1, 'z', 50, now(), now(), now(), now(), 3, NULL, 'a01')`,
    [id],
  )
  await sealNumbers(postgres, testSealing)
  await t.rejects(supervisor.privacy.forgetCitizen(id, '본인 삭제 요청'), { code: 'CTI_ERR_FORBIDDEN' })
  await t.rejects(admin.privacy.forgetCitizen(id, '본인 삭제 요청'), { code: 'CTI_ERR_CITIZEN_EXPECTS_CALL' })
  t.equal((await supervisor.citizens.get(id)).id, id, 'nothing was changed')
  await postgres.query(
    `UPDATE callbacks SET state = 'cancelled', ended_at = now() WHERE citizen_id = $1 AND ended_at IS NULL`,
    [id],
  )
  await logged()
  t.same(await admin.privacy.forgetCitizen(id, '본인 삭제 요청'), { contacts: 2, tickets: 1, callbacks: 2 })
  t.match(await logged(), [{ who: 'user:m01', action: 'forget', whose: [`citizen:${id}`], reason: '본인 삭제 요청' }])
  await t.rejects(admin.privacy.forgetCitizen(id, '본인 삭제 요청'), { code: 'CTI_ERR_CITIZEN_NOT_FOUND' })
  const { rows } = await postgres.query(
    `SELECT id, caller, citizen_id, notes, wait_ms FROM contacts WHERE id LIKE 'f_' ORDER BY id`,
  )
  t.match(rows, [
    { caller: null, citizen_id: null, notes: null, wait_ms: 900 },
    { caller: null, notes: null },
    { id: 'f3', caller: /^s1/, notes: 'y' },
  ])
  t.match(await supervisor.tickets.get(ticket.id), { subject: '(삭제됨)', citizenId: undefined })
  const left = await postgres.query(
    `SELECT (SELECT count(*) FROM callbacks WHERE number <> '000' OR number_index IS NOT NULL OR reason = '변학도') AS calls,
            (SELECT count(*) FROM tickets WHERE body LIKE '%변학도%') AS tickets`,
  )
  t.same(left.rows, [{ calls: 0, tickets: 0 }])
  t.equal((await supervisor.citizens.get(other.id)).id, other.id)
})

t.test('retention: what names a person goes after its time, figures stay; without periods nothing goes', async (t) => {
  const days = (n: number) => new Date(Date.now() - n * 86_400_000)
  const old = await agent.citizens.create({ name: '오래된이', phone: '01000007777' })
  const recent = await agent.citizens.create({ name: '요즘이', phone: '01000008888' })
  await postgres.query('UPDATE citizens SET updated_at = $2 WHERE id = ANY($1)', [[old.id, recent.id], days(500)])
  await postgres.query(
    `INSERT INTO contacts (id, caller, citizen_id, notes, state, talk_ms, created_at, ended_at) VALUES
      ('r1', '01000007777', $1, '메모', 'completed', 5000, $3, $3), ('r2', '01000008888', $2, '메모', 'completed', 5000, $4, $4)`,
    [old.id, recent.id, days(400), days(10)],
  )
  await sealNumbers(postgres, testSealing)
  t.same(await applyRetention(postgres, {}, Date.now()), { contacts: 0, tickets: 0, callbacks: 0, citizens: 0 })
  const done = await applyRetention(
    postgres,
    { retention: { contactDays: 365, ticketDays: 365, citizenDays: 365 } },
    Date.now(),
  )
  t.match(done, { contacts: 1, citizens: 1 })
  t.match(
    (await postgres.query(`SELECT id, caller, notes, talk_ms FROM contacts WHERE id IN ('r1', 'r2') ORDER BY id`)).rows,
    [
      { caller: null, notes: null, talk_ms: 5000 },
      { caller: /^s1/, notes: '메모' },
    ],
  )
  t.same((await postgres.query('SELECT id FROM citizens WHERE id = ANY($1)', [[old.id, recent.id]])).rows, [
    { id: recent.id },
  ])
  t.match(await applyRetention(postgres, { retention: { contactDays: 365, citizenDays: 365 } }, Date.now()), {
    contacts: 0,
    citizens: 0,
  })
})
