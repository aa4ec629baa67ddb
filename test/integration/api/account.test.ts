import t from 'tap'
import { totpAt } from '../../../src/api/auth/totp.js'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse()
t.teardown(() => house.close())
const { postgres } = house.database
const signIn = (username: string, password: string, code?: string) =>
  house.request('POST', '/v1/auth/sign-in', { body: { username, password, ...(code !== undefined && { code }) } })
const step = () => Math.floor(Date.now() / 30_000)

t.test('a person changes the own password; the other sessions end', async (t) => {
  const here = await house.signedIn('a02')
  const there = await house.signedIn('a02')
  const change = (currentPassword: string, newPassword: string) =>
    house.request('PUT', '/v1/me/password', {
      token: here.session!.accessToken,
      body: { currentPassword, newPassword },
    })
  t.equal((await change('wrong one entirely', 'a fine new password')).body.code, 'CTI_ERR_PASSWORD_WRONG')
  for (const weak of ['short', 'has-a02-in-it!', 'qwertyuiop', 'password1234', PASSWORD]) {
    const answer = await change(PASSWORD, weak)
    t.equal(answer.body.code, 'CTI_ERR_PASSWORD_WEAK', weak)
    t.equal(answer.body.errors[0].pointer, '/newPassword')
  }
  t.equal((await change(PASSWORD, 'a fine new password')).status, 204)
  t.equal((await signIn('a02', PASSWORD)).status, 401)
  t.equal((await signIn('a02', 'a fine new password')).status, 200)
  t.equal((await here.me.get()).id, 'a02', 'the one that changed it goes on')
  await t.rejects(there.me.get(), { name: 'CtiSignedOut' })
})

t.test('sessions are listed and ended: the own ones, and everybody’s by an administrator', async (t) => {
  const [one, two] = [await house.signedIn('a03'), await house.signedIn('a03')]
  const { items } = await one.account.sessions()
  t.equal(items.length, 2)
  t.equal(items.filter(({ current }) => current).length, 1)
  t.match(items[0], { userId: 'a03', method: 'password', from: /127\.0\.0\.1/ })
  const other = items.find(({ current }) => !current)!
  const states: string[] = []
  const socket = two.events({ onState: (state) => void states.push(state) })
  t.teardown(() => socket.close())
  await until(() => states.includes('live'), { what: 'the other one has live events' })
  await one.account.endSession(other.id)
  await t.rejects(two.me.get(), { name: 'CtiSignedOut' }, 'also its access token')
  await until(() => states.includes('closed'), { what: 'its socket is closed' })
  await t.rejects(one.account.endSession(other.id), { code: 'CTI_ERR_SESSION_NOT_FOUND' })
  const stranger = await house.signedIn('a01')
  const mine = (await one.account.sessions()).items[0]!
  await t.rejects(stranger.account.endSession(mine.id), { code: 'CTI_ERR_SESSION_NOT_FOUND' })
  await t.rejects(stranger.sessions.list(), { code: 'CTI_ERR_FORBIDDEN' })
  const admin = await house.signedIn('m01')
  t.ok((await admin.sessions.list()).items.some(({ userId }) => userId === 'a01'))
  t.same(
    (await admin.sessions.list('a03')).items.map(({ id }) => id),
    [mine.id],
  )
  await admin.sessions.end(mine.id)
  await t.rejects(one.me.get(), { name: 'CtiSignedOut' })
  const made = await admin.apiKeys.create({ name: 'k', scopes: ['floor:read'] })
  const asKey = await house.request('GET', '/v1/me/sessions', { headers: { authorization: `ApiKey ${made.key}` } })
  t.equal(asKey.body.code, 'CTI_ERR_NOT_A_PERSON')
})

t.test('second factor: enrolled, confirmed, asked for, each code once; recovery codes', async (t) => {
  const client = await house.signedIn('a04')
  const { secret } = await client.account.enrolTotp()
  t.equal((await signIn('a04', PASSWORD)).status, 200, 'not asked for before it is confirmed')
  const { rows } = await postgres.query<{ secret: string }>('SELECT secret FROM user_totp')
  t.match(rows, [{ secret: /^s1\./ }])
  await t.rejects(client.account.confirmTotp('000000'), { code: 'CTI_ERR_TOTP_WRONG' })
  const first = totpAt(secret, step())
  const { recoveryCodes } = await client.account.confirmTotp(first)
  t.equal(recoveryCodes.length, 10)
  await t.rejects(client.account.enrolTotp(), { code: 'CTI_ERR_TOTP_ENROLLED' })
  t.equal((await signIn('a04', PASSWORD)).body.code, 'CTI_ERR_TOTP_REQUIRED')
  t.equal((await signIn('a04', 'wrong password', totpAt(secret, step()))).body.code, 'CTI_ERR_SIGN_IN_FAILED')
  t.equal((await signIn('a04', PASSWORD, first)).body.code, 'CTI_ERR_TOTP_WRONG', 'a code is used once')
  const next = totpAt(secret, step() + 1)
  const both = await Promise.all([signIn('a04', PASSWORD, next), signIn('a04', PASSWORD, next)])
  t.same(both.map(({ status }) => status).sort(), [200, 401], 'of two at once one is let in')
  t.equal((await signIn('a04', PASSWORD, recoveryCodes[0]!.toUpperCase())).status, 200)
  t.equal((await signIn('a04', PASSWORD, recoveryCodes[0]!)).body.code, 'CTI_ERR_TOTP_WRONG')
  t.notMatch(
    JSON.stringify((await postgres.query('SELECT * FROM user_recovery_codes')).rows),
    new RegExp(recoveryCodes[1]!),
  )
  await t.rejects(client.account.removeTotp('wrong'), { code: 'CTI_ERR_PASSWORD_WRONG' })
  await client.account.removeTotp(PASSWORD)
  t.equal((await signIn('a04', PASSWORD)).status, 200)
})

t.test('where the role needs one, nothing is allowed before it', async (t) => {
  house.setCentre((file) => {
    file.centre.totpRoles = ['supervisor']
  })
  const client = await house.signedIn('s01')
  t.match(client.session?.user, { mustEnrolTotp: true, permissions: [] })
  await t.rejects(client.agents.list(), { code: 'CTI_ERR_TOTP_ENROLMENT_REQUIRED' })
  await t.rejects(
    client.restore().then(() => client.agents.list()),
    { code: 'CTI_ERR_TOTP_ENROLMENT_REQUIRED' },
  )
  t.match(await client.account.totp(), { enrolled: false, required: true })
  const { secret } = await client.account.enrolTotp()
  await client.account.confirmTotp(totpAt(secret, step()))
  await client.restore()
  t.ok((await client.agents.list()).items.length > 0)
  house.setCentre((file) => {
    file.centre.totpRoles = []
  })
})

t.test('QA reads the record and no floor; an officer has the tickets of the own department', async (t) => {
  const [qa, officer, agent] = [await house.signedIn('q01'), await house.signedIn('o01'), await house.signedIn('a01')]
  house.setCentre((file) => {
    file.departments.push({ id: 'roads', label: { ko: '도로', en: 'Roads' } })
  })
  await qa.contacts.search()
  await qa.tickets.search()
  for (const work of [
    () => qa.agents.list(),
    () => qa.queues.list(),
    () => officer.agents.list(),
    () => officer.contacts.search(),
  ])
    await t.rejects(work() as Promise<unknown>, { code: 'CTI_ERR_FORBIDDEN' })
  await t.rejects(qa.tickets.create({ subject: 'x' }), { code: 'CTI_ERR_FORBIDDEN' })
  const [ours, theirs] = [
    await agent.tickets.create({ subject: '세금', department: 'tax-office' }),
    await agent.tickets.create({ subject: '도로', department: 'roads' }),
  ]
  t.same(
    (await officer.tickets.search()).items.map(({ id }) => id),
    [ours.id],
  )
  t.same((await officer.tickets.search({ department: 'roads' })).items, [])
  await t.rejects(officer.tickets.get(theirs.id), { code: 'CTI_ERR_TICKET_NOT_FOUND' })
  await t.rejects(officer.tickets.update(theirs.id, 1, { status: 'closed' }), { code: 'CTI_ERR_TICKET_NOT_FOUND' })
  await t.rejects(officer.tickets.update(ours.id, 1, { department: 'roads' }), { code: 'CTI_ERR_FORBIDDEN' })
  t.match(await officer.tickets.update(ours.id, 1, { status: 'in_progress' }), { status: 'in_progress' })
  t.match(await officer.tickets.create({ subject: '후속' }), { department: 'tax-office' })
  await t.rejects(officer.privacy.unmask({ subject: 'ticket', id: theirs.id, field: 'body', reason: '확인 요청' }), {
    code: 'CTI_ERR_TICKET_NOT_FOUND',
  })
})

t.test('a supervisor sees the teams and queues that the centre file says', async (t) => {
  house.setCentre((file) => {
    file.teams.push({ id: 'two', label: { ko: '2팀', en: 'Two' } })
    file.callbacks = { ...file.callbacks, agentPromised: { tries: 3, retryMinutes: [30] } }
    file.agents.find(({ id }) => id === 'a03')!.team = 'two'
    file.agents.push({
      id: 's02',
      name: '오세린',
      team: 'two',
      role: 'supervisor',
      device: '2099',
      skills: {},
      sees: { teams: ['two'], queues: ['water'] },
    })
  })
  await postgres.query(
    `INSERT INTO users (id, name, role, password_hash) SELECT 's02', '오세린', 'supervisor', password_hash FROM users WHERE id = 'm01'`,
  )
  await postgres.query(`INSERT INTO contacts (id, queue, agent_id, state, created_at) VALUES
    ('v1', 'tax', 'a01', 'completed', now()), ('v2', 'tax', 'a03', 'completed', now()), ('v3', 'water', 'a01', 'completed', now())`)
  const narrow = await house.signedIn('s02')
  t.same(
    (await narrow.agents.list()).items.map(({ id }) => id),
    ['a03', 's02'],
  )
  t.same(
    (await narrow.queues.list()).items.map(({ id }) => id),
    ['water'],
  )
  t.same((await narrow.contacts.search()).items.map(({ id }) => id).sort(), ['v2', 'v3'])
  await t.rejects(narrow.agents.get('a01'), { code: 'CTI_ERR_AGENT_NOT_FOUND' })
  await t.rejects(narrow.agents.setPresence('a01', { presence: 'offline' }), { code: 'CTI_ERR_AGENT_NOT_FOUND' })
  await t.rejects(narrow.queues.get('tax'), { code: 'CTI_ERR_QUEUE_NOT_FOUND' })
  await t.rejects(narrow.contacts.get('v1'), { code: 'CTI_ERR_CONTACT_NOT_FOUND' })
  await t.rejects(narrow.contacts.dispose('v1', { disposition: 'answered' }), { code: 'CTI_ERR_CONTACT_OTHER_AGENT' })
  await postgres.query(`INSERT INTO callbacks (id, kind, state, queue, number, owner_agent, caller_id, priority, requested_at, promised_at,
      first_promised_at, due_at, max_attempts, created_by)
    SELECT gen_random_uuid(), 'agent_promised', 'requested', queue, '01000000001', owner, '120', 50, now(), now(), now(), now(), 3, 'a01'
      FROM (VALUES ('tax', 'a01'), ('tax', 'a03'), ('water', 'a01')) AS c (queue, owner)`)
  await postgres.query(`INSERT INTO recordings (id, contact_id, node, queue, agent_id, state, started_at) VALUES
    ('r1', 'v1', 'pbx', 'tax', 'a01', 'stopped', now()), ('r2', 'v2', 'pbx', 'tax', 'a03', 'stopped', now()), ('r3', 'v3', 'pbx', 'water', 'a01', 'stopped', now())`)
  const promised = (await narrow.callbacks.search()).items
  t.same(promised.map(({ queue, ownerAgent }) => `${queue} ${ownerAgent}`).sort(), ['tax a03', 'water a01'])
  const other = (await (await house.signedIn('m01')).callbacks.search({ queue: 'tax', owner: 'a01' })).items[0]!
  await t.rejects(narrow.callbacks.get(other.id), { code: 'CTI_ERR_CALLBACK_NOT_FOUND' })
  const unmask = { subject: 'callback', id: other.id, field: 'number', reason: '번호 확인 요청' } as const
  await t.rejects(narrow.privacy.unmask(unmask), { code: 'CTI_ERR_CALLBACK_NOT_FOUND' })
  t.same((await narrow.recordings.search()).items.map(({ id }) => id).sort(), ['r2', 'r3'])
  await t.rejects(narrow.recordings.get('r1'), { code: 'CTI_ERR_RECORDING_NOT_FOUND' })
  await t.rejects(narrow.recordings.sound('r1'), { code: 'CTI_ERR_RECORDING_NOT_FOUND' })
  const admin = await house.signedIn('m01')
  for (const reason of [' ', '\u200b'])
    for (const [method, path, body] of [
      ['POST', 'download', { reason }],
      ['PUT', 'legal-hold', { reason, hold: true }],
    ] as const) {
      const ask = { token: admin.session!.accessToken, body }
      const answer = await house.request(method, `/v1/recordings/r1/${path}`, ask)
      t.equal(answer.body.code, 'CTI_ERR_VALIDATION', `${path}: a blank is no reason`)
    }
  const token = narrow.session!.accessToken
  const exported = (await house.request('GET', '/v1/callbacks/export.csv', { token })).body.split('\r\n')
  t.same(
    exported
      .slice(1, -1)
      .map((line: string) => line.split(',')[4])
      .sort(),
    ['tax', 'water'],
    'not tax a01’s',
  )
  // Open for the same number and queue, but not theirs: they learn that, and no more.
  const again = { kind: 'agent_promised', queue: 'tax', number: '010-9000-0001' } as const
  await (await house.signedIn('m01')).callbacks.create({ ...again, ownerAgent: 'a01' })
  await t.rejects(narrow.callbacks.create(again), { code: 'CTI_ERR_CONFLICT' })
  const events: string[] = []
  let agents: string[] = []
  const stream = narrow.events({
    onSnapshot: (frame: { agents: { id: string }[] }) => {
      agents = frame.agents.map(({ id }) => id)
    },
    onEvent: (event: { type: string; subject: string }) => events.push(event.subject),
  } as never)
  t.teardown(() => stream.close())
  await until(() => agents.length > 0, { what: 'the snapshot' })
  t.same(agents, ['a03', 's02'])
  await house.routing.setPresence('a01', 'available', undefined, Date.now())
  await house.routing.setPresence('a03', 'available', undefined, Date.now())
  await until(() => events.includes('agent:a03'), { what: 'the own team’s event' })
  t.notOk(events.includes('agent:a01'), 'the other team’s came before it and was not sent')
})

t.test('a narrowed supervisor reaches no live call and no welfare call of other teams', async (t) => {
  const narrow = await house.signedIn('s02')
  const token = narrow.session!.accessToken
  await house.free('a01')
  const [theirs, own] = [await house.call({ queue: 'tax' }), await house.call({ queue: 'water' })]
  t.equal(theirs.reservation?.agentId, 'a01', 'a call of tax at an agent of another team')
  for (const { contactId } of [theirs, own]) house.carry(contactId)
  const ask = async (method: string, path: string, body?: object) =>
    (await house.request(method, `/v1/contacts/${path}`, { token, body })).body?.code
  for (const [method, path, body] of [
    ['POST', 'supervision', { mode: 'listen' }],
    ['POST', 'supervision', { mode: 'barge' }],
    ['PATCH', 'supervision', { mode: 'whisper' }],
    ['GET', 'supervision'],
    ['GET', 'help'],
    ['POST', 'take-over', {}],
  ] as const)
    t.equal(await ask(method, `${theirs.contactId}/${path}`, body), 'CTI_ERR_CONTACT_NOT_FOUND', `${method} ${path}`)
  for (const [method, path, body] of [
    ['POST', 'pick-up', {}],
    ['POST', 'help/answer', {}],
    ['DELETE', 'help'],
  ] as const)
    t.equal(await ask(method, `${theirs.contactId}/${path}`, body), 'CTI_ERR_CONTACT_OTHER_AGENT', `${method} ${path}`)
  const say = async (to: object) =>
    (await house.request('POST', '/v1/messages', { token, body: { to, text: '안내' } })).body
  t.equal((await say({ agent: 'a01' })).code, 'CTI_ERR_AGENT_NOT_FOUND')
  t.equal((await say({ team: 'one' })).code, 'CTI_ERR_TEAM_NOT_FOUND')
  t.same((await say({ team: 'two' })).to, ['a03', 's02'])
  t.equal(
    await ask('DELETE', `${theirs.contactId}/supervision`),
    undefined,
    'one that was narrowed meanwhile can end it',
  )
  t.equal(await ask('POST', `${own.contactId}/supervision`, { mode: 'listen' }), undefined)
  t.equal(await ask('POST', `${own.contactId}/pick-up`, {}), undefined)

  const { id: reservationId, token: fence } = theirs.reservation!
  await house.routing.connectContact({ reservationId, token: fence }, Date.now())
  await house.routing.parkContact(theirs.contactId, Date.now())
  const [seen] = (await (await house.signedIn('m01')).calls.parked()).items
  t.match(seen, { contactId: theirs.contactId, agentId: 'a01', queue: 'tax', parkedAt: Number })
  t.same((await narrow.calls.parked()).items, [], 'parked by an agent of another team')

  const citizen = await (await house.signedIn('m01')).citizens.create({ name: '한서윤', phone: '010-9000-0002' })
  const welfare = { citizenId: citizen.id, days: ['mon' as const], atTime: '10:00', startsOn: '2027-03-01' }
  const all = (await house.signedIn('m01')).welfare
  const other = await all.create({ ...welfare, queue: 'tax', ownerAgent: 'a01' })
  const shown = [
    await all.create({ ...welfare, queue: 'water' }),
    await all.create({ ...welfare, queue: 'tax', ownerAgent: 'a03' }),
  ]
  t.same((await narrow.welfare.search()).items.map(({ id }) => id).sort(), shown.map(({ id }) => id).sort())
  const notFound = { code: 'CTI_ERR_WELFARE_NOT_FOUND' }
  await t.rejects(narrow.welfare.get(other.id), notFound)
  await t.rejects(narrow.welfare.update(other.id, other.version, { note: '바꿈' }), notFound)
  await t.rejects(narrow.welfare.pause(other.id, other.version, true), notFound)
  await t.rejects(narrow.welfare.remove(other.id, other.version), notFound)
})

t.test('a role that the centre file takes away is gone at once, whatever the token says', async (t) => {
  const client = await house.signedIn('m01')
  const token = client.session!.accessToken
  const role = (change: 'agent' | 'gone') =>
    house.setCentre((file) => {
      if (change === 'gone') file.agents = file.agents.filter(({ id }) => id !== 'm01')
      else file.agents.find(({ id }) => id === 'm01')!.role = change
    })
  const events: string[] = []
  let live = false
  const stream = client.events({
    onState: (state) => (live ||= state === 'live'),
    onEvent: ({ subject }) => void events.push(subject),
  })
  t.teardown(() => stream.close())
  await until(() => live, { what: 'the socket is live' })
  t.equal((await house.request('GET', '/v1/sessions', { token })).status, 200)
  role('agent')
  t.match(await house.request('GET', '/v1/sessions', { token }), { status: 403, body: { code: 'CTI_ERR_FORBIDDEN' } })
  t.match((await house.request('GET', '/v1/me', { token })).body, { role: 'agent' })
  role('gone')
  // a02: of the other agents this reader may have heard from before.
  t.equal((await house.request('GET', '/v1/agents', { token })).status, 403)
  await house.routing.setPresence('a02', 'break', 'rest', Date.now())
  const other = (await house.signedIn('a01')).events({
    onEvent: ({ subject }) => void (subject === 'agent:a02' && events.push('seen by another')),
  })
  t.teardown(() => other.close())
  await until(
    async () => {
      await house.routing.setPresence('a02', 'available', undefined, Date.now())
      await house.routing.setPresence('a02', 'break', 'rest', Date.now())
      return events.includes('seen by another')
    },
    { what: 'another reader sees the events' },
  )
  t.notOk(events.includes('agent:a02'), 'whoever is gone is told nothing of the floor')
})
